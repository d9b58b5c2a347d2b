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

    /// Starts anew with the configuration of a snapshot.
    mutating func reset(to membership: Membership, at index: LogIndex) { entries = [(index, membership)] }

    /// The configuration that governs at an index, and where it stands.
    func governing(at index: LogIndex) -> (index: LogIndex, membership: Membership)? { entries.last { $0.index <= index } }

    /// Whether a node belonged in any configuration known.
    func hasKnown(_ id: NodeID) -> Bool { entries.contains { $0.membership.member(id) != nil } }

    /// Forgets the configurations that no longer governed at an index, which is committed.
    mutating func compact(through index: LogIndex) {
        guard let governing = entries.lastIndex(where: { $0.index <= index }) else { return }
        entries.removeFirst(governing)
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
