/// A position in the log: an index and the term of the entry there. Index and term 0 stand before the first entry.
public struct LogPosition: Equatable, Sendable, CustomStringConvertible {
    public var index: LogIndex
    public var term: Term

    public init(index: LogIndex, term: Term) {
        self.index = index
        self.term = term
    }

    /// Before the first entry.
    public static let origin = LogPosition(index: .zero, term: .zero)

    public var description: String { "\(index) of term \(term)" }
}

/// The state machine's state as of a position of the log, in place of all entries through there.
///
/// Source: Raft, extended version, §7; thesis §5.1.
public struct Snapshot: Equatable, Sendable {
    /// The last entry it covers.
    public let position: LogPosition
    /// The configuration that governs there.
    public let membership: Membership
    /// Where that configuration stood in the log, at or below the position.
    public let membershipIndex: LogIndex
    /// The state, opaque to the core.
    public let bytes: [UInt8]
    /// Over position, configuration index and bytes: what was received, or read, is what was taken.
    public let checksum: UInt64

    /// A snapshot taken here.
    public init(position: LogPosition, membership: Membership, membershipIndex: LogIndex, bytes: [UInt8]) {
        self.position = position
        self.membership = membership
        self.membershipIndex = membershipIndex
        self.bytes = bytes
        checksum = Snapshot.checksum(of: bytes, position: position, membershipIndex: membershipIndex)
    }

    /// The checksum that a snapshot of these parts has.
    public static func checksum(of bytes: [UInt8], position: LogPosition, membershipIndex: LogIndex) -> UInt64 {
        var checksum = WordChecksum(purpose: 4)
        checksum.add(position.index.rawValue)
        checksum.add(position.term.rawValue)
        checksum.add(membershipIndex.rawValue)
        checksum.add(bytes)
        return checksum.value
    }
}

/// A snapshot to store, and what becomes of the stored log: one transaction with the write it belongs to.
public struct SnapshotWrite: Equatable, Sendable {
    /// Replaces the stored one.
    public var snapshot: Snapshot
    public var log: Log

    /// What becomes of the rows of the log.
    public enum Log: Equatable, Sendable {
        /// Taken here: rows through this index, at or below the snapshot's, are deleted; those after it stay.
        case keep(after: LogIndex)
        /// Received from a leader: every row is deleted, and the log begins behind the snapshot's position.
        case replace
    }

    public init(snapshot: Snapshot, log: Log) {
        self.snapshot = snapshot
        self.log = log
    }
}

/// What a node's store held when the process started.
public struct RecoveredState: Equatable, Sendable {
    public var hardState: HardState
    public var snapshot: Snapshot?
    /// The position before the first entry; at or below the snapshot's, and the origin without one.
    public var start: LogPosition
    /// Contiguous from the start; they reach at least to the snapshot's position.
    public var entries: [LogEntry]

    /// Nothing, at a first start.
    public init() { self.init(hardState: HardState(), entries: []) }

    public init(hardState: HardState, snapshot: Snapshot? = nil, start: LogPosition = .origin, entries: [LogEntry]) {
        self.hardState = hardState
        self.snapshot = snapshot
        self.start = start
        self.entries = entries
    }
}
