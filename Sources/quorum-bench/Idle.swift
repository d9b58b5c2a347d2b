import ClusterHarness
import Foundation
import Glibc

/// What nodes need while nothing happens and nobody scrapes them.
struct Idle {
    private(set) var residentMebibytes = Series()
    private(set) var openFiles = Series()
    /// Processor seconds a second.
    private(set) var cpuLoad = Series()

    private static let warmUp = Duration.seconds(10)
    private static let measured = Duration.seconds(10)

    /// Leaves the cluster alone for 20 s; the processor time is that of the second half.
    mutating func measure(_ cluster: HarnessCluster) async throws {
        try await Task.sleep(for: Idle.warmUp)
        let processes = cluster.nodes.compactMap(\.current)
        let before = processes.map { Idle.processorSeconds(of: $0.pid) }
        let began = ContinuousClock.now
        try await Task.sleep(for: Idle.measured)
        let seconds = began.duration(to: .now) / .seconds(1)
        for (process, before) in zip(processes, before) {
            let after = Idle.processorSeconds(of: process.pid)
            cpuLoad.record(after.flatMap { after in before.map { (after - $0) / seconds } })
            residentMebibytes.record(process.residentBytes.map { Double($0) / 1_048_576 })
            openFiles.record(Idle.openFiles(of: process.pid).map { Double($0) })
        }
    }

    /// User and system time since the start of a process; nil once it has ended.
    private static func processorSeconds(of pid: pid_t) -> Double? {
        // The name in the second field may hold spaces; behind its bracket come the third field and so on, of which 14 and 15 are asked.
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else {
            return nil
        }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func openFiles(of pid: pid_t) -> Int? {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd"))?.count
    }
}
