import ClusterHealth
import HealthProbes
import Testing

@Suite struct ProcessMetricsTests {
    @Test func `The numbers of a process are read from its files, its name however odd`() throws {
        let proc = try ProcFolder()
        let metrics = ProcessMetrics.measure(procRoot: proc.path)
        #expect(metrics.problems == [])
        #expect(metrics.cpuTime == .seconds(4))
        #expect(metrics.threads == 9)
        #expect(metrics.virtualBytes == 1_048_576)
        #expect(metrics.residentBytes == 256 * 4_096)
        #expect(metrics.startTime == WallTime(milliseconds: 1_700_000_012_340))
        #expect(metrics.openFileDescriptors == 2, "3 entries, less the one that counting opens")
        #expect(metrics.maximumFileDescriptors == 1_024)
    }

    @Test func `This process's own files are understood`() {
        let metrics = ProcessMetrics.measure()
        #expect(metrics.problems == [])
        #expect(metrics.threads ?? 0 >= 1)
        #expect(metrics.residentBytes ?? 0 > 1_000_000)
        #expect(metrics.virtualBytes ?? 0 > metrics.residentBytes ?? .max)
        #expect(metrics.openFileDescriptors ?? 0 >= 3)
        #expect(metrics.startTime.map { $0.milliseconds > 1_600_000_000_000 } == true)
    }

    @Test func `No limit on open files is not a limit of zero`() throws {
        let proc = try ProcFolder()
        try proc.write("self/limits", "Max open files            unlimited            unlimited            files\n")
        let metrics = ProcessMetrics.measure(procRoot: proc.path)
        #expect(metrics.maximumFileDescriptors == nil)
        #expect(metrics.problems == [])
    }

    @Test(arguments: [
        ("self/stat", "77 no name"), ("self/stat", "77 (a) S 1 2 3"),
        ("self/stat", "77 (a) S 1 77 77 0 -1 1 1 0 0 0 x 150 0 0 20 0 9 0 1234 1048576 256 1"),
        ("self/stat", "77 (a) S 1 77 77 0 -1 1 1 0 0 0 250 150 0 0 20 0 9 0 18446744073709551615 1048576 256 1"),
        ("self/limits", "nothing"), ("self/limits", "Max open files            many  1"),
    ])
    func `A broken file leaves its numbers unknown and is named`(file: String, text: String) throws {
        let proc = try ProcFolder()
        try proc.write(file, text)
        let metrics = ProcessMetrics.measure(procRoot: proc.path)
        #expect(metrics.problems.count == 1 && metrics.problems.allSatisfy { $0.contains(proc.path + "/" + file) }, "\(metrics.problems)")
        if file == "self/stat" { #expect(metrics.cpuTime == nil && metrics.residentBytes == nil && metrics.startTime == nil) }
        if file == "self/limits" { #expect(metrics.maximumFileDescriptors == nil && metrics.cpuTime != nil) }
    }
}
