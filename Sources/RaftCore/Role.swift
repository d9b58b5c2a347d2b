/// What a node is at the moment, with what only that role needs.
///
/// Legal transitions (Raft, extended version, figure 4; thesis §9.6): follower → pre-candidate → candidate → leader;
/// follower → candidate when leadership is handed to it; any → follower.
enum Role: Equatable, Sendable {
    case follower
    case preCandidate(CandidateState)
    case candidate(CandidateState)
    case leader(LeaderState)

    /// The leader's state; assigning replaces it while leading.
    var leading: LeaderState? {
        get {
            switch self {
            case .leader(let state): return state
            case .follower, .preCandidate, .candidate: return nil
            }
        }
        set {
            if let newValue, isLeader { self = .leader(newValue) }
        }
    }

    var isLeader: Bool {
        switch self {
        case .leader: return true
        case .follower, .preCandidate, .candidate: return false
        }
    }
}

/// A campaign, before or in its term.
struct CandidateState: Equatable, Sendable {
    /// The votes cast so far, its own included once it is durable.
    var votes: NodeMap<Bool> = NodeMap()
    /// Somebody refused since a leader is alive: worth trying again soon.
    var refusedForLiveLeader = false
    /// The campaign was ordered by the leader.
    var transfer = false
    /// Our own vote counts once this write is durable; nil when it does.
    var voteWrite: WriteNumber?
}

/// A leadership.
struct LeaderState: Equatable, Sendable {
    /// When it began.
    var since: MonotonicInstant
    /// The index of its first entry, a no-op.
    var firstIndex: LogIndex
    /// Every other node of the configuration.
    var progress: NodeMap<Progress>
    var nextHeartbeat: MonotonicInstant
    /// The newest proof round; 0 before the first.
    var round: UInt64 = 0
    /// When recent rounds were sent, ascending, so that an acknowledgement proves contact at the time of sending.
    var roundsSent: [RoundSent] = []
    /// Requests that arrived since the newest round was sent, then those that wait for acknowledgements.
    var proofs: [PendingProof] = []
    /// A proof is wanted that no round sent so far can give.
    var roundWanted = false
    /// Something was proposed that has not been sent yet.
    var replicationWanted = false
    var transfer: Transfer?
    /// Bytes of entries not yet committed.
    var uncommittedBytes = 0
    /// When entries were appended, ascending, at a resolution of a heartbeat interval, for the lag in time.
    var appendTimes: [AppendTime] = []

    struct RoundSent: Equatable, Sendable {
        var round: UInt64
        var at: MonotonicInstant
    }

    struct PendingProof: Equatable, Sendable {
        var id: ProofID
        /// Acknowledgements of this round or a later one prove it.
        var round: UInt64
        var readIndex: LogIndex
    }

    /// Leadership on its way to another voter.
    struct Transfer: Equatable, Sendable {
        var target: NodeID
        var deadline: MonotonicInstant
        var ordered = false
    }

    struct AppendTime: Equatable, Sendable {
        var index: LogIndex
        var at: MonotonicInstant
    }

    static let maximumRoundsRemembered = 1_024
    static let maximumAppendTimes = 4_096
}
