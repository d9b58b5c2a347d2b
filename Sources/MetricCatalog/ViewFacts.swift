public import ClusterHealth
public import RaftCore

/// The view a leader has just proved, with what it alone tracks.
public struct ViewFacts: Sendable {
    /// As of the last entry applied, whose term and index these are.
    public var view: ClusterHealthView
    public var term: Term
    public var index: LogIndex
    /// In a cluster of more members the link matrix is left out: it grows with their square.
    public var linkMatrixMaximumMembers: Int
    public var tracking: LeaderTracking

    /// The most members of a cluster whose link matrix is exported unless a flag says otherwise.
    public static let defaultLinkMatrixMaximumMembers = 32

    /// What a leader knows and does not replicate.
    public struct LeaderTracking: Equatable, Sendable {
        /// The leader itself; it sends itself no heartbeats.
        public var leader: NodeID
        /// The leader's latest contact with each member.
        public var lastContact: NodeMap<WallTime>
        /// Since the process started; a member that is not there had none.
        public var heartbeats: NodeMap<UInt64>
        public var heartbeatFailures: NodeMap<UInt64>
        public var heartbeatRoundTrip: NodeMap<Duration>
        /// Each other node's replication.
        public var progress: NodeMap<RaftStatus.PeerProgress>

        public init(
            leader: NodeID, lastContact: NodeMap<WallTime> = NodeMap(), heartbeats: NodeMap<UInt64> = NodeMap(),
            heartbeatFailures: NodeMap<UInt64> = NodeMap(), heartbeatRoundTrip: NodeMap<Duration> = NodeMap(),
            progress: NodeMap<RaftStatus.PeerProgress> = NodeMap()
        ) {
            self.leader = leader
            self.lastContact = lastContact
            self.heartbeats = heartbeats
            self.heartbeatFailures = heartbeatFailures
            self.heartbeatRoundTrip = heartbeatRoundTrip
            self.progress = progress
        }
    }

    public init(
        view: ClusterHealthView, term: Term, index: LogIndex, tracking: LeaderTracking,
        linkMatrixMaximumMembers: Int = ViewFacts.defaultLinkMatrixMaximumMembers
    ) {
        self.view = view
        self.term = term
        self.index = index
        self.tracking = tracking
        self.linkMatrixMaximumMembers = linkMatrixMaximumMembers
    }
}
