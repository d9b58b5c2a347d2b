import RaftCore

/// Puts the stored snapshot together, and decides whether it is the one that the state row names.
struct SnapshotCheck: Sendable {
    private let mark: SnapshotMark
    private var chain: RowChain
    private var parts: UInt64 = 0
    private var head: SnapshotChunk?
    private var bytes: [UInt8] = []

    init(_ mark: SnapshotMark, incarnation: NodeID) {
        self.mark = mark
        chain = SnapshotRow.origin(of: incarnation)
    }

    /// Takes the next row, in ascending order of part.
    ///
    /// - Throws: `WireFormatError`: `wrongRows`, `checksum`, or what is wrong with its content.
    mutating func add(_ row: SnapshotRow) throws(WireFormatError) {
        guard row.part == parts, !isComplete else { throw .wrongRows(expected: .snapshot(part: parts), found: .snapshot(part: row.part)) }
        guard row.chain == row.computedChain(after: chain) else { throw .checksum(row: .snapshot(part: row.part)) }
        if parts == 0 {
            head = try readChunk(try parsed(row.content, as: "snapshot row 0", limit: WireLimits.commandBytes))
            bytes.reserveCapacity(Int(min(mark.bytes, UInt64(WireLimits.snapshotBytes))))
        } else {
            guard !row.content.isEmpty, UInt64(bytes.count + row.content.count) <= mark.bytes else {
                throw .outOfRange(field: "snapshot row \(row.part)", value: UInt64(row.content.count))
            }
            bytes += row.content
        }
        parts += 1
        chain = row.chain
    }

    private var isComplete: Bool { head != nil && UInt64(bytes.count) == mark.bytes }

    /// The snapshot, once every row was added.
    ///
    /// - Throws: `WireFormatError`: `wrongRows` when rows are missing at the end, `checksum` when the state row does not fit, or when the
    ///   state is not what was taken.
    func finish() throws(WireFormatError) -> Snapshot {
        guard isComplete, let head else { throw .wrongRows(expected: .snapshot(part: parts), found: nil) }
        guard chain == mark.chain, head.position == mark.position else { throw .checksum(row: .state) }
        let snapshot = Snapshot(
            position: head.position, membership: head.membership, membershipIndex: head.membershipIndex, bytes: bytes)
        guard snapshot.checksum == head.checksum else { throw .checksum(row: .snapshot(part: 0)) }
        guard head.membershipIndex > .zero, head.membershipIndex <= head.position.index else {
            throw .outOfRange(field: "snapshot row 0.membership_index", value: head.membershipIndex.rawValue)
        }
        return snapshot
    }
}
