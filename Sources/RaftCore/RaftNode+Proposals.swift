// Why a proposal is not taken: every queue it would join is bounded.

extension RaftNode {
    mutating func count(_ refusal: ProposalRefusal) {
        if let position = ProposalRefusal.allCases.firstIndex(of: refusal) { counters.proposalsFailed[position] += 1 }
    }

    /// Counts a refusal that is the node's, not one of a change that makes no sense.
    mutating func countMembership(_ refusal: MembershipRefusal) {
        switch refusal {
        case .notLeader: count(ProposalRefusal.notLeader)
        case .transferring: count(ProposalRefusal.transferring)
        case .changePending, .noOwnTermCommit: count(.membershipChangePending)
        case .overloaded: count(.tooManyUncommitted)
        case .noSuchMember, .alreadyMember, .nameTaken, .addressTaken, .notLearner, .notVoter, .behind, .lastVoter, .tooManyVoters,
            .tooManyMembers, .quorumAtRisk:
            break
        }
    }

    func refusal(for command: [UInt8]) -> ProposalRefusal? {
        guard let state = role.leading else { return .notLeader }
        if state.transfer != nil { return .transferring }
        if command.count > configuration.limits.entryBytes { return .tooLarge }
        if isStorageStalled || state.uncommittedBytes + command.count > configuration.limits.uncommittedBytes { return .tooManyUncommitted }
        return nil
    }
}
