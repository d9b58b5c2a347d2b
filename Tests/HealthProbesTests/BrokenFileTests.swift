import ClusterHealth
import HealthProbes
import Testing

/// Files that are cut off, garbage, huge or missing fail their probe with an error that names the file; nothing traps, and the other
/// probes go on.
@Suite struct BrokenFileTests {
    /// Each probe's file, what is in it, and what its error must say.
    static let broken: [(probe: String, file: String, text: String, says: String)] = [
        ("cpu", "stat", "", "a line \"cpu\", found nothing"),
        ("cpu", "stat", "cpu0 1 2 3 4\nbtime 1\n", "a line \"cpu\""),
        ("cpu", "stat", "cpu  1 2 3\n", "at least 4 numbers"),
        ("cpu", "stat", "cpu  1 2 x 4\n", "found \"x\""),
        ("cpu", "stat", "cpu  1 2 -3 4\n", "found \"-3\""),
        ("cpu", "stat", "cpu  99999999999999999999999 2 3 4\n", "found \"99999999999999999999999\""),
        ("cpu", "stat", "cpu", "a line \"cpu\""),
        ("boot_time", "stat", "cpu 1 2 3 4\n", "a line \"btime\""),
        ("boot_time", "stat", "btime \n", "seconds since 1970"),
        ("boot_time", "stat", "btime 18446744073709551615\n", "seconds since 1970"),
        ("load", "loadavg", "", "a load such as 0.42, found nothing"),
        ("load", "loadavg", "nan 1 1", "found \"nan 1 1\""),
        ("load", "loadavg", "1", "a load such as 0.42"),
        ("load", "loadavg", "0.", "a load such as 0.42"),
        ("load", "loadavg", "18446744073709551615.00 1 1", "a load such as 0.42"),
        ("memory", "meminfo", "MemTotal: 12 kB\n", "a line \"MemAvailable:\""),
        ("memory", "meminfo", "MemTotal: 12\nMemAvailable: 1 kB\n", "a number of kB"),
        ("memory", "meminfo", "MemTotal: 18446744073709551615 kB\nMemAvailable: 1 kB\n", "a number of kB"),
        ("memory", "meminfo", "\u{0}\u{1}\u{7F}", "found \"???\""),
        ("filesystem", "self/mountinfo", "", "a mount point above /"),
        ("filesystem", "self/mountinfo", "22 1 0:21 /\n", "a mount point as fifth field"),
        ("filesystem", "self/mountinfo", "22 1 0:21 / relative rw\n", "a mount point as fifth field"),
    ]

    @Test(arguments: broken.indices)
    func `A file that does not say what it should fails its probe by name`(position: Int) async throws {
        let broken = BrokenFileTests.broken[position]
        let proc = try ProcFolder()
        try proc.write(broken.file, broken.text)
        try await expectFailure(of: broken.probe, saying: broken.says, file: broken.file, proc)
    }

    @Test(arguments: [("cpu", "stat"), ("boot_time", "stat"), ("load", "loadavg"), ("memory", "meminfo"), ("filesystem", "self/mountinfo")])
    func `A missing or huge file fails its probe by name`(probe: String, file: String) async throws {
        let proc = try ProcFolder()
        try proc.remove(file)
        try await expectFailure(of: probe, saying: "No such file or directory", file: file, proc)
        try proc.write(file, [UInt8](repeating: UInt8(ascii: "9"), count: 5 << 20))
        try await expectFailure(of: probe, saying: "larger than 4194304 bytes", file: file, proc)
    }

    @Test func `An error repeats no more than a line's worth of a file`() async throws {
        let proc = try ProcFolder()
        try proc.write("loadavg", String(repeating: "z", count: 100_000))
        let round = await ProbeRunner(folder: "/", procRoot: proc.path).measure()
        let error = try #require(round.results.first { $0.name == "load" }?.error)
        #expect(error.utf8.count < proc.path.utf8.count + 200)
    }

    @Test func `Random bytes never trap`() async throws {
        let proc = try ProcFolder()
        var random = SplitMix(state: 42)
        for _ in 0..<200 {
            for file in ["stat", "loadavg", "meminfo", "self/mountinfo", "self/stat", "self/limits"] {
                try proc.write(file, random.mutilated(file))
            }
            let round = await ProbeRunner(folder: "/", procRoot: proc.path).measure()
            #expect(round.results.allSatisfy { $0.success == ($0.error == nil) })
            #expect(round.resources.cpuUsageMillionths == nil)
            _ = ProcessMetrics.measure(procRoot: proc.path)
        }
    }

    private func expectFailure(of probe: String, saying words: String, file: String, _ proc: ProcFolder) async throws {
        let round = await ProbeRunner(folder: "/", procRoot: proc.path).measure()
        let result = try #require(round.results.first { $0.name == probe })
        #expect(!result.success)
        let error = try #require(result.error)
        #expect(error.hasPrefix(proc.path + "/" + file + ": ") && error.contains(words), "\(error)")
        #expect(!error.contains("\n"))
        for other in round.results where !other.success { #expect(other.error?.contains("/" + file) == true) }
    }
}

/// A small generator with a fixed seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text that looks like the file's, with bytes replaced, or cut off.
    mutating func mutilated(_ file: String) -> [UInt8] {
        let good: [String: String] = [
            "stat": "cpu  100 20 30 800 50 0 0 0\nbtime 1700000000\n", "loadavg": "0.35 0.29 0.16 1/94 8060\n",
            "meminfo": "MemTotal: 2000 kB\nMemAvailable: 1500 kB\n", "self/mountinfo": "22 1 0:21 / /a\\040b rw - ext4 /dev/sda rw\n",
            "self/stat": "77 (a) S 1 77 77 0 -1 4194560 1 0 0 0 250 150 0 0 20 0 9 0 1234 1048576 256 1 1 1\n",
            "self/limits": "Max open files   1024    4096   files\n",
        ]
        var bytes = Array((good[file] ?? "").utf8)
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            bytes[Int.random(in: bytes.indices, using: &self)] = UInt8.random(in: .min ... .max, using: &self)
        }
        if Bool.random(using: &self) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &self)) }
        return bytes
    }
}
