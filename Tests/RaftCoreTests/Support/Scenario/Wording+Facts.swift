@testable import RaftCore

// What happened, and why something was refused.

extension Wording {
    static func fact(_ fact: RaftFact) -> String {
        switch fact {
        case .becameFollower(let term, let leader): return "became follower in t\(term), leader \(node(leader))"
        case .startedPreVote(let term, let isCrashed): return "asks for pre-votes for t\(term)" + (isCrashed ? ", the leader crashed" : "")
        case .startedElection(let term): return "campaigns in t\(term)"
        case .becameLeader(let term): return "became leader of t\(term)"
        case .steppedDown(let term, let reason): return "stepped down in t\(term): \(stepDown(reason))"
        case .preVoteRefused(let voter, let reason): return "pre-vote refused by n\(voter): \(refusal(reason))"
        case .leaderChanged(let term, let leader): return "leader \(node(leader)) in t\(term)"
        case .logTruncated(let index): return "cuts its log from \(index)"
        case .membershipChanged(let membership): return "governed by \(members(membership))"
        case .logCompacted(let index, let snapshot): return "snapshot at \(place(snapshot)), keeps its log after \(index)"
        case .snapshotSendingStarted(let peer, let position): return "begins to send n\(peer) the snapshot at \(place(position))"
        case .snapshotReceived(let position): return "received the snapshot at \(place(position))"
        case .snapshotTooLarge(let position, let bytes): return "snapshot at \(place(position)) is too large: \(bytes) bytes"
        case .snapshotRefused(let position): return "refuses the snapshot at \(place(position)): damaged"
        case .departed(let peer): return "is done with n\(peer), which was removed"
        case .removed: return "was removed from the cluster"
        case .storageStalled(let isStalled): return isStalled ? "storage stalls" : "storage goes on"
        case .malformedMessage(let sender, let reason): return "ignores n\(sender): \(reason)"
        }
    }

    static func node(_ id: NodeID?) -> String { id.map { "n\($0)" } ?? "none" }

    static func refusal(_ refusal: VoteRefusal) -> String {
        switch refusal {
        case .staleTerm: return "stale term"
        case .leaderAlive: return "leader alive"
        case .logBehind: return "log behind"
        case .alreadyVoted: return "already voted"
        case .storageStalled: return "storage stalled"
        }
    }

    private static func stepDown(_ reason: StepDownReason) -> String {
        switch reason {
        case .higherTerm: return "higher term"
        case .lostQuorum: return "lost quorum"
        case .transferred: return "transferred"
        case .removed: return "removed"
        case .storageStalled: return "storage stalled"
        }
    }

    static func refusal(_ refusal: ProposalRefusal) -> String {
        switch refusal {
        case .notLeader: return "not leader"
        case .transferring: return "transferring"
        case .tooLarge: return "too large"
        case .tooManyUncommitted: return "too many uncommitted"
        case .replaced: return "replaced"
        case .membershipChangePending: return "membership change pending"
        }
    }

    static func refusal(_ refusal: ProofRefusal) -> String {
        switch refusal {
        case .notLeader: return "not leader"
        case .tooManyWaiting: return "too many waiting"
        }
    }

    static func refusal(_ refusal: TransferRefusal) -> String {
        switch refusal {
        case .notLeader: return "not leader"
        case .alreadyTransferring: return "already transferring"
        case .noSuchVoter: return "no such voter"
        }
    }

    static func refusal(_ refusal: MembershipRefusal) -> String {
        switch refusal {
        case .notLeader: return "not leader"
        case .transferring: return "transferring"
        case .changePending: return "change pending"
        case .noOwnTermCommit: return "no commit in its own term"
        case .noSuchMember: return "no such member"
        case .alreadyMember: return "already member"
        case .nameTaken: return "name taken"
        case .notLearner: return "not learner"
        case .notVoter: return "not voter"
        case .behind: return "behind"
        case .lastVoter: return "last voter"
        case .tooManyVoters: return "too many voters"
        case .tooManyMembers: return "too many members"
        case .quorumAtRisk: return "quorum at risk"
        case .overloaded: return "overloaded"
        case .addressTaken: return "address taken"
        }
    }

    static func proof(_ answer: ProofAnswer) -> String {
        switch answer.result {
        case .proven(let index, let term): return "proof \(answer.id): leads t\(term), current at \(index)"
        case .leadershipLost: return "proof \(answer.id): leadership lost"
        }
    }

    /// In whole milliseconds, rounded down.
    static func time(_ duration: Duration) -> String { "\(duration.wholeNanoseconds / 1_000_000)ms" }
}
