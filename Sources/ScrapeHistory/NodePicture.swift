/// What one scrape said, as far as the cluster's course is concerned.
public struct NodePicture: Sendable {
    public var clusterID: String?
    public var term: Int
    public var appliedIndex: Int
    public var lastLogIndex: Int?
    public var hasLeader: Bool
    public var isLeader: Bool
    /// The leader that this node knows.
    public var leader: String?
    /// Wall time of the last round applied, in seconds since 1970; nil before the first.
    public var roundTimestampSeconds: Double?
    /// How far this observer stretches its patience: 1 to 2; nil where it does not say.
    public var patience: Double?
    /// The proven view, where there was one.
    public var view: View?

    /// Whether the scrape carries the view.
    public var isServing: Bool { view != nil }

    /// A proven view.
    public struct View: Sendable, Equatable {
        public var term: Int
        public var index: Int
        /// By name.
        public var members: [String: Member]
        /// By `name to`.
        public var transitions: [String: Int]

        public init(term: Int, index: Int, members: [String: Member], transitions: [String: Int]) {
            self.term = term
            self.index = index
            self.members = members
            self.transitions = transitions
        }

        /// Whether it shows the member down, in either of the two ways a view can say so.
        public func showsDown(_ member: String) -> Bool {
            members[member].map { $0.isUp == false || $0.state == "down" } ?? false
        }
    }

    /// A member's row.
    public struct Member: Sendable, Equatable {
        /// Nil while unknown.
        public var isUp: Bool?
        public var state: String
        /// Why it is down, while it is.
        public var reason: String?

        public init(isUp: Bool?, state: String, reason: String? = nil) {
            self.isUp = isUp
            self.state = state
            self.reason = reason
        }
    }

    public init(
        clusterID: String? = nil, term: Int, appliedIndex: Int, lastLogIndex: Int? = nil, hasLeader: Bool, isLeader: Bool,
        leader: String? = nil, roundTimestampSeconds: Double? = nil, patience: Double? = nil, view: View? = nil
    ) {
        self.clusterID = clusterID
        self.term = term
        self.appliedIndex = appliedIndex
        self.lastLogIndex = lastLogIndex
        self.hasLeader = hasLeader
        self.isLeader = isLeader
        self.leader = leader
        self.roundTimestampSeconds = roundTimestampSeconds
        self.patience = patience
        self.view = view
    }
}
