public import RaftCore

/// A part of the stored snapshot as a row of the store: the first one says what it is of, those after it are its bytes in order.
public struct SnapshotRow: Equatable, Sendable {
    /// 0 for the head, then ascending by one.
    public var part: UInt64
    public var content: [UInt8]
    /// Stands for this row and all parts before it.
    public var chain: RowChain

    /// A row as it was read; nothing is checked yet.
    public init(part: UInt64, content: [UInt8], chain: RowChain) {
        self.part = part
        self.content = content
        self.chain = chain
    }

    private init(part: UInt64, content: [UInt8], after chain: RowChain) {
        self.init(part: part, content: content, chain: RowChain(0))
        self.chain = computedChain(after: chain)
    }

    /// The chain value that this row must have after another.
    public func computedChain(after previous: RowChain) -> RowChain {
        var checksum = WordChecksum(purpose: 6)
        checksum.add(previous.rawValue)
        checksum.add(part)
        checksum.add(content)
        return RowChain(checksum.value)
    }

    /// The chain before the head: it begins with the node's identity, so rows of two stores never mix.
    public static func origin(of incarnation: NodeID) -> RowChain {
        var checksum = WordChecksum(purpose: 7)
        checksum.add(incarnation.rawValue)
        return RowChain(checksum.value)
    }

    /// Bytes of the state in one row, as this version writes them.
    public static let partBytes = 256 << 10

    /// Calls back with every row of a snapshot, in order.
    ///
    /// - Parameters:
    ///   - incarnation: of the store they are for.
    ///   - partBytes: of the state in one row, above 0.
    /// - Returns: what the state row must say of them.
    public static func forEach(
        of snapshot: Snapshot, in incarnation: NodeID, partBytes: Int = SnapshotRow.partBytes, _ body: (SnapshotRow) throws -> Void
    ) rethrows -> SnapshotMark {
        let count = snapshot.bytes.count
        var row = SnapshotRow(part: 0, content: head(of: snapshot), after: origin(of: incarnation))
        try body(row)
        for offset in stride(from: 0, to: count, by: partBytes) {
            let content = Array(snapshot.bytes[offset..<min(offset + partBytes, count)])
            row = SnapshotRow(part: row.part + 1, content: content, after: row.chain)
            try body(row)
        }
        return SnapshotMark(position: snapshot.position, bytes: UInt64(count), chain: row.chain)
    }

    /// A chunk without bytes: where the snapshot stands, its membership and its checksum.
    private static func head(of snapshot: Snapshot) -> [UInt8] {
        let chunk = SnapshotChunk(
            position: snapshot.position, membership: snapshot.membership, membershipIndex: snapshot.membershipIndex,
            checksum: snapshot.checksum, totalBytes: snapshot.bytes.count, offset: 0, bytes: [])
        return serialized(wireChunk(chunk))
    }
}

/// What the state row says of the stored snapshot.
public struct SnapshotMark: Equatable, Sendable {
    public var position: LogPosition
    /// Of the state, without the head.
    public var bytes: UInt64
    /// Of the last row.
    public var chain: RowChain

    public init(position: LogPosition, bytes: UInt64, chain: RowChain) {
        self.position = position
        self.bytes = bytes
        self.chain = chain
    }
}
