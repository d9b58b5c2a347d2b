// A leader that crashed is noticed by what its machine says, not by waiting for silence. Safety never rests on it: a wrong belief
// costs a pre-vote that others refuse.

extension RaftNode {
    /// The leader's process is gone: campaign in turn of rank, since random waits of milliseconds split most elections.
    mutating func noteCrash(of peer: NodeID, slot: Duration) {
        guard peer == leader, !role.isLeader, !leaderCrashed else { return }
        leaderCrashed = true
        quickRetryUntil = now + configuration.electionTimeout * 2
        campaignInTurn(slot: slot)
    }

    /// Sets the deadline to this node's turn among the voters that may campaign.
    mutating func campaignInTurn(slot: Duration) {
        guard mayCampaign else { return }
        let rank = voters.filter { $0 != leader && $0 < id }.count
        electionDeadline = min(electionDeadline, now + slot * rank)
    }

    /// A leader was heard from: whatever was believed of its end is wrong.
    mutating func cancelCrashEvidence() {
        leaderCrashed = false
        quickRetryUntil = now
    }
}
