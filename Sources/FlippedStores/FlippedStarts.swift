public import ClusterHarness
import Foundation
import ScrapeHistory

/// Copies of one store, each with another flipped bit, and the program started on each of them: it has the right data, or says which file
/// is damaged and ends.
public struct FlippedStarts: Sendable {
    public private(set) var started = 0
    public private(set) var refused = 0
    /// Copies with less or other data, or refused without a word.
    public private(set) var violations: [String] = []

    /// Spoils a copy that nobody has open, and says how.
    public typealias Harm = @Sendable (_ copy: StoreFiles, _ numbers: inout SeededNumbers) async throws -> String

    private static let flippedBit: Harm = { copy, numbers in try copy.flipBit(using: &numbers) }

    /// Makes the store of a cluster of one that was killed and started a few times, and starts so many copies.
    ///
    /// For a hundred and more it lives until it has taken a snapshot.
    ///
    /// - Parameter harm: what is done to each copy; one flipped bit unless said otherwise.
    /// - Throws: `HarnessError` when not even the untouched store can be started.
    public static func run(binary: String? = nil, copies: Int, seed: UInt64, harm: Harm? = nil) async throws -> FlippedStarts {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let watchdog = try Watchdog(folder: folder)
        defer { watchdog.dismiss() }
        let node = try LoneNode(binary: try binary ?? Binary.locate(), watchdog: watchdog)
        let original = try await OriginalStore.make(in: folder, withSnapshot: copies >= 100, node)
        var starts = FlippedStarts()
        var numbers = SeededNumbers(seed: seed)
        for number in 0..<copies {
            let copy = "\(folder)/copy\(number)"
            try original.files.write(to: copy)
            let harmed = try await (harm ?? flippedBit)(try StoreFiles(of: copy), &numbers)
            starts.note(try await node.start(copy), harmed, copy, original)
            try FileManager.default.removeItem(atPath: copy)
        }
        return starts
    }

    private mutating func note(_ answer: LoneNode.Answer, _ harmed: String, _ copy: String, _ original: OriginalStore) {
        switch answer {
        case .ended(let ending, let log):
            refused += 1
            if ending == .exited(0) || !log.contains(copy + "/") { violations.append("\(harmed): ended with \(ending), saying: \(log)") }
        case .served(let picture, let view):
            started += 1
            let wrong = original.differences(picture, view, storedIn: copy)
            if !wrong.isEmpty { violations.append("\(harmed): started, and \(wrong.joined(separator: "; and "))") }
        }
    }
}

/// The store that the copies are made of, and what it held when its process was killed.
private struct OriginalStore {
    let files: StoreFiles
    private let rows: StoredRows
    private let picture: NodePicture
    private let view: NodePicture.View

    static func make(in folder: String, withSnapshot: Bool, _ node: LoneNode) async throws -> OriginalStore {
        let path = folder + "/original"
        var last: LoneNode.Answer?
        for life in 1...30 {
            // Copies are started without this flag: they go on from the same snapshot, and take none for a long time.
            last = try await node.start(path, flags: ["--raft.snapshot-entries=100"], lives: .milliseconds(1_500))
            guard case .served(_, let view) = last, life < 3 || (withSnapshot && view.index < 130) else { break }
        }
        guard case .served(let picture, let view) = last else {
            throw HarnessError("the original does not start: \(String(describing: last))")
        }
        let files = try StoreFiles(of: path)
        try files.write(to: folder + "/read")
        let rows = try StoredRows(of: folder + "/read")
        guard rows.lastIndex >= view.index else { throw HarnessError("the original holds less than it served: \(rows.lastIndex), \(view)") }
        guard !withSnapshot || !rows.snapshot.isEmpty else { throw HarnessError("the original holds no snapshot at \(view.index)") }
        return OriginalStore(files: files, rows: rows, picture: picture, view: view)
    }

    /// What a copy that was started, and killed again, served or holds otherwise than it must.
    ///
    /// Every entry of the original counts: a process that was killed may have shown each of them to somebody. A start adds two at least:
    /// its leader's own, without which it commits nothing, and a round, without which it serves nothing.
    func differences(_ now: NodePicture, _ served: NodePicture.View, storedIn copy: String) -> [String] {
        var wrong: [String] = []
        if now.clusterID != picture.clusterID { wrong.append("is of cluster \(now.clusterID ?? "none")") }
        if now.term <= picture.term { wrong.append("is in term \(now.term) after term \(picture.term)") }
        if served.index < rows.lastIndex + 2 { wrong.append("served index \(served.index) after the original's \(rows.lastIndex)") }
        if served.members != view.members { wrong.append("served \(served.members) in place of \(view.members)") }
        if served.transitions != view.transitions { wrong.append("counted \(served.transitions) in place of \(view.transitions)") }
        do {
            if let lacking = try StoredRows(of: copy).lacks(rows) { wrong.append(lacking) }
        } catch { wrong.append("cannot be read: \(error)") }
        return wrong
    }
}
