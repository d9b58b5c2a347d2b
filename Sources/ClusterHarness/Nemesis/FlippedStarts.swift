import Foundation
import ScrapeHistory

/// Copies of one store, each with another flipped bit, and the program started on each of them: it has the right data, or says which file
/// is damaged and ends.
public struct FlippedStarts: Sendable {
    public private(set) var started = 0
    public private(set) var refused = 0
    /// Copies with less or other data, or refused without a word.
    public private(set) var violations: [String] = []

    private let binary: String
    private let folder: String
    private let ports: [UInt16]

    private init(binary: String, folder: String) throws {
        self.binary = binary
        self.folder = folder
        ports = try FreePorts.take(2)
    }

    /// Makes the store of a cluster of one that was killed and started a few times, and starts so many copies.
    /// - Throws: `HarnessError` when not even the untouched store can be started.
    public static func run(binary: String? = nil, copies: Int, seed: UInt64) async throws -> FlippedStarts {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var starts = try FlippedStarts(binary: try binary ?? Binary.locate(), folder: folder)
        try await starts.run(copies: copies, seed: seed)
        return starts
    }

    private mutating func run(copies: Int, seed: UInt64) async throws {
        var numbers = SeededNumbers(seed: seed)
        let original = folder + "/original"
        var last: Answer?
        for _ in 0..<3 { last = try await start(original, lives: .milliseconds(1_500)) }
        guard case .served(let right) = last else { throw HarnessError("the original does not start: \(String(describing: last))") }
        let files = try StoreFiles(of: original)
        for number in 0..<copies {
            let copy = "\(folder)/copy\(number)"
            try files.write(to: copy)
            let place = try StoreFiles(of: copy).flipBit(using: &numbers)
            judge(try await start(copy, lives: .zero), place, copy, right)
            try FileManager.default.removeItem(atPath: copy)
        }
    }

    private enum Answer {
        case served(Observation)
        case ended(NodeProcess.Ending, log: String)
    }

    /// Starts the program, waits for a view with at least one round or for its end, and kills it after a while.
    /// - Returns: what it served right before it was killed: all of that is in its store, and of what came after a round at most.
    private func start(_ storagePath: String, lives: Duration) async throws -> Answer {
        let logPath = storagePath + ".log"
        let process = try NodeProcess(
            executable: binary,
            arguments: [
                "serve", "--cluster.member=lone", "--web.listen-address=127.0.0.1:\(ports[0])", "--health.interval=100ms",
                "--cluster.listen-address=127.0.0.1:\(ports[1])", "--storage.path=\(storagePath)",
            ], logPath: logPath)
        defer { process.killAndWait() }
        let target = Watch.Target(name: "lone", port: ports[0])
        return try await eventually("a start of \(storagePath): \(process.log)", within: .seconds(15), every: .milliseconds(10)) {
            if let ending = process.ending { return .ended(ending, log: process.log) }
            let seen = try await offload { Watch.observe(target) }
            guard seen.view?.members.isEmpty == false else { return nil }
            guard lives > .zero else { return .served(seen) }
            try await Task.sleep(for: lives)
            return .served(try await offload { Watch.observe(target) })
        }
    }

    private mutating func judge(_ answer: Answer, _ place: String, _ copy: String, _ right: Observation) {
        switch answer {
        case .ended(let ending, let log):
            refused += 1
            if ending == .exited(0) || !log.contains(copy + "/") { violations.append("\(place): ended with \(ending), saying: \(log)") }
        case .served(let seen):
            started += 1
            guard let now = seen.picture, let then = right.picture, let view = now.view, let before = then.view else { return }
            let isRight =
                now.clusterID == then.clusterID && now.term > then.term && view.transitions == before.transitions
                && view.index > before.index && view.members == before.members
            if !isRight { violations.append("\(place): started with \(now) in place of \(then)") }
        }
    }
}
