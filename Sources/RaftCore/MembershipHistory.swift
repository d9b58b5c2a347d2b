/// The configurations in a log, so that truncating an uncommitted one brings back the one before.
///
/// A configuration governs as soon as it is appended. Source: thesis §4.1.
struct MembershipHistory: Equatable, Sendable {
    /// Ascending by index; the last one governs.
    private var entries: [(index: LogIndex, membership: Membership)] = []

    /// The governing configuration; nil before the first.
    var current: Membership? { entries.last?.membership }

    /// Where the governing configuration stands.
    var currentIndex: LogIndex? { entries.last?.index }

    mutating func append(_ membership: Membership, at index: LogIndex) {
        invariant(
            entries.last.map { $0.index < index } ?? true, "configuration at \(index) appended behind \(entries.last?.index ?? .zero)")
        entries.append((index, membership))
    }

    /// Forgets the configurations from an index on; tells whether the governing one changed.
    mutating func truncate(from index: LogIndex) -> Bool {
        let before = entries.count
        entries.removeAll { $0.index >= index }
        return entries.count != before
    }

    static func == (lhs: MembershipHistory, rhs: MembershipHistory) -> Bool {
        lhs.entries.elementsEqual(rhs.entries) { $0.index == $1.index && $0.membership == $1.membership }
    }
}
