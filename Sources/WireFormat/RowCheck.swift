public import RaftCore

/// Decides whether a set of rows is what was acknowledged: exactly the rows that the state row names, each as it was written.
///
/// Add the snapshot's rows and the log's, in either order, then call `finish`.
///
/// Nothing is repaired and nothing is dropped. A store in which one bit flipped gives the same entries or an error that names the row.
public struct RowCheck: Sendable {
    private let state: StateRow
    private var end: LogEnd
    private var clusterID: ClusterID?
    private var entries: [LogEntry] = []
    private var snapshot: SnapshotCheck?

    /// - Parameter state: already checked with `StateRow.check(checksum:)`.
    public init(_ state: StateRow) {
        self.state = state
        end = state.start
        snapshot = state.snapshot.map { SnapshotCheck($0, incarnation: state.incarnation) }
    }

    /// Takes the next row of the stored snapshot, in ascending order of part.
    ///
    /// - Throws: `WireFormatError`: `wrongRows`, `checksum`, or what is wrong with its content.
    public mutating func add(_ row: SnapshotRow) throws(WireFormatError) {
        guard snapshot != nil else { throw .wrongRows(expected: .log(end.index.next.rawValue), found: .snapshot(part: row.part)) }
        try snapshot?.add(row)
    }

    /// Takes the next row of the log, in ascending order of index.
    ///
    /// - Throws: `WireFormatError`: `wrongRows`, `checksum`, `wrongTerm`, or what is wrong with its content.
    public mutating func add(_ row: LogRow) throws(WireFormatError) {
        let expected = end.index.next.rawValue
        guard row.index == expected, row.index <= state.end.index.rawValue else {
            throw .wrongRows(expected: .log(expected), found: .log(row.index))
        }
        guard row.chain == row.computedChain(after: end.chain) else { throw .checksum(row: .log(row.index)) }
        guard row.term > 0, row.term >= end.term.rawValue, row.term <= state.hardState.term.rawValue else {
            throw .wrongTerm(row: .log(row.index), term: row.term)
        }
        let entry = try row.entry()
        if case .membership(let membership) = entry.content { clusterID = membership.clusterID }
        entries.append(entry)
        end = LogEnd(after: row)
    }

    /// What the store held, once every row of the snapshot and of the log was added.
    ///
    /// - Throws: `WireFormatError`: `wrongRows` when rows are missing at the end, `checksum`, `wrongTerm` or `wrongCluster` when state row,
    ///   snapshot and log do not fit each other.
    public func finish() throws(WireFormatError) -> RecoveredState {
        guard end.index == state.end.index else { throw .wrongRows(expected: .log(end.index.next.rawValue), found: nil) }
        guard end == state.end else { throw .checksum(row: .state) }
        let found = try snapshot?.finish()
        if let found { try checkFit(of: found) }
        if let clusterID = clusterID ?? found?.membership.clusterID, clusterID != state.clusterID { throw .wrongCluster(row: .state) }
        let start = LogPosition(index: state.start.index, term: state.start.term)
        return RecoveredState(hardState: state.hardState, snapshot: found, start: start, entries: entries)
    }

    /// The snapshot's last entry, where the log still holds it, is that of the log.
    private func checkFit(of snapshot: Snapshot) throws(WireFormatError) {
        let position = snapshot.position
        let distance = Int(position.index.rawValue - state.start.index.rawValue)
        let inLog = distance == 0 ? state.start.term : entries[distance - 1].term
        guard position.term == inLog, position.term <= state.hardState.term else {
            throw .wrongTerm(row: .snapshot(part: 0), term: position.term.rawValue)
        }
    }
}
