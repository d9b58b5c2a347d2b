/// What `GET /api/v1/view` answers on the leader that has just proved its leadership: the view as committed.
public struct ViewDocument: Codable, Equatable, Sendable {
    public var cluster: ClusterDocument
    public var leader: LeaderDocument
    /// Of the last entry applied.
    public var term: UInt64
    public var index: UInt64
    /// When the last round was proposed, by its leader's clock.
    public var roundAt: Timestamp?
    /// By name.
    public var members: [MemberStateDocument]
    /// Who reaches whom; a pair of which the observer has no opinion is absent.
    public var links: [LinkDocument]

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case cluster, leader, term, index, members, links
        case roundAt = "round_at"
    }

    public init(
        cluster: ClusterDocument, leader: LeaderDocument, term: UInt64, index: UInt64, roundAt: Timestamp?,
        members: [MemberStateDocument], links: [LinkDocument]
    ) {
        self.cluster = cluster
        self.leader = leader
        self.term = term
        self.index = index
        self.roundAt = roundAt
        self.members = members
        self.links = links
    }
}

/// One member as the view has it.
public struct MemberStateDocument: Codable, Equatable, Sendable {
    public var member: String
    public var id: String
    /// `voter` or `learner`.
    public var role: String
    public var address: String
    public var webURL: String
    /// `up`, `suspect`, `degraded`, `down`, `maintenance` or `unknown`.
    public var state: String
    /// The truth underneath, which maintenance does not hide; absent while unknown.
    public var isUp: Bool?
    /// When the state was entered.
    public var since: Timestamp?
    /// `silent`, `refused`, `closed` or `stopped`; absent unless down.
    public var downReason: String?
    public var isFlapping: Bool
    /// Other observers that had contact with it in the last round.
    public var observersReaching: UInt32
    /// How often it entered each state.
    public var transitions: [TransitionCountDocument]
    /// What it last reported of itself.
    public var sample: SampleDocument?
    /// How far the member's log equals the leader's, as the leader knows it now; absent for members without a log.
    public var matchIndex: UInt64?

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case member, id, role, address, state, since, transitions, sample
        case matchIndex = "match_index"
        case webURL = "web_url"
        case isUp = "up"
        case downReason = "reason"
        case isFlapping = "flapping"
        case observersReaching = "observers_reaching"
    }

    public init(
        member: String, id: String, role: String, address: String, webURL: String, state: String, isUp: Bool?, since: Timestamp?,
        downReason: String? = nil, isFlapping: Bool, observersReaching: UInt32, transitions: [TransitionCountDocument],
        sample: SampleDocument? = nil, matchIndex: UInt64? = nil
    ) {
        self.member = member
        self.id = id
        self.role = role
        self.address = address
        self.webURL = webURL
        self.state = state
        self.isUp = isUp
        self.since = since
        self.downReason = downReason
        self.isFlapping = isFlapping
        self.observersReaching = observersReaching
        self.transitions = transitions
        self.sample = sample
        self.matchIndex = matchIndex
    }
}

/// How often a member entered a state.
public struct TransitionCountDocument: Codable, Equatable, Sendable {
    public var to: String
    public var count: UInt64

    /// The keys as written.
    enum CodingKeys: String, CodingKey { case to, count }

    public init(to: String, count: UInt64) {
        self.to = to
        self.count = count
    }
}

/// What one observer says of its link to one member.
public struct LinkDocument: Codable, Equatable, Sendable {
    /// The observer's name.
    public var from: String
    /// The member's name.
    public var to: String
    public var isUp: Bool
    /// `silent`, `refused` or `closed`; absent while up.
    public var reason: String?

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case from, to, reason
        case isUp = "up"
    }

    public init(from: String, to: String, isUp: Bool, reason: String? = nil) {
        self.from = from
        self.to = to
        self.isUp = isUp
        self.reason = reason
    }
}
