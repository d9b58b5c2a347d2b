import NodeReplica
import RaftCore
import WireFormat

/// How an operator's command ended, as the one who asked is told.
enum OperatorOutcome: Equatable, Sendable {
    /// Committed at this index; nil where no entry was needed.
    case done(LogIndex?)
    /// Nothing has changed, and here is why.
    case refused(String)
    /// Nothing has changed: nobody could decide. Worth asking again by itself.
    case unavailable(String)
    /// It may or may not have come about.
    case unknown(String)
}

extension OperatorOutcome {
    /// What a leader answered that the command was forwarded to.
    init(_ reply: OperatorReply) {
        switch reply.refusal {
        case let reason? where reply.isUnavailable: self = .unavailable(reason)
        case let reason?: self = .refused(reason)
        case nil: self = .done(reply.index > .zero ? reply.index : nil)
        }
    }

    /// The answer to whoever forwarded a command; nil for what is not known, which they find out by themselves.
    func reply(to request: OperatorRequest) -> OperatorReply? {
        switch self {
        case .done(let index): OperatorReply(sequence: request.sequence, refusal: nil, index: index ?? .zero)
        case .refused(let reason): OperatorReply(sequence: request.sequence, refusal: reason, index: .zero)
        case .unavailable(let reason): OperatorReply(sequence: request.sequence, refusal: reason, index: .zero, isUnavailable: true)
        case .unknown: nil
        }
    }
}

/// Words for outcomes: one line each, with what to do.
struct OperatorWords {
    let membership: Membership?

    static let noLeader = "no leader is known here: the cluster is electing one, or has lost its quorum; nothing was changed"
    static let tooMany = "too many requests at once; nothing was changed, try again in a moment"
    static let seeList = "it may or may not come about: see 'quorum-exporter members list' before you try again"
    static let timeIsUp = "no outcome in time; " + seeList
    static let leaderLost = "the leader was lost before it said what came of it; " + seeList

    /// - Parameter outcome: nil when the time was up.
    func outcome(_ outcome: RequestOutcome?, of command: OperatorRequest.Command) -> OperatorOutcome {
        switch outcome {
        case .committed(let index): return .done(index)
        case .transferred, .joined: return .done(nil)
        case .membershipRefused(.notLeader), .transferRefused(.notLeader): return .unavailable(OperatorWords.noLeader)
        case .membershipRefused(let refusal): return .refused(reason(refusal, name(of: command), at: address(in: command)))
        case .transferRefused(.noSuchVoter) where command == .transferLeadership(nil):
            return .refused("no other voter is in contact with the leader")
        case .transferRefused(let refusal): return .refused(reason(refusal, name(of: command)))
        case .transferFailed: return .refused("\(name(of: command)) did not take over within an election timeout; the leader is the same")
        case .leadershipLost: return .unknown(OperatorWords.leaderLost)
        case nil: return .unknown(OperatorWords.timeIsUp)
        }
    }

    /// - Parameters:
    ///   - name: of the member, or of the node that is to be one.
    ///   - address: the one that node is to have; nil for a change that brings nobody in.
    func reason(_ refusal: MembershipRefusal, _ name: String, at address: String? = nil) -> String {
        switch refusal {
        case .notLeader: "this node does not lead; try again in a moment"
        case .transferring: "leadership is being handed over; try again in a moment"
        case .changePending: "another change of the membership is not committed yet; try again in a moment"
        case .noOwnTermCommit: "the leader has only just been elected; try again in a moment"
        case .noSuchMember: "\(name) is no member any more: see 'quorum-exporter members list'"
        case .alreadyMember: "\(name) is a member already"
        case .nameTaken: "another node is the member \(name): 'quorum-exporter members remove \(name)' first, if that one is gone for good"
        case .addressTaken: addressTaken(name, address)
        case .notLearner: "\(name) is a voter already"
        case .notVoter: "\(name) is a learner already"
        case .behind: "\(name) has not caught up with the log yet, or does not answer the leader; try again once it has"
        case .lastVoter: "\(name) is the only voter: a cluster cannot be without one; stop the process to end the cluster"
        case .tooManyVoters: "the cluster has \(Membership.maximumVoters) voters, and no more are useful; \(name) stays a learner"
        case .tooManyMembers: "the cluster has \(Membership.maximumMembers) members, the most there can be"
        case .quorumAtRisk:
            "too few of the voters that would be left answer the leader: the cluster could not go on; bring one of them back first"
        case .overloaded: "the leader's disk or its followers do not keep up; try again later"
        }
    }

    private func addressTaken(_ name: String, _ address: String?) -> String {
        let holder = membership?.members.first { $0.address == address }?.name ?? "another member"
        return "\(address ?? "its address") is where \(holder) is dialled: give \(name) an address of its own, or 'quorum-exporter members "
            + "remove \(holder)' first, if that one is gone for good"
    }

    private func reason(_ refusal: TransferRefusal, _ name: String) -> String {
        switch refusal {
        case .notLeader: "this node does not lead; try again in a moment"
        case .alreadyTransferring: "leadership is being handed over already"
        case .noSuchVoter: "\(name) is not a voter in contact with the leader: see 'quorum-exporter members list'"
        }
    }

    private func name(of command: OperatorRequest.Command) -> String {
        switch command {
        case .transferLeadership(nil): "any other voter"
        case .transferLeadership(let target?): name(of: target)
        case .changeMembership(.add(let member)), .changeMembership(.replace(_, let member)): member.name
        case .changeMembership(.promote(let node)), .changeMembership(.demote(let node)), .changeMembership(.remove(let node)):
            name(of: node)
        }
    }

    private func address(in command: OperatorRequest.Command) -> String? {
        switch command {
        case .changeMembership(.add(let member)), .changeMembership(.replace(_, let member)): member.address
        case .changeMembership(.promote), .changeMembership(.demote), .changeMembership(.remove), .transferLeadership: nil
        }
    }

    private func name(of node: NodeID) -> String { membership?.member(node)?.name ?? "\(node)" }
}
