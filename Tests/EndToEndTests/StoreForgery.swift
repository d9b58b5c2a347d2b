import ClusterHarness
import LogStorage
import RaftCore

/// Changes to a store that leave it whole by all its checksums: no start can refuse it, only a comparison with what was there can tell.
enum StoreForgery: CaseIterable {
    case lastEntryCut
    case lastEntryReplaced

    /// - Parameter folder: of the store of a member `lone` that nobody has open.
    func commit(on folder: String) async throws {
        let (store, held) = try LogStore.open(path: folder, cluster: "default", member: "lone", incarnation: NodeID(1))
        let ends = held.entries.suffix(2)
        guard let (before, last) = ends.first.flatMap({ first in ends.last.map { (first, $0) } }), ends.count == 2 else {
            throw HarnessError("\(folder) holds fewer than two entries")
        }
        let entry =
            switch self {
            case .lastEntryCut: before
            case .lastEntryReplaced: LogEntry(index: last.index, term: last.term, content: .noop)
            }
        _ = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Duration, any Error>) in
            store.write([StorageWrite(number: WriteNumber(1), entries: [entry])]) { done.resume(with: $0) }
        }
        try store.close()
    }
}
