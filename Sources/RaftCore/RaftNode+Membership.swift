// The governing configuration and its changes: thesis ch. 4. It takes effect when appended, committed or not, and one change adds or
// removes at most one voter.

extension RaftNode {
    // MARK: Changing it

    /// The configuration after a change.
    func changed(by change: MembershipChange) throws(MembershipRefusal) -> Membership {
        guard let state = role.leading, let membership = memberships.current else { throw .notLeader }
        guard state.transfer == nil else { throw .transferring }
        guard (memberships.currentIndex ?? .zero) <= commitIndex else { throw .changePending }
        guard commitIndex >= state.firstIndex else { throw .noOwnTermCommit }
        guard !isStorageStalled, state.uncommittedBytes < configuration.limits.uncommittedBytes else { throw .overloaded }
        let changed = try apply(change, to: membership, state)
        guard changed.members.count <= Membership.maximumMembers else { throw .tooManyMembers }
        guard !changed.voters.isEmpty else { throw .lastVoter }
        guard changed.voters.count <= Membership.maximumVoters || changed.voters.count <= membership.voters.count else {
            throw .tooManyVoters
        }
        if changed.voters != membership.voters {
            let reachable = changed.voters.filter { $0 == id || isInContact($0, state) }.count
            guard reachable >= Quorum.majority(of: changed.voters.count) else { throw .quorumAtRisk }
        }
        return changed
    }

    private func apply(
        _ change: MembershipChange, to membership: Membership, _ state: LeaderState
    ) throws(MembershipRefusal) -> Membership {
        switch change {
        case .add(let newcomer): return try membership.adding(newcomer)
        case .promote(let node):
            guard let member = membership.member(node) else { throw .noSuchMember }
            guard member.role == .learner else { throw .notLearner }
            guard let progress = state.progress[node], isInContact(node, state), isCaughtUp(progress) else { throw .behind }
            return membership.replacing(node, with: member.with(role: .voter))
        case .demote(let node):
            guard let member = membership.member(node) else { throw .noSuchMember }
            guard member.role == .voter else { throw .notVoter }
            return membership.replacing(node, with: member.with(role: .learner))
        case .remove(let node):
            guard membership.member(node) != nil else { throw .noSuchMember }
            return membership.replacing(node, with: nil)
        case .replace(let node, let newcomer):
            guard membership.member(node) != nil else { throw .noSuchMember }
            return try membership.replacing(node, with: nil).adding(newcomer)
        }
    }

    private func isCaughtUp(_ progress: Progress) -> Bool {
        progress.transfer == nil && log.lastIndex.rawValue - progress.match.rawValue <= UInt64(configuration.limits.promotionLagEntries)
    }

    /// Whether a learner could be promoted now, as far as its log goes.
    public func hasCaughtUp(_ node: NodeID) -> Bool {
        guard let state = role.leading, let progress = state.progress[node] else { return false }
        return isInContact(node, state) && isCaughtUp(progress)
    }

    // MARK: Its effect

    /// The governing configuration is another: a leader tracks the nodes that belong, any other learns whether it may campaign.
    mutating func membershipChanged() {
        guard let membership = memberships.current else { return }
        output.facts.append(.membershipChanged(membership))
        if role.isLeader {
            trackMembers()
        } else if !mayCampaign {
            if role != .follower {
                output.facts.append(.becameFollower(term: term, leader: leader))
                role = .follower
            }
            electionDeadline = deadlineForSilence()
        } else if electionDeadline == .never {
            electionDeadline = now + randomTimeout()
        }
        noteRemoval()
    }

    /// As leader, keeps a progress for every other node of the configuration, and for those that must still hear of their removal.
    mutating func trackMembers() {
        guard let membership = memberships.current, let index = memberships.currentIndex, var state = role.leading else { return }
        state.progress.updateEach { peer, progress in
            if membership.member(peer) != nil {
                progress.departure = nil
            } else if progress.departure == nil {
                progress.departure = Progress.Departure(index: index)
            }
        }
        for member in membership.members where member.id != id && state.progress[member.id] == nil {
            var progress = Progress(next: log.lastIndex.next)
            progress.behindSince = now
            state.progress[member.id] = progress
        }
        if let transfer = state.transfer, !voters.contains(transfer.target) { state.transfer = nil }
        role = .leader(state)
    }

