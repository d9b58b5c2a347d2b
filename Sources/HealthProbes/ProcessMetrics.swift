public import ClusterHealth
import Glibc

/// This process's numbers for the standard `process_*` metrics. What could not be read is nil.
public struct ProcessMetrics: Equatable, Sendable {
    /// Processor time in user and system mode since the process started.
    public var cpuTime: Duration?
    public var residentBytes: UInt64?
    public var virtualBytes: UInt64?
    public var openFileDescriptors: UInt64?
    /// The soft limit; nil also when there is none.
    public var maximumFileDescriptors: UInt64?
    public var startTime: WallTime?
    public var threads: UInt64?
    /// Why something is nil, one line each naming the file.
    public var problems: [String] = []

    /// Nothing known.
    public init() {}

    /// Reads this process's files. Takes some tens of microseconds.
    ///
    /// - Parameter procRoot: Where the kernel's files are mounted.
    public static func measure(procRoot: String = "/proc") -> ProcessMetrics {
        var metrics = ProcessMetrics()
        metrics.attempt { metrics throws(ProbeError) in
            let times = try ProcSelfStat(procRoot: procRoot)
            metrics.cpuTime = times.cpuTime
            metrics.residentBytes = times.residentBytes
            metrics.virtualBytes = times.virtualBytes
            metrics.threads = times.threads
            let boot = try ProcStat.bootTime(try ProcFile(procRoot + "/stat"))
            metrics.startTime = WallTime(milliseconds: boot.milliseconds + times.startedAfterBootMilliseconds)
        }
        metrics.attempt { metrics throws(ProbeError) in
            metrics.openFileDescriptors = try openDescriptors(folder: procRoot + "/self/fd")
        }
        metrics.attempt { metrics throws(ProbeError) in
            metrics.maximumFileDescriptors = try descriptorLimit(procRoot: procRoot)
        }
        return metrics
    }

    private mutating func attempt(_ step: (inout ProcessMetrics) throws(ProbeError) -> Void) {
        do throws(ProbeError) { try step(&self) } catch { problems.append(error.description) }
    }

    /// Counts the entries, less the one that the counting itself opens.
    private static func openDescriptors(folder: String) throws(ProbeError) -> UInt64 {
        guard let directory = unsafe opendir(folder) else { throw .unreadable(file: folder, reason: systemMessage(errno)) }
        defer { unsafe closedir(directory) }
        var count: UInt64 = 0
        while let entry = unsafe readdir(directory) {
            if unsafe entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
        }
        return count > 0 ? count - 1 : 0
    }

    private static func descriptorLimit(procRoot: String) throws(ProbeError) -> UInt64? {
        let file = try ProcFile(procRoot + "/self/limits")
        let rest = try file.line(startingWith: "Max open files")
        guard let soft = fields(rest).first else { throw .malformed(file.path, expected: "a limit after \"Max open files\"", found: rest) }
        return soft.elementsEqual("unlimited".utf8) ? nil : try file.number(soft, "\"Max open files\"")
    }
}

/// What `/proc/self/stat` says.
struct ProcSelfStat {
    let cpuTime: Duration
    let threads: UInt64
    let startedAfterBootMilliseconds: Int64
    let virtualBytes: UInt64
    let residentBytes: UInt64

    /// The kernel's clock ticks a second and bytes a page.
    private static let ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
    private static let pageBytes = UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))

    /// - Throws: `ProbeError` naming the file.
    init(procRoot: String) throws(ProbeError) {
        let file = try ProcFile(procRoot + "/self/stat")
        // The second field is the program's name in parentheses, and may itself hold blanks and parentheses.
        guard let nameEnd = file.bytes.lastIndex(of: UInt8(ascii: ")")) else {
            throw .malformed(file.path, expected: "a name in parentheses", found: file.bytes)
        }
        let words = fields(file.bytes[(nameEnd + 1)...].prefix { $0 != UInt8(ascii: "\n") })
        guard words.count >= 22 else { throw .malformed(file.path, expected: "24 fields", found: file.bytes) }
        // Numbered from 1 in proc(5); the first word here is field 3.
        func field(_ number: Int, _ meaning: String) throws(ProbeError) -> UInt64 {
            let value = try file.number(words[number - 3], meaning)
            if value >= 1 << 52 { throw .malformed(file.path, expected: "a credible \(meaning)", found: words[number - 3]) }
            return value
        }
        let ticks = try field(14, "user time") + field(15, "system time")
        cpuTime = .milliseconds(ticks * 1_000 / ProcSelfStat.ticksPerSecond)
        threads = try field(20, "threads")
        startedAfterBootMilliseconds = Int64(try field(22, "start time") * 1_000 / ProcSelfStat.ticksPerSecond)
        virtualBytes = try field(23, "virtual size")
        let (bytes, overflow) = try field(24, "resident pages").multipliedReportingOverflow(by: ProcSelfStat.pageBytes)
        if overflow { throw .malformed(file.path, expected: "a credible resident size", found: words[21]) }
        residentBytes = bytes
    }
}
