/// A node's consensus state as an observer may see it: one immutable value.
public struct RaftStatus: Equatable, Sendable {
    public var id: NodeID
    public var term: Term
    public var role: RoleName
    /// Whom this node follows, or itself when it leads.
    public var leader: NodeID?
    public var commitIndex: LogIndex
    public var lastLogIndex: LogIndex
    public var firstLogIndex: LogIndex
    /// The last entry the newest snapshot covers; 0 without one.
    public var snapshotIndex: LogIndex
    /// Of the newest snapshot's state; 0 without one.
    public var snapshotBytes: Int
    /// The governing configuration; nil before the cluster's first entry arrived.
    public var membership: Membership?
    /// Voters that may still be lost without losing the quorum, as the leader sees the quorum now; nil elsewhere.
    public var failureTolerance: Int?
    public var counters: Counters
    /// Entries proposed here and not yet committed.
    public var proposalsPending: Int
    /// On the leader, each other node's replication.
    public var progress: NodeMap<PeerProgress>

    public enum RoleName: UInt8, Equatable, Sendable, CaseIterable {
        case follower = 1
        case preCandidate = 2
        case candidate = 3
        case leader = 4
        case learner = 5
    }

    /// Counts since the process started.
    public struct Counters: Equatable, Sendable {
        public var leaderChanges: UInt64 = 0
        public var electionsStarted: UInt64 = 0
        public var electionsWon: UInt64 = 0
        public var proposals: UInt64 = 0
        /// Snapshots taken here that are durable.
        public var snapshotsTaken: UInt64 = 0
        /// Snapshots that could not be taken, being larger than allowed.
        public var snapshotsTakenFailed: UInt64 = 0
        /// Snapshots that a follower has acknowledged as durable.
        public var snapshotsSent: UInt64 = 0
        /// Transfers of snapshots that a follower had to begin again.
        public var snapshotsSentFailed: UInt64 = 0
        /// Snapshots of leaders that are durable here.
        public var snapshotsReceived: UInt64 = 0
        /// Received snapshots whose checksum did not match.
        public var snapshotsReceivedFailed: UInt64 = 0
        /// Pre-votes of this node that others refused, in the order of `VoteRefusal.allCases`.
        public var preVotesRefused: [UInt64] = VoteRefusal.allCases.map { _ in 0 }
        /// In the order of `StepDownReason.allCases`.
        public var stepDowns: [UInt64] = StepDownReason.allCases.map { _ in 0 }
        /// In the order of `ProposalRefusal.allCases`.
        public var proposalsFailed: [UInt64] = ProposalRefusal.allCases.map { _ in 0 }

        public init() {}
    }

    public struct PeerProgress: Equatable, Sendable {
        public var matchIndex: LogIndex
        public var nextIndex: LogIndex
        public var lagEntries: UInt64
        /// Age of the oldest entry not yet on the peer; zero when level.
        public var lag: Duration
        /// When the newest acknowledged heartbeat was sent.
        public var lastContact: MonotonicInstant?

        public init(matchIndex: LogIndex, nextIndex: LogIndex, lagEntries: UInt64, lag: Duration, lastContact: MonotonicInstant?) {
            self.matchIndex = matchIndex
            self.nextIndex = nextIndex
            self.lagEntries = lagEntries
            self.lag = lag
            self.lastContact = lastContact
        }
    }

    public init(
        id: NodeID, term: Term, role: RoleName, leader: NodeID?, commitIndex: LogIndex, lastLogIndex: LogIndex, firstLogIndex: LogIndex,
        snapshotIndex: LogIndex, snapshotBytes: Int = 0, membership: Membership?, failureTolerance: Int?, counters: Counters,
        proposalsPending: Int,
        progress: NodeMap<PeerProgress>
    ) {
        self.id = id
        self.term = term
        self.role = role
        self.leader = leader
        self.commitIndex = commitIndex
        self.lastLogIndex = lastLogIndex
        self.firstLogIndex = firstLogIndex
        self.snapshotIndex = snapshotIndex
        self.snapshotBytes = snapshotBytes
        self.membership = membership
        self.failureTolerance = failureTolerance
        self.counters = counters
        self.proposalsPending = proposalsPending
        self.progress = progress
    }
}

/// Why a proposal was not taken.
public enum ProposalRefusal: UInt8, Error, Equatable, Sendable, CaseIterable {
    /// This node does not lead.
    case notLeader = 1
    /// Leadership is being handed over.
    case transferring = 2
    /// The command is larger than an entry may be.
    case tooLarge = 3
    /// Too many bytes wait for commitment, or too many writes for this node's own disk.
    case tooManyUncommitted = 4
    /// It was appended and lost: another leader replaced it. Counted, never thrown.
    case replaced = 5
    /// A change of membership is in flight, or none of this term has been committed yet.
    case membershipChangePending = 6
}
