// Elections: Raft, extended version, §5.2 and §5.4.1; pre-vote, thesis §9.6; votes withheld while a leader lives, thesis §4.2.3.

extension RaftNode {
    /// How long each node of lower rank is given at a start, when no leader is known.
    static let firstCampaignSlot = Duration.milliseconds(20)

    // MARK: Campaigning

    /// Asks whether this node could win, which changes nothing anywhere. It forgets its leader: it could not vote for itself otherwise.
    mutating func startPreVote() {
        guard mayCampaign else {
            follow(leader: nil)
            electionDeadline = .never
            return
        }
        guard !isStorageStalled else {
            // It could not make its own vote durable: ask again later.
            electionDeadline = now + randomTimeout()
            return
        }
        follow(leader: nil)
        role = .preCandidate(CandidateState(votes: ownVote()))
        output.facts.append(.startedPreVote(term: term.next, leaderCrashed: leaderCrashed))
        electionDeadline = now + (quickRetry() ?? randomTimeout())
        for peer in voters where peer != id { requestPreVote(from: peer) }
        decidePreVote()
    }

    private func ownVote() -> NodeMap<Bool> {
        var votes = NodeMap<Bool>()
        votes[id] = true
        return votes
    }

    private mutating func requestPreVote(from peer: NodeID) {
        send(.preVoteRequest(voteRequest(transfer: false)), term: term.next, to: peer)
    }

    private func voteRequest(transfer: Bool) -> VoteRequest {
        VoteRequest(lastLogIndex: log.lastIndex, lastLogTerm: log.lastTerm, leaderCrashed: leaderCrashed, transfer: transfer)
    }

    /// Campaigns in a new term. The requests leave once term and own vote are durable.
    mutating func startElection(transfer: Bool) {
        follow(leader: nil)
        setTerm(term.next, votedFor: id)
        counters.electionsStarted += 1
        output.facts.append(.startedElection(term: term))
        role = .candidate(CandidateState(transfer: transfer, voteWrite: nextWriteNumber))
        electionDeadline = now + randomTimeout()
        for peer in voters where peer != id { sendAfterWrite(.voteRequest(voteRequest(transfer: transfer)), to: peer) }
    }

    /// The leader hands over: campaign at once (thesis §3.10).
    mutating func campaignOnOrder(term: Term, from sender: NodeID) {
        guard acceptLeader(sender, term: term) else { return }
        if mayCampaign, !isStorageStalled { startElection(transfer: true) }
    }

    /// Counts this node's own vote once it is durable.
    mutating func countOwnVote(through number: WriteNumber) {
        guard case .candidate(var state) = role, let write = state.voteWrite, write <= number else { return }
        state.voteWrite = nil
        state.votes[id] = true
        role = .candidate(state)
        // Only now have the requests left: a quick retry counted from before would give up the votes on their way on a slow disk.
        if let retry = quickRetry() { electionDeadline = min(electionDeadline, now + retry) }
        decideElection()
    }

    // MARK: Answering

    mutating func answerPreVote(_ request: VoteRequest, term candidateTerm: Term, from sender: NodeID) {
        let refusal: VoteRefusal?
        if candidateTerm <= term {
            refusal = .staleTerm
        } else if isLeaderAlive {
            refusal = .leaderAlive
            if request.leaderCrashed { verifyLeader(for: sender) }
        } else if !log.isNoNewerThan(lastIndex: request.lastLogIndex, lastTerm: request.lastLogTerm) {
            refusal = .logBehind
        } else if isStorageStalled {
            refusal = .storageStalled
        } else {
            refusal = nil
        }
        // A refusal carries this node's term, so that a candidate behind it catches up instead of asking for ever.
        send(.preVoteReply(VoteReply(refusal: refusal)), term: refusal == nil ? candidateTerm : term, to: sender)
    }

    /// Somebody says that the leader's process is gone: find out at once.
    private mutating func verifyLeader(for sender: NodeID) {
        if role.isLeader {
            sendHeartbeat(to: sender)
        } else if let leader {
            output.probes.append(leader)
        }
    }

    mutating func answerVote(_ request: VoteRequest, term candidateTerm: Term, from sender: NodeID) {
        if candidateTerm < term { return send(.voteReply(VoteReply(refusal: .staleTerm)), to: sender) }
        if isLeaderAlive, !request.transfer { return send(.voteReply(VoteReply(refusal: .leaderAlive)), to: sender) }
        if candidateTerm > term { becomeFollower(term: candidateTerm, leader: nil, reason: .higherTerm) }
        if let voted = hardState.votedFor, voted != sender {
            return send(.voteReply(VoteReply(refusal: .alreadyVoted)), to: sender)
        }
        if leader != nil { return send(.voteReply(VoteReply(refusal: .alreadyVoted)), to: sender) }
        guard log.isNoNewerThan(lastIndex: request.lastLogIndex, lastTerm: request.lastLogTerm) else {
            return send(.voteReply(VoteReply(refusal: .logBehind)), to: sender)
        }
        if isStorageStalled { return send(.voteReply(VoteReply(refusal: .storageStalled)), to: sender) }
        if hardState.votedFor == nil { setTerm(term, votedFor: sender) }
        role = .follower
        electionDeadline = deadlineForSilence()
        sendAfterWrite(.voteReply(VoteReply()), to: sender)
    }

    /// Whether this node leads or heard from a leader within the election timeout.
    var isLeaderAlive: Bool {
        if role.isLeader { return true }
        guard leader != nil, !leaderCrashed, let contact = leaderContact else { return false }
        return now < contact + configuration.electionTimeout
    }

