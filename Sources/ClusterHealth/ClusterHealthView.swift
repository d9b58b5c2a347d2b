public import RaftCore

/// The replicated view: a row for each member, changed only by applying what was committed.
public struct ClusterHealthView: Equatable, Sendable {
    /// The membership it was last told of; nil before the first.
    public internal(set) var membership: Membership?
    /// A row for each member of the membership.
    public internal(set) var rows: NodeMap<MemberRow>
    /// Of the last round applied; nil before the first.
    public internal(set) var clusterTime: ClusterTime?
    /// The leader's wall clock at the last round's proposal; nil before the first.
    public internal(set) var wallTime: WallTime?
    /// The most recent transitions, oldest first, at most `maximumTransitions`.
    public internal(set) var transitions: [Transition]

    /// How many transitions are kept.
    public static let maximumTransitions = 256

    /// A view of nothing.
    public init() {
        rows = NodeMap()
        transitions = []
    }

    /// One member's change of state.
    public struct Transition: Equatable, Sendable {
        public var member: NodeID
        public var name: String
        public var from: MemberState
        public var to: MemberState
        public var reason: DownReason?
        public var clusterTime: ClusterTime
        public var wallTime: WallTime

        public init(member: NodeID, name: String, from: MemberState, to: MemberState, reason: DownReason?, clusterTime: ClusterTime, wallTime: WallTime) {
            self.member = member
            self.name = name
            self.from = from
            self.to = to
            self.reason = reason
            self.clusterTime = clusterTime
            self.wallTime = wallTime
        }
    }
}

/// What the view holds of one member.
public struct MemberRow: Equatable, Sendable {
    public var name: String
    public var role: Membership.Role
    public var address: String
    public var webURL: String
    public var state: MemberState
    /// The truth underneath, which maintenance does not hide; nil while unknown.
    public var isUp: Bool?
    public var downReason: DownReason?
    /// When the state was entered.
    public var since: ClusterTime
    public var sinceWall: WallTime
    /// Transitions into each state, in the order of `MemberState.allCases`.
    public var transitionsTo: [UInt64]
    public var flapping: Bool
    /// Cluster times of the up/down changes within the flap window, oldest first.
    public var recentChanges: [ClusterTime]
    /// Since when no majority has lost the member and another observer is in contact; nil while that does not hold.
    public var reachableSince: ClusterTime?
    /// How many other observers' fresh reports of the last round had contact with it.
    public var observersReaching: UInt32
    /// The latest sample.
    public var sample: HealthSample?

    public init(name: String, role: Membership.Role, address: String, webURL: String) {
        self.name = name
        self.role = role
        self.address = address
        self.webURL = webURL
        state = .unknown
        since = ClusterTime(milliseconds: 0)
        sinceWall = WallTime(milliseconds: 0)
        transitionsTo = MemberState.allCases.map { _ in 0 }
        flapping = false
        recentChanges = []
        observersReaching = 0
    }
}
