/// What `GET /api/v1/status` answers: this node as it sees itself and the cluster, proved to nobody.
///
/// In all documents: what is not known is left out; identities are hexadecimal strings; a name `member` is the operator's name.
public struct StatusDocument: Codable, Equatable, Sendable {
    /// This node.
    public var node: MemberDocument
    public var cluster: ClusterDocument
    /// The program's version.
    public var version: String
    /// When the process started.
    public var startedAt: Timestamp?
    /// `follower`, `precandidate`, `candidate`, `leader` or `learner`.
    public var role: String
    public var term: UInt64
    /// Whom this node follows, or itself; absent while it knows of no leader.
    public var leader: LeaderDocument?
    public var commitIndex: UInt64
    public var appliedIndex: UInt64
    public var lastLogIndex: UInt64
    /// Voters that may still be lost before the quorum is; on the leader only.
    public var failureTolerance: Int?
    /// When the last health round applied here was proposed, by its leader's clock.
    public var roundAt: Timestamp?
    /// Whether the node has caught up since it started; what `/-/ready` says.
    public var isReady: Bool
    /// Whether the node would serve the view: it leads, and its last round is fresh. Without the proof that a scrape asks for.
    public var isServing: Bool
    /// The other nodes as this one reaches them, by name.
    public var peers: [PeerDocument]
    /// All members as applied here, by name.
    public var members: [MemberDocument]

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case node, cluster, version, role, term, leader, peers, members
        case startedAt = "started_at"
        case commitIndex = "commit_index"
        case appliedIndex = "applied_index"
        case lastLogIndex = "last_log_index"
        case failureTolerance = "failure_tolerance"
        case roundAt = "round_at"
        case isReady = "ready"
        case isServing = "serving"
    }

    public init(
        node: MemberDocument, cluster: ClusterDocument, version: String, startedAt: Timestamp? = nil, role: String, term: UInt64,
        leader: LeaderDocument? = nil, commitIndex: UInt64, appliedIndex: UInt64, lastLogIndex: UInt64, failureTolerance: Int? = nil,
        roundAt: Timestamp? = nil, isReady: Bool, isServing: Bool, peers: [PeerDocument], members: [MemberDocument]
    ) {
        self.node = node
        self.cluster = cluster
        self.version = version
        self.startedAt = startedAt
        self.role = role
        self.term = term
        self.leader = leader
        self.commitIndex = commitIndex
        self.appliedIndex = appliedIndex
        self.lastLogIndex = lastLogIndex
        self.failureTolerance = failureTolerance
        self.roundAt = roundAt
        self.isReady = isReady
        self.isServing = isServing
        self.peers = peers
        self.members = members
    }
}

/// Which cluster.
public struct ClusterDocument: Codable, Equatable, Sendable {
    public var name: String
    /// 32 hexadecimal digits; absent before the cluster's first entry arrived.
    public var id: String?

    /// The keys as written.
    enum CodingKeys: String, CodingKey { case name, id }

    public init(name: String, id: String? = nil) {
        self.name = name
        self.id = id
    }
}

/// One member of the cluster.
public struct MemberDocument: Codable, Equatable, Sendable {
    public var member: String
    /// Up to 16 hexadecimal digits.
    public var id: String
    /// `voter` or `learner`; of a node outside every configuration known to it, absent.
    public var role: String?
    /// Where other members dial it, `host:port`.
    public var address: String
    /// Where its web endpoint is reached, such as `http://a.example:10310`.
    public var webURL: String

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case member, id, role, address
        case webURL = "web_url"
    }

    public init(member: String, id: String, role: String? = nil, address: String, webURL: String) {
        self.member = member
        self.id = id
        self.role = role
        self.address = address
        self.webURL = webURL
    }
}

/// Who leads.
public struct LeaderDocument: Codable, Equatable, Sendable {
    /// Absent while the leader's name is not known here.
    public var member: String?
    public var id: String
    /// Where its web endpoint is reached; absent while not known here.
    public var webURL: String?

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case member, id
        case webURL = "web_url"
    }

    public init(member: String?, id: String, webURL: String?) {
        self.member = member
        self.id = id
        self.webURL = webURL
    }
}

/// Another node as this one reaches it.
public struct PeerDocument: Codable, Equatable, Sendable {
    public var member: String
    public var id: String
    public var isLinkUp: Bool
    /// The version of its program, while this node is connected to it.
    public var version: String?
    /// The latest round trip.
    public var roundTripSeconds: Double?

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case member, id, version
        case isLinkUp = "link_up"
        case roundTripSeconds = "rtt_seconds"
    }

    public init(member: String, id: String, isLinkUp: Bool, version: String? = nil, roundTripSeconds: Double? = nil) {
        self.member = member
        self.id = id
        self.isLinkUp = isLinkUp
        self.version = version
        self.roundTripSeconds = roundTripSeconds
    }
}
