public import RaftCore

/// The one row beside the log: whose store it is, its hard state, and exactly which rows the log must have.
public struct StateRow: Equatable, Sendable {
    /// The version of the store's layout.
    public var format: UInt32
    public var clusterName: String
    public var memberName: String
    /// The identity drawn with the store.
    public var incarnation: NodeID
    /// Of the last membership stored; nil before the first.
    public var clusterID: ClusterID?
    public var hardState: HardState
    /// The position before the first row of the log.
    public var start: LogEnd
    /// The last row of the log; equals `start` when there is none.
    public var end: LogEnd
    /// The stored snapshot; nil before the first. Always nil in the first format.
    public var snapshot: SnapshotMark?
    /// How often the store was opened for use.
    public var openings: UInt64

    /// The version of the layout that this program writes, and the latest it reads.
    public static let currentFormat: UInt32 = 2

    /// The last layout without snapshots; read, and turned into the current one when the store is opened.
    public static let formatWithoutSnapshots: UInt32 = 1

    /// The row of a new store, its log empty.
    ///
    /// - Parameter incarnation: random; never used for a store before.
    public init(clusterName: String, memberName: String, incarnation: NodeID) {
        format = StateRow.currentFormat
        self.clusterName = clusterName
        self.memberName = memberName
        self.incarnation = incarnation
        hardState = HardState()
        start = .origin(of: incarnation)
        end = start
        openings = 0
    }

    /// The checksum to store beside these values.
    public var checksum: UInt64 {
        var checksum = WordChecksum(purpose: 3)
        checksum.add(UInt64(format))
        checksum.add(Array(clusterName.utf8))
        checksum.add(Array(memberName.utf8))
        checksum.add(incarnation.rawValue)
        checksum.add(clusterID == nil ? 0 : 1)
        checksum.add(clusterID?.high ?? 0)
        checksum.add(clusterID?.low ?? 0)
        checksum.add(hardState.term.rawValue)
        checksum.add(hardState.votedFor == nil ? 0 : 1)
        checksum.add(hardState.votedFor?.rawValue ?? 0)
        for end in [start, end] {
            checksum.add(end.index.rawValue)
            checksum.add(end.term.rawValue)
            checksum.add(end.chain.rawValue)
        }
        checksum.add(openings)
        if format > StateRow.formatWithoutSnapshots {
            checksum.add(snapshot == nil ? 0 : 1)
            checksum.add(snapshot?.position.index.rawValue ?? 0)
            checksum.add(snapshot?.position.term.rawValue ?? 0)
            checksum.add(snapshot?.bytes ?? 0)
            checksum.add(snapshot?.chain.rawValue ?? 0)
        }
        return checksum.value
    }

    /// Checks what was read against the checksum read with it.
    ///
    /// - Throws: `WireFormatError.checksum`, `.newerFormat`, or `.outOfRange` for a format that never was or positions that cannot be.
    public func check(checksum stored: UInt64) throws(WireFormatError) {
        guard stored == checksum else { throw .checksum(row: .state) }
        guard format <= StateRow.currentFormat else { throw .newerFormat(found: format, supported: StateRow.currentFormat) }
        guard format > 0 else { throw .outOfRange(field: "state row.format", value: UInt64(format)) }
        guard end.index >= start.index else { throw .outOfRange(field: "state row.end", value: end.index.rawValue) }
        if let snapshot, snapshot.bytes > UInt64(WireLimits.snapshotBytes) {
            throw .outOfRange(field: "state row.snapshot_bytes", value: snapshot.bytes)
        }
        // The rows go on where the snapshot ends, or before; without one they begin with the first entry.
        let covered = format == StateRow.formatWithoutSnapshots ? .zero : snapshot?.position.index ?? .zero
        guard start.index <= covered, covered <= end.index else {
            throw .outOfRange(field: "state row.start", value: start.index.rawValue)
        }
    }
}
