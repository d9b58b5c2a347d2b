public import ClusterHealth
import Synchronization

/// Measures this machine: processors, load, memory, boot time, and the filesystem of one folder.
///
/// Each probe has a timeout of its own, and reports success and duration always. A probe that still hangs from an earlier round is
/// reported failed and not started again.
public final class ProbeRunner: Sendable {
    private let cpu: ProbeLane<UInt32?>
    private let load: ProbeLane<UInt64>
    private let memory: ProbeLane<ProcMemory>
    private let bootTime: ProbeLane<WallTime>
    private let filesystem: ProbeLane<HealthSample.Filesystem>

    /// The probes' names, in the order of `ProbeRound.results`: the values of the metric label `probe`.
    public static let probeNames = ["cpu", "load", "memory", "boot_time", "filesystem"]

    /// - Parameters:
    ///   - folder: The folder whose filesystem is measured: the data folder.
    ///   - procRoot: Where the kernel's files are mounted, such as `/host/proc` in a container.
    ///   - timeout: How long one probe may take, above zero.
    public init(folder: String, procRoot: String = "/proc", timeout: Duration = .seconds(2)) {
        let lastTimes = LastTimes()
        cpu = ProbeLane(name: "cpu", timeout: timeout) { () throws(ProbeError) in
            lastTimes.usage(until: try CPUTimes(try ProcFile(procRoot + "/stat")))
        }
        load = ProbeLane(name: "load", timeout: timeout) { () throws(ProbeError) in
            try ProcLoad.oneMinuteThousandths(procRoot: procRoot)
        }
        memory = ProbeLane(name: "memory", timeout: timeout) { () throws(ProbeError) in try ProcMemory(procRoot: procRoot) }
        bootTime = ProbeLane(name: "boot_time", timeout: timeout) { () throws(ProbeError) in
            try ProcStat.bootTime(try ProcFile(procRoot + "/stat"))
        }
        filesystem = ProbeLane(name: "filesystem", timeout: timeout) { () throws(ProbeError) in
            try FilesystemSpace.measure(folder: folder, procRoot: procRoot)
        }
    }

    /// Runs every probe, all at once.
    ///
    /// The CPU usage is that since the previous call: the first call succeeds without one, and so does a call that comes before the
    /// kernel has counted a tick (10 ms). Returns within the timeout. A call while another is under way reports its probes failed.
    public func measure() async -> ProbeRound {
        async let cpu = cpu.run()
        async let load = load.run()
        async let memory = memory.run()
        async let bootTime = bootTime.run()
        async let filesystem = filesystem.run()
        var resources = HealthSample.Resources()
        resources.cpuUsageMillionths = await cpu.value.flatMap { $0 }
        resources.load1Thousandths = await load.value
        resources.memoryTotalBytes = await memory.value?.totalBytes
        resources.memoryAvailableBytes = await memory.value?.availableBytes
        resources.bootTime = await bootTime.value
        resources.filesystems = await filesystem.value.map { [$0] } ?? []
        let results = await [cpu.result, load.result, memory.result, bootTime.result, filesystem.result]
        return ProbeRound(resources: resources, results: results)
    }
}

/// What one call of `ProbeRunner.measure` found.
public struct ProbeRound: Equatable, Sendable {
    /// What could be measured; the rest is nil.
    public let resources: HealthSample.Resources
    /// One for each of `ProbeRunner.probeNames`, in that order.
    public let results: [ProbeResult]
}

/// How one probe went.
public struct ProbeResult: Equatable, Sendable {
    /// One of `ProbeRunner.probeNames`.
    public let name: String
    public let success: Bool
    /// How long it took; of one that still hangs, how long it has been hanging.
    public let duration: Duration
    /// Why it failed, one line naming the file or call; nil when it did not.
    public let error: String?

    /// - Parameter error: Set exactly when `success` is false.
    public init(name: String, success: Bool, duration: Duration, error: String? = nil) {
        self.name = name
        self.success = success
        self.duration = duration
        self.error = error
    }
}

/// The processors' times of the previous round.
private final class LastTimes: Sendable {
    private let last = Mutex<CPUTimes?>(nil)

    func usage(until now: CPUTimes) -> UInt32? {
        last.withLock { last in
            let usage = last.flatMap { now.usageMillionths(since: $0) }
            last = now
            return usage
        }
    }
}
