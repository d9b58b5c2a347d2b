extension RaftNode {
    /// The node's state as others may see it.
    public var status: RaftStatus {
        RaftStatus(
            id: id, term: term, role: roleName, leader: leader, commitIndex: commitIndex, lastLogIndex: log.lastIndex,
            firstLogIndex: log.firstIndex, snapshotIndex: storedSnapshot?.index ?? .zero, snapshotBytes: storedSnapshot?.bytes ?? 0,
            membership: memberships.current,
            failureTolerance: failureTolerance,
            counters: counters, proposalsPending: proposalsPending, progress: peerProgress)
    }

    private var roleName: RaftStatus.RoleName {
        switch role {
        case .follower: return memberships.current?.member(id)?.role == .learner ? .learner : .follower
        case .preCandidate: return .preCandidate
        case .candidate: return .candidate
        case .leader: return .leader
        }
    }

    /// Voters in contact beyond a majority; negative never, since a leader without a quorum stands down.
    private var failureTolerance: Int? {
        guard let state = role.leading else { return nil }
        let reachable = voters.filter { $0 == id || isInContact($0, state) }.count
        return max(0, reachable - Quorum.majority(of: voters.count))
    }

    private var proposalsPending: Int {
        guard let state = role.leading else { return 0 }
        return Int(log.lastIndex.rawValue - max(commitIndex, min(state.firstIndex, log.lastIndex)).rawValue)
    }

    private var peerProgress: NodeMap<RaftStatus.PeerProgress> {
        var peers = NodeMap<RaftStatus.PeerProgress>()
        guard let state = role.leading else { return peers }
        for (peer, progress) in state.progress where progress.departure == nil {
            peers[peer] = RaftStatus.PeerProgress(
                matchIndex: progress.match, nextIndex: progress.next, lagEntries: log.lastIndex.rawValue - progress.match.rawValue,
                lag: progress.behindSince.map { now - $0 } ?? .zero, lastContact: progress.acknowledgedSentAt)
        }
        return peers
    }
}

extension RaftNode {
    /// Whether it leads.
    public var isLeader: Bool { role.isLeader }

    /// Whether it campaigns in a term of its own, after a majority's pre-votes or on its leader's order.
    public var isCampaigning: Bool {
        if case .candidate = role { true } else { false }
    }

    /// The node's term.
    public var currentTerm: Term { term }

    /// Whom it follows or, when it leads, itself.
    public var currentLeader: NodeID? { leader }

    /// The index of its log's last entry.
    public var lastLogIndex: LogIndex { log.lastIndex }

    /// The governing configuration; nil before the cluster's first entry arrived.
    public var membership: Membership? { memberships.current }

    /// Whether everything a leader called committed since this node started, by the leader's first word on it, is applied through an index.
    public func hasCaughtUp(appliedThrough index: LogIndex) -> Bool { learnedCommitIndex.map { index >= $0 } ?? false }
}

extension RaftNode {
    /// Elections this node started and won since its process started.
    public var electionCounts: (started: UInt64, won: UInt64) { (counters.electionsStarted, counters.electionsWon) }
}
