import NodeReplica
import RaftCore

/// Which configuration is committed, which ones may come to govern, and which disks are gone for good: what the run's operator goes by,
/// and what the checkers hold the nodes' own belief against.
struct ConfigurationLedger {
    /// All that were committed, ascending by index; the founding one stands at index 0 until it is.
    private(set) var history: [Placed]
    /// Those that leaders appended beyond the newest committed entry.
    private var proposed: [Placed] = []
    /// Incarnations whose disk was wiped or damaged: they may never answer again.
    private(set) var lost: [NodeID] = []

    /// A configuration where it stands in a log.
    struct Placed {
        var index: UInt64
        var term: UInt64
        var membership: Membership
    }

    init(founding: Membership) { history = [Placed(index: 0, term: 0, membership: founding)] }

    /// The newest committed one.
    var committed: Membership { history.last?.membership ?? Membership(clusterID: ClusterID(high: 0, low: 0), members: []) }

    /// Those that govern somewhere, or may come to.
    var possible: [Membership] { [committed] + proposed.map(\.membership) }

    /// The one configuration that governs; nil while a change is under way.
    var settled: Membership? { proposed.isEmpty ? committed : nil }

    /// A leader has an entry in its log.
    mutating func appended(_ entry: LogEntry) {
        guard case .membership(let membership) = entry.content, entry.index.rawValue > history.last?.index ?? 0 else { return }
        guard !proposed.contains(where: { $0.index == entry.index.rawValue && $0.term == entry.term.rawValue }) else { return }
        proposed.append(Placed(index: entry.index.rawValue, term: entry.term.rawValue, membership: membership))
    }

    /// An entry is committed: no other one can take its place any more.
    mutating func committed(_ entry: LogEntry) throws(Violation) {
        if !proposed.isEmpty { proposed.removeAll { $0.index <= entry.index.rawValue } }
        guard case .membership(let membership) = entry.content else { return }
        try ConfigurationLedger.check(membership, after: committed, at: entry.index)
        history.append(Placed(index: entry.index.rawValue, term: entry.term.rawValue, membership: membership))
    }

    /// One change adds or removes at most one voter, and every member keeps its incarnation. Source: thesis §4.1.
    private static func check(_ membership: Membership, after before: Membership, at index: LogIndex) throws(Violation) {
        let changed = membership.voters.count { !before.voters.contains($0) } + before.voters.count { !membership.voters.contains($0) }
        guard changed <= 1, !membership.voters.isEmpty, membership.clusterID == before.clusterID else {
            throw Violation("one-configuration-change", "entry \(index) changes \(changed) voters of the configuration before it")
        }
    }

    /// The last configuration in a node's log, as all appended ones are known, in whatever order the node heard of them.
    func governing(in replica: SimulatedReplica, through last: LogIndex) -> Membership? {
        let first = replica.inspection.firstLogIndex
        let standing = proposed.last { $0.index <= last.rawValue && replica.inspectedTerm(at: LogIndex($0.index))?.rawValue == $0.term }
        if let standing { return standing.membership }
        return history.last { placed in
            placed.index <= last.rawValue
                && (placed.index < first.rawValue || replica.inspectedTerm(at: LogIndex(placed.index))?.rawValue == placed.term)
        }?.membership
    }

    /// The configuration committed at exactly an index.
    func committed(at index: LogIndex) -> Membership? { history.last { $0.index == index.rawValue }?.membership }

    /// Whether a committed configuration had a node that a later one lacks.
    func hasRemoved(_ id: NodeID) -> Bool {
        guard let known = history.firstIndex(where: { $0.membership.member(id) != nil }) else { return false }
        return history[known...].contains { $0.membership.member(id) == nil }
    }

    // MARK: What may be lost

    mutating func lose(_ id: NodeID) {
        if !lost.contains(id) { lost.append(id) }
    }

    /// Whether every configuration that may govern keeps a majority without one more node.
    func tolerates(losing id: NodeID) -> Bool { possible.allSatisfy { keepsMajority(of: $0.voters, without: id) } }

    /// Whether these voters would have a majority with a disk.
    func keepsMajority(of voters: [NodeID], without id: NodeID? = nil) -> Bool {
        voters.count { lost.contains($0) || $0 == id } <= Quorum.tolerance(of: voters.count)
    }
}
