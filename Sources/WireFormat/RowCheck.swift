public import RaftCore

/// Decides whether a set of rows is what was acknowledged: exactly the rows that the state row names, each as it was written.
///
/// Nothing is repaired and nothing is dropped. A store in which one bit flipped gives the same entries or an error that names the row.
public struct RowCheck: Sendable {
    private let state: StateRow
    private var end: LogEnd
    private var clusterID: ClusterID?
    private var entries: [LogEntry] = []

    /// - Parameter state: already checked with `StateRow.check(checksum:)`.
    public init(_ state: StateRow) {
        self.state = state
        end = state.start
    }

    /// Takes the next row, in ascending order of index.
    ///
    /// - Throws: `WireFormatError`: `wrongRows`, `checksum`, `wrongTerm`, or what is wrong with its content.
    public mutating func add(_ row: LogRow) throws(WireFormatError) {
        let expected = end.index.next.rawValue
        guard row.index == expected, row.index <= state.end.index.rawValue else {
            throw .wrongRows(expected: expected, found: row.index)
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

    /// The entries of the log, once every row was added.
    ///
    /// - Throws: `WireFormatError`: `wrongRows` when rows are missing at the end, `checksum` or `wrongCluster` when the state row does
    ///   not fit.
    public func finish() throws(WireFormatError) -> [LogEntry] {
        guard end.index == state.end.index else { throw .wrongRows(expected: end.index.next.rawValue, found: nil) }
        guard end == state.end else { throw .checksum(row: .state) }
        if let clusterID, clusterID != state.clusterID { throw .wrongCluster(row: .state) }
        return entries
    }
}
