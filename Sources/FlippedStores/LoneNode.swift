import ClusterHarness
import ScrapeHistory

/// The program as a cluster of one, started on one store or another.
struct LoneNode: Sendable {
    let binary: String
    let watchdog: Watchdog
    private let ports: [UInt16]

    /// What came of a start.
    enum Answer: Sendable {
        /// What it served right before it was killed: all of that is in its store, and of what came after a round at most.
        case served(NodePicture, NodePicture.View)
        case ended(NodeProcess.Ending, log: String)
    }

    init(binary: String, watchdog: Watchdog) throws {
        self.binary = binary
        self.watchdog = watchdog
        ports = try FreePorts.take(2)
    }

    /// Starts the program, waits for a view with at least one round or for its end, and kills it after a while.
    /// - Parameter flags: beside the usual ones.
    /// - Throws: `HarnessError` when there is neither within 15 s, or no view any more when it is to be killed.
    func start(_ storagePath: String, flags: [String] = [], lives: Duration = .zero) async throws -> Answer {
        let process = try NodeProcess(
            executable: binary,
            arguments: [
                "serve", "--cluster.member=lone", "--web.listen-address=127.0.0.1:\(ports[0])", "--health.interval=100ms",
                "--cluster.listen-address=127.0.0.1:\(ports[1])", "--storage.path=\(storagePath)",
            ] + flags, logPath: storagePath + ".log")
        defer { process.killAndWait() }
        watchdog.watch(process.pid)
        let target = Watch.Target(name: "lone", port: ports[0])
        let first: Answer = try await eventually("a start of \(storagePath)", within: .seconds(15), every: .milliseconds(10)) {
            if let ending = process.ending { return .ended(ending, log: process.log) }
            return try await served(target)
        }
        guard case .served = first, lives > .zero else { return first }
        try await Task.sleep(for: lives)
        guard let last = try await served(target) else { throw HarnessError("no view of \(storagePath): \(process.log)") }
        return last
    }

    private func served(_ target: Watch.Target) async throws -> Answer? {
        let seen = try await offload { Watch.observe(target) }
        guard let picture = seen.picture, let view = picture.view, !view.members.isEmpty else { return nil }
        return .served(picture, view)
    }
}
