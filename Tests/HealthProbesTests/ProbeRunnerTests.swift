import ClusterHealth
import Foundation
import HealthProbes
import Testing

@Suite struct ProbeRunnerTests {
    @Test func `A healthy machine's numbers are measured, each with success and duration`() async throws {
        let proc = try ProcFolder()
        let runner = ProbeRunner(folder: "/", procRoot: proc.path)
        let first = await runner.measure()
        #expect(first.results.map(\.name) == ProbeRunner.probeNames)
        #expect(first.results.allSatisfy { $0.success && $0.error == nil && $0.duration > .zero && $0.duration < .seconds(2) })
        #expect(first.resources.load1Thousandths == 350)
        #expect(first.resources.memoryTotalBytes == 2_000 * 1_024)
        #expect(first.resources.memoryAvailableBytes == 1_500 * 1_024)
        #expect(first.resources.bootTime == WallTime(milliseconds: 1_700_000_000_000))
        let filesystem = try #require(first.resources.filesystems.first)
        #expect(filesystem.mountpoint == "/")
        #expect(filesystem.sizeBytes > 0 && filesystem.availableBytes <= filesystem.sizeBytes)
    }

    @Test func `This machine's own files are understood`() async {
        let round = await ProbeRunner(folder: NSTemporaryDirectory()).measure()
        #expect(round.results.filter { !$0.success } == [])
        #expect(round.resources.memoryTotalBytes ?? 0 >= round.resources.memoryAvailableBytes ?? .max)
        #expect(round.resources.bootTime.map { $0.milliseconds > 1_000_000_000_000 } == true)
    }

    @Test func `The processors' usage is that between two rounds, and absent in the first`() async throws {
        let proc = try ProcFolder()
        let runner = ProbeRunner(folder: "/", procRoot: proc.path)
        #expect(await runner.measure().resources.cpuUsageMillionths == nil)
        // 10 ticks each of user, system, interrupts and stolen time; 40 of idle and 20 of waiting for disks.
        try proc.write("stat", "cpu  110 20 40 840 70 10 0 10 0 0\nbtime 1700000000\n")
        let second = await runner.measure()
        #expect(second.resources.cpuUsageMillionths == 400_000)
        #expect(second.results.first?.success == true)
        let third = await runner.measure()
        #expect(third.resources.cpuUsageMillionths == nil, "no tick has passed")
        #expect(third.results.first?.success == true)
    }

    @Test(
        arguments: [
            // Idle and disk-wait counters fall by a little on real machines.
            ("cpu  200 20 30 700 40 0 0 0 0 0", 1_000_000), ("cpu  100 20 30 900 50 0 0 0 0 0", 0),
            ("cpu  18446744073709551615 18446744073709551615 0 18446744073709551615 0 0 0 0", 999_999),
            ("cpu  1 1 1 1", nil),
        ] as [(String, UInt32?)])
    func `A share is within 0 and 1 whatever the counters do`(line: String, expected: UInt32?) async throws {
        let proc = try ProcFolder()
        let runner = ProbeRunner(folder: "/", procRoot: proc.path)
        _ = await runner.measure()
        try proc.write("stat", line + "\nbtime 1700000000\n")
        #expect(await runner.measure().resources.cpuUsageMillionths == expected)
    }

    @Test func `A folder that is not there fails its probe by name`() async throws {
        let proc = try ProcFolder()
        let round = await ProbeRunner(folder: "/no/such/folder", procRoot: proc.path).measure()
        let result = try #require(round.results.last)
        #expect(!result.success)
        #expect(result.error == "realpath(/no/such/folder): No such file or directory")
        #expect(round.resources.filesystems == [])
        #expect(round.results.dropLast().allSatisfy { $0.success })
    }

    @Test func `The mount point is the longest above the folder, escapes undone`() async throws {
        let proc = try ProcFolder()
        let odd = proc.path + "/odd name"
        try FileManager.default.createDirectory(atPath: odd + "/data", withIntermediateDirectories: true)
        let escaped = odd.replacing(" ", with: "\\040")
        try proc.write(
            "self/mountinfo",
            """
            22 1 0:21 / / rw - ext4 /dev/sda rw
            23 1 0:22 / \(escaped) rw - ext4 /dev/sdb rw
            24 1 0:23 / \(escaped)/dat rw - ext4 /dev/sdc rw
            """)
        let round = await ProbeRunner(folder: odd + "/data/../data", procRoot: proc.path).measure()
        #expect(round.resources.filesystems.map(\.mountpoint) == [odd])
    }
}