    // MARK: Counting

    mutating func takePreVote(_ reply: VoteReply, term replyTerm: Term, from sender: NodeID) {
        if let reason = reply.refusal { noteRefusal(reason, by: sender) }
        if !reply.granted, replyTerm > term {
            becomeFollower(term: replyTerm, leader: nil, reason: .higherTerm)
            electionDeadline = mayCampaign ? now + (quickRetry() ?? soonTimeout()) : .never
            return
        }
        guard case .preCandidate(var state) = role, voters.contains(sender) else { return }
        if reply.granted, replyTerm != term.next { return }
        state.votes[sender] = reply.granted
        if reply.refusal == .leaderAlive { state.refusedForLiveLeader = true }
        role = .preCandidate(state)
        decidePreVote()
    }

    private mutating func noteRefusal(_ reason: VoteRefusal, by voter: NodeID) {
        guard case .preCandidate = role, voters.contains(voter) else { return }
        if let position = VoteRefusal.allCases.firstIndex(of: reason) { counters.preVotesRefused[position] += 1 }
        output.facts.append(.preVoteRefused(by: voter, reason: reason))
    }

    private mutating func decidePreVote() {
        guard case .preCandidate(let state) = role else { return }
        switch Quorum.outcome(voters: voters, votes: state.votes) {
        case .won: startElection(transfer: false)
        case .lost: electionDeadline = now + (quickRetry() ?? (state.refusedForLiveLeader ? soonTimeout() : randomTimeout()))
        case .pending:
            // The rest may never answer: among them is the leader that somebody believes alive.
            if state.refusedForLiveLeader { electionDeadline = min(electionDeadline, now + soonTimeout()) }
        }
    }

    mutating func takeVote(_ reply: VoteReply, term replyTerm: Term, from sender: NodeID) {
        if replyTerm > term { return becomeFollower(term: replyTerm, leader: nil, reason: .higherTerm) }
        guard replyTerm == term, case .candidate(var state) = role, voters.contains(sender) else { return }
        state.votes[sender] = reply.granted
        role = .candidate(state)
        decideElection()
    }

    private mutating func decideElection() {
        guard case .candidate(let state) = role else { return }
        switch Quorum.outcome(voters: voters, votes: state.votes) {
        case .won: becomeLeader()
        case .lost: electionDeadline = min(electionDeadline, now + (quickRetry() ?? randomTimeout()))
        case .pending: break
        }
    }

    // MARK: Changing role

    /// Follows a leader, or none: a leader or candidate that learns of a higher term, or that someone leads its own.
    mutating func becomeFollower(term newTerm: Term, leader newLeader: NodeID?, reason: StepDownReason) {
        if newTerm > term { setTerm(newTerm) }
        if let state = role.leading { stepDown(from: state, reason: reason) }
        if role != .follower { output.facts.append(.becameFollower(term: term, leader: newLeader)) }
        role = .follower
        follow(leader: newLeader)
        electionDeadline = deadlineForSilence()
        if !isVoter { noteRemoval() }
    }

    private mutating func stepDown(from state: LeaderState, reason cause: StepDownReason) {
        let reason = cause == .higherTerm && state.transfer?.ordered == true ? .transferred : cause
        if let position = StepDownReason.allCases.firstIndex(of: reason) { counters.stepDowns[position] += 1 }
        output.facts.append(.steppedDown(term: term, reason: reason))
        output.proofs += state.proofs.map { ProofAnswer(id: $0.id, result: .leadershipLost) }
    }

    /// Takes note of whom this node follows.
    mutating func follow(leader newLeader: NodeID?) {
        if newLeader == nil { leaderContact = nil }
        guard newLeader != leader else { return }
        leader = newLeader
        if newLeader != nil { counters.leaderChanges += 1 }
        output.facts.append(.leaderChanged(term: term, leader: newLeader))
    }

    private mutating func becomeLeader() {
        counters.electionsWon += 1
        lastLedTerm = term
        leaderCrashed = false
        output.facts.append(.becameLeader(term: term))
        role = .leader(LeaderState(since: now, firstIndex: log.lastIndex.next, progress: NodeMap(), nextHeartbeat: now))
        follow(leader: id)
        trackMembers()
        let uncommitted = uncommittedBytes()
        role.leading?.uncommittedBytes = uncommitted
        let first = appendAsLeader(.noop)
        learnedCommitIndex = learnedCommitIndex ?? first
        sendHeartbeats()
        replicateToAll()
        commitIfPossible()
    }

    // MARK: Timeouts

    /// When silence from now on means something: who may campaign does so then, any other node only stops naming the leader it had.
    mutating func deadlineForSilence() -> MonotonicInstant {
        if mayCampaign { return now + randomTimeout() }
        return leader == nil ? .never : now + configuration.electionTimeout * 2
    }

    /// A wait in [1, 2) election timeouts (§5.2).
    mutating func randomTimeout() -> Duration {
        random.duration(from: configuration.electionTimeout, to: configuration.electionTimeout * 2)
    }

    /// A wait of one to two heartbeats: a refusal for a live leader is worth asking about again soon.
    private mutating func soonTimeout() -> Duration {
        random.duration(from: configuration.heartbeatInterval, to: configuration.heartbeatInterval * 2)
    }

    /// A wait of 50 to 150 ms, when the leader's process is gone or none has been known since the start; nil otherwise.
    private mutating func quickRetry() -> Duration? {
        guard now < quickRetryUntil else { return nil }
        return min(random.duration(from: .milliseconds(50), to: .milliseconds(150)), configuration.electionTimeout)
    }
}
