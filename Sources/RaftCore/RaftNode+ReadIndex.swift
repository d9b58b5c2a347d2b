// Heartbeats, the leader's contact with its quorum, and proofs of leadership: Raft, extended version, §8; thesis §6.2 and §6.4.

/// Why no proof can be asked for.
public enum ProofRefusal: Error, Equatable, Sendable {
    case notLeader
    /// `RaftNode.maximumProofs` requests wait already.
    case tooManyWaiting
}

extension RaftNode {
    /// How many requests for proof may wait at once.
    public static let maximumProofs = 1_024

    mutating func enqueueProof() throws(ProofRefusal) -> ProofID {
        guard var state = role.leading else { throw .notLeader }
        guard state.proofs.count < RaftNode.maximumProofs else { throw .tooManyWaiting }
        lastProofID = ProofID(lastProofID.rawValue + 1)
        // Only a round sent from now on proves anything, and only entries of this term tell what is committed.
        let readIndex = max(commitIndex, state.firstIndex)
        state.proofs.append(LeaderState.PendingProof(id: lastProofID, round: state.round + 1, readIndex: readIndex))
        state.roundWanted = true
        role = .leader(state)
        return lastProofID
    }

    /// Sends a new round to every node of the configuration.
    mutating func sendHeartbeats() {
        guard var state = role.leading else { return }
        state.round += 1
        state.roundWanted = false
        state.nextHeartbeat = now + configuration.heartbeatInterval
        if state.roundsSent.count >= LeaderState.maximumRoundsRemembered {
            state.roundsSent.removeFirst(LeaderState.maximumRoundsRemembered / 2)
        }
        state.roundsSent.append(LeaderState.RoundSent(round: state.round, at: now))
        role = .leader(state)
        for peer in state.progress.nodes { sendHeartbeat(to: peer) }
        resolveProofs()
    }

    /// Sends the newest round to one peer.
    mutating func sendHeartbeat(to peer: NodeID) {
        guard let state = role.leading, let progress = state.progress[peer] else { return }
        send(.heartbeat(Heartbeat(commit: min(commitIndex, progress.match), round: state.round)), to: peer)
    }

    mutating func follow(_ heartbeat: Heartbeat, term leaderTerm: Term, from sender: NodeID) {
        // A leader of an older term is told so, else it would not learn of its end.
        guard leaderTerm >= term else { return answerDeposed(sender) }
        guard acceptLeader(sender, term: leaderTerm) else { return }
        commit(through: min(heartbeat.commit, log.lastIndex))
        send(.heartbeatReply(HeartbeatReply(round: heartbeat.round)), to: sender)
    }

    /// Tells a sender that its term is over, by the term of the answer, which acknowledges no round: the sender may come to lead this
    /// very term, and would take the number of an old round for one of its new rounds.
    private mutating func answerDeposed(_ sender: NodeID) { send(.heartbeatReply(HeartbeatReply(round: 0)), to: sender) }

    mutating func takeHeartbeatReply(_ reply: HeartbeatReply, term replyTerm: Term, from sender: NodeID) {
        if replyTerm > term { return becomeFollower(term: replyTerm, leader: nil, reason: .higherTerm) }
        guard replyTerm == term, let state = role.leading, var progress = state.progress[sender] else { return }
        guard reply.round <= state.round else { return reject(from: sender, "acknowledged round \(reply.round), newest is \(state.round)") }
        if let sent = state.roundsSent.last(where: { $0.round <= reply.round }), sent.round == reply.round {
            progress.acknowledgedSentAt = max(progress.acknowledgedSentAt ?? sent.at, sent.at)
        }
        progress.acknowledgedRound = max(progress.acknowledgedRound, reply.round)
        progress.expire(sentBefore: now + configuration.heartbeatInterval * -RaftNode.lostAfterHeartbeats)
        role.leading?.progress[sender] = progress
        resolveProofs()
        replicate(to: sender)
    }

    /// An append without an answer for so many heartbeat intervals, while heartbeats are answered, counts as lost.
    private static let lostAfterHeartbeats = 5

    /// Answers the requests whose round a majority of the voters has acknowledged. Learners count for nothing.
    private mutating func resolveProofs() {
        guard var state = role.leading, !state.proofs.isEmpty else { return }
        let rounds = voters.map { $0 == id ? state.round : state.progress[$0]?.acknowledgedRound ?? 0 }
        guard let reached = Quorum.reached(rounds) else { return }
        let proven = state.proofs.filter { $0.round <= reached }
        guard !proven.isEmpty else { return }
        state.proofs.removeAll { $0.round <= reached }
        role = .leader(state)
        output.proofs += proven.map { ProofAnswer(id: $0.id, result: .proven(readIndex: $0.readIndex, term: term)) }
    }

    // MARK: The leader's deadlines

    /// When a leader that hears nothing more has to stand down: one election timeout after it sent what a majority last acknowledged.
    func quorumDeadline(of state: LeaderState) -> MonotonicInstant {
        let contacts = voters.map { $0 == id ? MonotonicInstant.never : state.progress[$0]?.acknowledgedSentAt ?? state.since }
        return (Quorum.reached(contacts) ?? state.since) + configuration.electionTimeout
    }

    mutating func leaderDeadline() {
        guard let state = role.leading else { return }
        if now >= quorumDeadline(of: state) { return becomeFollower(term: term, leader: nil, reason: .lostQuorum) }
        if let transfer = state.transfer, now >= transfer.deadline { role.leading?.transfer = nil }
        giveWayForStalledStorage()
        guard role.isLeader else { return }
        if now >= state.nextHeartbeat {
            giveUpDeparted()
            continueHandover()
            sendHeartbeats()
        }
    }
}
