public import RaftCore

/// One entry of the log as a row of the store: content as bytes, and the chain through it.
public struct LogRow: Equatable, Sendable {
    public var index: UInt64
    public var term: UInt64
    /// `EntryCoding.Kind`'s number.
    public var kind: UInt64
    public var content: [UInt8]
    /// Stands for this row and all before it.
    public var chain: RowChain

    /// A row as it was read; nothing is checked yet.
    public init(index: UInt64, term: UInt64, kind: UInt64, content: [UInt8], chain: RowChain) {
        self.index = index
        self.term = term
        self.kind = kind
        self.content = content
        self.chain = chain
    }

    /// The row for an entry.
    ///
    /// - Parameter chain: of the row before it.
    public init(_ entry: LogEntry, after chain: RowChain) {
        let (kind, bytes) = EntryCoding.encode(entry.content)
        index = entry.index.rawValue
        term = entry.term.rawValue
        self.kind = UInt64(kind.rawValue)
        content = bytes
        self.chain = RowChain(0)
        self.chain = computedChain(after: chain)
    }

    /// The chain value that this row must have after another.
    public func computedChain(after previous: RowChain) -> RowChain {
        var checksum = WordChecksum(purpose: 1)
        checksum.add(previous.rawValue)
        checksum.add(index)
        checksum.add(term)
        checksum.add(kind)
        checksum.add(content)
        return RowChain(checksum.value)
    }

    /// The entry it holds.
    ///
    /// - Throws: `WireFormatError` when the kind or the content cannot be.
    func entry() throws(WireFormatError) -> LogEntry {
        guard let raw = UInt8(exactly: kind), let kind = EntryCoding.Kind(rawValue: raw) else {
            throw .outOfRange(field: "log row \(index).kind", value: kind)
        }
        return LogEntry(index: LogIndex(index), term: Term(term), content: try EntryCoding.decode(kind, content))
    }
}

/// Where the log ends, or where it begins: an entry's position with the chain through it.
public struct LogEnd: Equatable, Sendable {
    public var index: LogIndex
    public var term: Term
    public var chain: RowChain

    public init(index: LogIndex, term: Term, chain: RowChain) {
        self.index = index
        self.term = term
        self.chain = chain
    }

    /// The end after one more row.
    public init(after row: LogRow) { self.init(index: LogIndex(row.index), term: Term(row.term), chain: row.chain) }

    /// The position before the first entry of a node's log; the chain begins with the node's identity, so rows of two stores never mix.
    public static func origin(of incarnation: NodeID) -> LogEnd {
        var checksum = WordChecksum(purpose: 2)
        checksum.add(incarnation.rawValue)
        return LogEnd(index: .zero, term: .zero, chain: RowChain(checksum.value))
    }
}
