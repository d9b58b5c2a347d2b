// Log replication: Raft, extended version, §5.3; the term hint generalises its optimisation of conflict back-up.

extension RaftNode {
    // MARK: The leader's side

    /// Appends an entry of this term.
    mutating func appendAsLeader(_ content: LogEntry.Content) -> LogIndex {
        let entry = LogEntry(index: log.lastIndex.next, term: term, content: content)
        append([entry])
        role.leading?.noteAppend(of: entry, at: now, resolution: configuration.heartbeatInterval)
        return entry.index
    }

    mutating func replicateToAll() {
        guard let state = role.leading else { return }
        for peer in state.progress.nodes { replicate(to: peer) }
    }

    /// Sends what was proposed since the last `Ready`, together.
    mutating func replicateProposals() {
        guard role.leading?.replicationWanted == true else { return }
        role.leading?.replicationWanted = false
        replicateToAll()
    }

    /// Sends what a peer lacks, as far as the bounds allow; to a peer whose log is unknown, one append to find out.
    mutating func replicate(to peer: NodeID) {
        if role.leading?.progress[peer]?.transfer != nil { return sendChunks(to: peer) }
        let limits = configuration.limits
        while var progress = role.leading?.progress[peer], progress.maySend(limits: limits) {
            let isProbe = progress.mode == .probe(sentAt: nil)
            guard isProbe || progress.next <= log.lastIndex else { return }
            let previous = progress.next.previous
            guard let previousTerm = log.term(at: previous) else { return beginSnapshot(to: peer) }
            let entries = log.slice(from: progress.next, maximumCount: limits.appendEntries, maximumBytes: limits.appendBytes)
            let request = AppendRequest(previousIndex: previous, previousTerm: previousTerm, entries: entries, commit: commitIndex)
            send(.append(request), to: peer)
            progress.sent(through: entries.last?.index ?? previous, bytes: entries.reduce(0) { $0 + $1.size }, now: now)
            role.leading?.progress[peer] = progress
            if isProbe { return }
        }
    }

    mutating func takeAppendReply(_ reply: AppendReply, term replyTerm: Term, from sender: NodeID) {
        if replyTerm > term { return becomeFollower(term: replyTerm, leader: nil, reason: .higherTerm) }
        guard replyTerm == term, var progress = role.leading?.progress[sender] else { return }
        switch reply {
        case .accepted(let match):
            guard match <= log.lastIndex else {
                return reject(from: sender, "acknowledged \(match), beyond the log's end \(log.lastIndex)")
            }
            let transfer = progress.transfer
            _ = progress.acknowledged(through: match)
            if transfer != nil, progress.transfer == nil { counters.snapshotsSent += 1 }
            progress.behindSince = role.leading?.behindSince(of: progress, last: log.lastIndex)
        case .rejected(let rejected, let hint, let hintTerm):
            // Below the log's start nothing is known but that a snapshot covers it.
            let isCovered = hint < log.baseIndex
            let resume = isCovered ? hint.next : log.lastAgreement(atOrBelow: hint, termAtMost: hintTerm).index.next
            guard progress.rejected(at: rejected, resume: resume) else { return }
        }
        role.leading?.progress[sender] = progress
        commitIfPossible()
        replicate(to: sender)
        continueTransfer(with: sender)
        seeOff(sender)
    }

    /// A connection came up: what was sent to the peer before is lost or answered.
    mutating func resume(with peer: NodeID) {
        switch role {
        case .leader:
            guard role.leading?.progress[peer] != nil else { return }
            role.leading?.progress[peer]?.expire(sentBefore: .never)
            sendHeartbeat(to: peer)
            replicate(to: peer)
        case .preCandidate(let state):
            if voters.contains(peer), state.votes[peer] != true { startPreVote() }
        case .follower, .candidate: break
        }
    }

    // MARK: The follower's side