    /// Nodes that were removed and are still to be told, ascending.
    public var departing: [NodeID] {
        guard let state = role.leading else { return [] }
        return state.progress.filter { $0.value.departure != nil }.map(\.id)
    }

    // MARK: Once it is committed

    /// The commit index has reached the governing configuration.
    mutating func membershipCommitted() {
        noteRemoval()
        guard var state = role.leading else { return }
        let deadline = now + configuration.electionTimeout
        state.progress.updateEach { _, progress in
            if progress.departure != nil, progress.departure?.deadline == nil { progress.departure?.deadline = deadline }
        }
        role = .leader(state)
        for peer in departing { seeOff(peer) }
        continueHandover()
    }

    /// A removed node that holds the entry which removed it is told that this is committed, then forgotten.
    mutating func seeOff(_ peer: NodeID) {
        guard let progress = role.leading?.progress[peer], let departure = progress.departure, departure.deadline != nil else { return }
        guard progress.match >= departure.index else { return }
        sendHeartbeat(to: peer)
        depart(peer)
    }

    /// Forgets the removed nodes that did not answer in time.
    mutating func giveUpDeparted() {
        for peer in departing {
            guard let deadline = role.leading?.progress[peer]?.departure?.deadline, now >= deadline else { continue }
            depart(peer)
        }
    }

    private mutating func depart(_ peer: NodeID) {
        role.leading?.progress[peer] = nil
        output.facts.append(.departed(peer))
    }

    /// A leader that a committed change made no voter hands over; until then it leads without counting itself (thesis §4.2.2).
    mutating func continueHandover() {
        guard let state = role.leading, !isVoter, commitIndex >= memberships.currentIndex ?? .zero, state.transfer == nil else { return }
        let voters = self.voters
        let target = voters.filter { isInContact($0, state) }.max {
            (state.progress[$0]?.match ?? .zero) < (state.progress[$1]?.match ?? .zero)
        }
        guard let target, state.progress[target]?.match == log.lastIndex else { return }
        send(.timeoutNow, to: target)
        becomeFollower(term: term, leader: nil, reason: .removed)
    }

    // MARK: The removed node

    /// A node that belonged, and no longer does by a committed change, says so unless a leader goes on speaking to it: one that is only
    /// replaying old entries is spoken to.
    mutating func noteRemoval() {
        guard isRemoved else {
            removalDeadline = .never
            return
        }
        removalDeadline = min(removalDeadline, (leaderContact ?? now) + configuration.electionTimeout * 2)
    }

    mutating func announceRemoval() {
        guard isRemoved else { return removalDeadline = .never }
        let patience = configuration.electionTimeout * 2
        if let leaderContact, now < leaderContact + patience { return removalDeadline = leaderContact + patience }
        removalDeadline = .never
        follow(leader: nil)
        output.facts.append(.removed)
    }

    private var isRemoved: Bool {
        guard let membership = memberships.current, membership.member(id) == nil, memberships.hasKnown(id) else { return false }
        return commitIndex >= memberships.currentIndex ?? .zero && !role.isLeader
    }
}

extension Membership {
    fileprivate func adding(_ newcomer: Member) throws(MembershipRefusal) -> Membership {
        guard member(newcomer.id) == nil else { throw .alreadyMember }
        guard !members.contains(where: { $0.name == newcomer.name }) else { throw .nameTaken }
        guard !members.contains(where: { $0.address == newcomer.address }) else { throw .addressTaken }
        return Membership(clusterID: clusterID, members: members + [newcomer.with(role: .learner)], extra: extra)
    }

    fileprivate func replacing(_ id: NodeID, with replacement: Member?) -> Membership {
        Membership(clusterID: clusterID, members: members.compactMap { $0.id == id ? replacement : $0 }, extra: extra)
    }
}

extension Membership.Member {
    fileprivate func with(role: Membership.Role) -> Membership.Member {
        Membership.Member(id: id, name: name, role: role, address: address, webURL: webURL, extra: extra)
    }
}
