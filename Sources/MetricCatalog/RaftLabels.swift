public import RaftCore

// The label values of RaftCore's enumerations. RaftCore itself knows nothing of metrics.

extension RaftStatus.RoleName {
    /// The role's name in metrics and documents.
    public var label: String {
        switch self {
        case .follower: "follower"
        case .preCandidate: "precandidate"
        case .candidate: "candidate"
        case .leader: "leader"
        case .learner: "learner"
        }
    }
}

extension Membership.Role {
    /// The role's name in metrics and documents.
    public var label: String {
        switch self {
        case .voter: "voter"
        case .learner: "learner"
        }
    }
}

extension VoteRefusal {
    var label: String {
        switch self {
        case .staleTerm: "stale_term"
        case .leaderAlive: "leader_alive"
        case .logBehind: "log_behind"
        case .alreadyVoted: "already_voted"
        case .storageStalled: "storage_stalled"
        }
    }
}

extension StepDownReason {
    var label: String {
        switch self {
        case .higherTerm: "higher_term"
        case .lostQuorum: "lost_quorum"
        case .transferred: "transferred"
        case .removed: "removed"
        case .storageStalled: "storage_stalled"
        }
    }
}

extension ProposalRefusal {
    var label: String {
        switch self {
        case .notLeader: "not_leader"
        case .transferring: "transferring"
        case .tooLarge: "too_large"
        case .tooManyUncommitted: "too_many_uncommitted"
        case .replaced: "replaced"
        case .membershipChangePending: "membership_change_pending"
        }
    }
}
