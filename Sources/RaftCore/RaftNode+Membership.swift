// The governing configuration: thesis ch. 4. It takes effect when appended, committed or not.

extension RaftNode {
    /// The governing configuration is another: a leader tracks the nodes that belong, a follower learns whether it may campaign.
    mutating func membershipChanged() {
        guard let membership = memberships.current else { return }
        output.facts.append(.membershipChanged(membership))
        if role.isLeader {
            trackMembers()
        } else if isVoter, electionDeadline == .never {
            electionDeadline = now + randomTimeout()
        }
    }

    /// As leader, keeps a progress for every other node of the configuration and for no one else.
    mutating func trackMembers() {
        guard let membership = memberships.current, var state = role.leading else { return }
        state.progress.keep { peer, _ in membership.member(peer) != nil }
        for member in membership.members where member.id != id && state.progress[member.id] == nil {
            var progress = Progress(next: log.lastIndex.next)
            progress.behindSince = now
            state.progress[member.id] = progress
        }
        role = .leader(state)
    }
}
