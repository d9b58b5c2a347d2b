/// The entries a node holds in memory: those after a position that a snapshot covers.
///
/// Source: Raft, extended version, §5.3 and §7.
struct ReplicatedLog: Equatable, Sendable {
    /// The index before the first entry, at or below the snapshot's; 0 without one.
    private(set) var baseIndex: LogIndex
    /// The term of the entry at `baseIndex`.
    private(set) var baseTerm: Term
    /// Contiguous from `baseIndex.next`.
    private var entries: [LogEntry]
    /// Of the entries together, as they are charged against the limits.
    private(set) var bytes = 0

    init(baseIndex: LogIndex = .zero, baseTerm: Term = .zero, entries: [LogEntry] = []) {
        self.baseIndex = baseIndex
        self.baseTerm = baseTerm
        self.entries = []
        append(entries)
    }

    var firstIndex: LogIndex { baseIndex.next }
    var lastIndex: LogIndex { LogIndex(baseIndex.rawValue + UInt64(entries.count)) }
    var lastTerm: Term { entries.last?.term ?? baseTerm }

    /// The term at an index; nil where the log holds none: compacted, or beyond its end.
    func term(at index: LogIndex) -> Term? { index == baseIndex ? baseTerm : entry(at: index)?.term }

    func entry(at index: LogIndex) -> LogEntry? {
        guard index > baseIndex, index <= lastIndex else { return nil }
        return entries[offset(of: index)]
    }

    /// Whether a log that ends in this entry is at least as up to date as this one (§5.4.1).
    func isNoNewerThan(lastIndex otherIndex: LogIndex, lastTerm otherTerm: Term) -> Bool {
        otherTerm > lastTerm || (otherTerm == lastTerm && otherIndex >= lastIndex)
    }

    /// Entries from an index on, at most so many and so many bytes, but at least one when there is one.
    func slice(from index: LogIndex, through end: LogIndex? = nil, maximumCount: Int = .max, maximumBytes: Int = .max) -> [LogEntry] {
        let last = min(end ?? lastIndex, lastIndex)
        guard index > baseIndex, index <= last else { return [] }
        var taken: [LogEntry] = []
        var bytes = 0
        for entry in entries[offset(of: index)...offset(of: last)] {
            bytes += entry.size
            if !taken.isEmpty, bytes > maximumBytes || taken.count >= maximumCount { break }
            taken.append(entry)
        }
        return taken
    }

    /// The greatest index at or below a bound whose term is not above another, and its term: where two logs may still agree.
    func lastAgreement(atOrBelow bound: LogIndex, termAtMost limit: Term) -> (index: LogIndex, term: Term) {
        var index = min(bound, lastIndex)
        while index > baseIndex, let term = term(at: index) {
            if term <= limit { return (index, term) }
            index = index.previous
        }
        return (baseIndex, baseTerm)
    }

    mutating func append(_ more: [LogEntry]) {
        for entry in more {
            invariant(entry.index == lastIndex.next, "entry \(entry.index) appended behind \(lastIndex)")
            invariant(entry.term >= lastTerm, "entry \(entry.index) of term \(entry.term) appended behind term \(lastTerm)")
            entries.append(entry)
            bytes += entry.size
        }
    }

    /// Removes the entries through an index, which a snapshot covers.
    mutating func compact(through index: LogIndex) {
        guard index > baseIndex, let term = term(at: index) else { return }
        let count = offset(of: index) + 1
        bytes -= entries[..<count].reduce(0) { $0 + $1.size }
        entries.removeFirst(count)
        baseIndex = index
        baseTerm = term
    }

    /// How far entries may be removed so that at most so many, and so many bytes, are left up to an index.
    func compactionPoint(below index: LogIndex, tailEntries: Int, tailBytes: Int) -> LogIndex {
        var point = min(index, lastIndex)
        var (count, bytes) = (0, 0)
        while point > baseIndex, count < tailEntries, let entry = entry(at: point), bytes + entry.size <= tailBytes {
            count += 1
            bytes += entry.size
            point = point.previous
        }
        return point
    }

    /// Removes the entries from an index on.
    mutating func truncate(from index: LogIndex) {
        invariant(index > baseIndex, "truncation from \(index) would cut into the snapshot at \(baseIndex)")
        guard index <= lastIndex else { return }
        bytes -= entries[offset(of: index)...].reduce(0) { $0 + $1.size }
        entries.removeSubrange(offset(of: index)...)
    }

    private func offset(of index: LogIndex) -> Int { Int(index.rawValue - baseIndex.rawValue - 1) }
}