    mutating func follow(_ request: AppendRequest, term leaderTerm: Term, from sender: NodeID) {
        guard leaderTerm >= term else {
            return send(.appendReply(.rejected(rejected: request.previousIndex, hint: .zero, hintTerm: .zero)), to: sender)
        }
        if let reason = defect(of: request, term: leaderTerm) { return reject(from: sender, reason) }
        guard acceptLeader(sender, term: leaderTerm) else { return }
        guard !isStorageStalled else { return }
        let last = LogIndex(request.previousIndex.rawValue + UInt64(request.entries.count))
        guard last > commitIndex else {
            // All of it is committed, so both logs hold the same.
            learnCommitted(request.commit, term: leaderTerm)
            return sendAfterWrite(.appendReply(.accepted(match: commitIndex)), to: sender)
        }
        guard request.previousIndex < commitIndex || log.term(at: request.previousIndex) == request.previousTerm else {
            let agreement = log.lastAgreement(atOrBelow: request.previousIndex, termAtMost: request.previousTerm)
            let reply = AppendReply.rejected(rejected: request.previousIndex, hint: agreement.index, hintTerm: agreement.term)
            return send(.appendReply(reply), to: sender)
        }
        store(request.entries.filter { $0.index > commitIndex })
        commit(through: min(request.commit, last))
        learnCommitted(request.commit, term: leaderTerm)
        sendAfterWrite(.appendReply(.accepted(match: last)), to: sender)
    }

    /// Learns what is committed from a leader that has committed an entry of its own term: only then does its commit index cover
    /// everything that leaders before it committed.
    private mutating func learnCommitted(_ index: LogIndex, term leaderTerm: Term) {
        guard learnedCommitIndex == nil, log.term(at: index) == leaderTerm else { return }
        learnedCommitIndex = index
    }

    /// What is wrong with an append that no correct leader sends; nil when nothing is.
    private func defect(of request: AppendRequest, term leaderTerm: Term) -> String? {
        var index = request.previousIndex
        var term = request.previousTerm
        for entry in request.entries {
            if entry.index != index.next { return "entry \(entry.index) follows entry \(index)" }
            if entry.term < term || entry.term > leaderTerm {
                return "entry \(entry.index) has term \(entry.term) after \(term), under leader of \(leaderTerm)"
            }
            if entry.index <= commitIndex, let own = log.term(at: entry.index), own != entry.term {
                return "entry \(entry.index) of term \(entry.term) contradicts the committed one of term \(own)"
            }
            index = entry.index
            term = entry.term
        }
        return nil
    }

    /// Appends what is new; the log is cut only where it really differs.
    private mutating func store(_ entries: [LogEntry]) {
        guard let start = entries.firstIndex(where: { log.term(at: $0.index) != $0.term }) else { return }
        if entries[start].index <= log.lastIndex { truncate(from: entries[start].index) }
        append(Array(entries[start...]))
    }

    /// Accepts a leader of this term or a later one. False, with the fault named, when this node knows another leader of the term.
    mutating func acceptLeader(_ sender: NodeID, term leaderTerm: Term) -> Bool {
        if leaderTerm < term { return false }
        if leaderTerm == term, let leader, leader != sender {
            reject(from: sender, "claims to lead term \(term), which \(leader) leads")
            return false
        }
        if leaderTerm > term || leader != sender || role != .follower {
            becomeFollower(term: leaderTerm, leader: sender, reason: .higherTerm)
        }
        cancelCrashEvidence()
        leaderContact = now
        electionDeadline = deadlineForSilence()
        return true
    }
}

extension LeaderState {
    /// Takes note of an entry: bytes uncommitted, and since when peers that were level are behind.
    mutating func noteAppend(of entry: LogEntry, at now: MonotonicInstant, resolution: Duration) {
        uncommittedBytes += entry.size
        progress.updateEach { _, peer in
            if peer.behindSince == nil { peer.behindSince = now }
        }
        if let last = appendTimes.last, now < last.at + resolution { return }
        if appendTimes.count >= LeaderState.maximumAppendTimes { appendTimes.removeFirst(LeaderState.maximumAppendTimes / 2) }
        appendTimes.append(AppendTime(index: entry.index, at: now))
    }

    /// When the oldest entry a peer lacks was appended: to a heartbeat interval, never later than it was; nil when it is level.
    func behindSince(of peer: Progress, last: LogIndex) -> MonotonicInstant? {
        guard peer.match < last else { return nil }
        return appendTimes.last { $0.index <= peer.match.next }?.at ?? peer.behindSince ?? since
    }
}
