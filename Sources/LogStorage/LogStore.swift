import GRDB
public import RaftCore
import Synchronization
import WireFormat

/// What a store held when it was opened.
public struct RecoveredStore: Equatable, Sendable {
    /// The identity drawn when the store was made.
    public let incarnation: NodeID
    /// Of the last membership stored; nil when the member never belonged to a bootstrapped cluster.
    public let clusterID: ClusterID?
    /// What consensus goes on from.
    public let state: RecoveredState
    /// Whether the store was made just now.
    public let firstStart: Bool

    public var hardState: HardState { state.hardState }
    /// Contiguous, from the first entry held.
    public var entries: [LogEntry] { state.entries }
    /// The last one stored, committed or not; nil when the member never belonged to a bootstrapped cluster.
    public var membership: Membership? {
        let inLog = state.entries.last { entry in
            if case .membership = entry.content { true } else { false }
        }
        if case .membership(let membership)? = inLog?.content { return membership }
        return state.snapshot?.membership
    }
}

/// How much a store holds.
public struct StoreSizes: Equatable, Sendable {
    /// Rows of the log.
    public let logEntries: UInt64
    /// Bytes of the store's files, the snapshot among them.
    public let fileBytes: UInt64
    /// Bytes of the stored snapshot's state; nil without one.
    public let snapshotBytes: UInt64?
}

/// A member's durable log and hard state, in one folder.
///
/// What a completed write holds survives a kill of the process and a loss of power. It is there again at the next start, or the start is
/// refused: a store with damage is never opened shorter.
public final class LogStore: Sendable {
    private let folder: any StoreFolder
    private let queue: DatabaseQueue
    private let held: Mutex<(logEntries: UInt64, snapshotBytes: UInt64?)>
    /// After a failed write nobody knows what is durable: no further one is tried.
    private let hasFailed = Atomic(false)

    private init(folder: any StoreFolder, queue: DatabaseQueue, state: StateRow) {
        self.folder = folder
        self.queue = queue
        held = Mutex((state.logCount, state.snapshot?.bytes))
    }

    /// Opens a member's store, or makes it in a folder that has none; blocks while it reads and checks all of it.
    ///
    /// - Parameters:
    ///   - path: the folder; made when it is not there.
    ///   - cluster: the cluster's name, at most `WireLimits.nameBytes` long.
    ///   - member: this member's name, likewise.
    ///   - incarnation: a random identity, used only when the store is made.
    /// - Throws: `LogStorageError`, one line that names the file. Then nothing in the folder was changed, except that a transaction which a
    ///   killed process left half done may have been rolled back, that a journal which is over may have been removed, and that making a new
    ///   store may have left a file ending in `.new`.
    public static func open(
        path: String, cluster: String, member: String, incarnation: NodeID
    ) throws(LogStorageError) -> (LogStore, RecoveredStore) {
        try open(in: LockedFolder(path), cluster: cluster, member: member, incarnation: incarnation)
    }

    /// Opens a member's store in a folder of any kind, or makes it there: otherwise as `open(path:cluster:member:incarnation:)` does.
    public static func open(
        in folder: any StoreFolder, cluster: String, member: String, incarnation: NodeID
    ) throws(LogStorageError) -> (LogStore, RecoveredStore) {
        let opening = StoreOpening(folder: folder, cluster: cluster, member: member)
        let firstStart = try !folder.exists(folder.storeFile)
        if firstStart { try opening.create(incarnation: incarnation) }
        let checked = try opening.check()
        let (queue, state) = try opening.openForWriting(checked.row)
        let recovered = RecoveredStore(
            incarnation: state.incarnation, clusterID: state.clusterID, state: checked.held, firstStart: firstStart)
        return (LogStore(folder: folder, queue: queue, state: state), recovered)
    }

    /// Makes writes durable, all of them or none, after those of earlier calls.
    ///
    /// - Parameters:
    ///   - writes: in order; the last hard state wins, a snapshot replaces the stored one, entries replace the log from their first index
    ///     on. At most one call should be under way: what gathers meanwhile is the next call.
    ///   - completion: called once, on the store's own queue, with how long the transaction took from its begin to its durability, or with
    ///     a `LogStorageError`; after an error every further write fails.
    public func write(_ writes: [StorageWrite], completion: @Sendable @escaping (Result<Duration, any Error>) -> Void) {
        let file = folder.storeFile
        guard !hasFailed.load(ordering: .acquiring) else { return completion(.failure(LogStorageError.closed(file: file))) }
        queue.asyncWrite { db in
            let begin = ContinuousClock.now
            let transaction = StoreTransaction(db: db, file: file)
            return (begin, try transaction.apply(writes))
        } completion: { [self] _, result in
            switch result {
            case .success(let (begin, state)):
                held.withLock { $0 = (state.logCount, state.snapshot?.bytes) }
                completion(.success(begin.duration(to: .now)))
            case .failure(let error):
                hasFailed.store(true, ordering: .releasing)
                completion(.failure(storageError(error, file: file, isWrite: true)))
            }
        }
    }

    /// How much the store holds, as of the last completed write.
    public func sizes() -> StoreSizes {
        let (logEntries, snapshotBytes) = held.withLock { $0 }
        return StoreSizes(logEntries: logEntries, fileBytes: folder.fileBytes(), snapshotBytes: snapshotBytes)
    }

    /// Waits for the writes under way, then closes the store and gives its lock back. Later writes fail.
    ///
    /// - Throws: `LogStorageError` when SQLite cannot close; the lock is given back all the same.
    public func close() throws(LogStorageError) {
        defer { folder.release() }
        do {
            try queue.close()
        } catch {
            throw storageError(error, file: folder.storeFile, isWrite: true)
        }
    }
}

extension StateRow {
    /// How many rows the log has.
    var logCount: UInt64 { end.index.rawValue - start.index.rawValue }
}
