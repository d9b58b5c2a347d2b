public import RaftCore

/// The replicated view: a row for each member, changed only by applying what was committed.
public struct ClusterHealthView: Equatable, Sendable {
    /// The membership it was last told of; nil before the first.
    public internal(set) var membership: Membership?
    /// A row for each member of the membership.
    public internal(set) var rows: NodeMap<MemberRow>
    /// Of the last round applied; nil before the first. Never falls.
    public internal(set) var clusterTime: ClusterTime?
    /// The leader's wall clock at the last round's proposal; nil before the first.
    public internal(set) var wallTime: WallTime?
    /// The most recent transitions, oldest first, at most `maximumTransitions`.
    public internal(set) var transitions: [Transition]
    /// Who reaches whom: the last round's reports, of members about other members only.
    public internal(set) var links: NodeMap<ObserverReport>

    /// How many transitions are kept.
    public static let maximumTransitions = 256

    /// A view of nothing.
    public init() {
        rows = NodeMap()
        transitions = []
        links = NodeMap()
    }

    /// A view as it was stored.
    ///
    /// Rows and links of nodes outside the membership are left out, members without a row get an unknown one, and only the latest
    /// `maximumTransitions` are kept.
    public init(
        membership: Membership?, rows: NodeMap<MemberRow>, clusterTime: ClusterTime?, wallTime: WallTime?, transitions: [Transition],
        links: NodeMap<ObserverReport> = NodeMap()
    ) {
        self.rows = rows
        self.clusterTime = clusterTime
        self.wallTime = wallTime
        self.transitions = Array(transitions.suffix(ClusterHealthView.maximumTransitions))
        self.links = links
        if let membership {
            apply(membership)
        } else {
            self.rows = NodeMap()
            self.links = NodeMap()
        }
    }
}
