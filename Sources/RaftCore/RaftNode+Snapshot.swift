// Log compaction and snapshots: Raft, extended version, §7; thesis ch. 5.

extension RaftNode {
    // MARK: At the start

    /// Takes up what the store held.
    mutating func restore(_ recovered: RecoveredState) {
        if let found = recovered.snapshot {
            invariant(log.baseIndex <= found.position.index, "recovered log begins at \(log.baseIndex), behind snapshot \(found.position)")
            invariant(log.term(at: found.position.index) == found.position.term, "recovered log contradicts snapshot \(found.position)")
            snapshot = found
            storedSnapshot = StoredSnapshot(index: found.position.index, bytes: found.bytes.count, isReceived: false)
            memberships.reset(to: found.membership, at: found.membershipIndex)
            commitIndex = found.position.index
            handedOutIndex = commitIndex
        } else {
            invariant(log.baseIndex == .zero, "recovered log begins at \(log.baseIndex) without a snapshot")
        }
        for entry in recovered.entries where entry.index > (memberships.currentIndex ?? .zero) {
            if case .membership(let membership) = entry.content { memberships.append(membership, at: entry.index) }
        }
    }

    // MARK: Taking one

    /// Whether so much was applied, or is held, since the last snapshot that another one is due.
    public var isSnapshotDue: Bool {
        guard installing == nil, memberships.governing(at: handedOutIndex) != nil else { return false }
        let covered = max(snapshot?.position.index ?? .zero, snapshotAttempt)
        guard handedOutIndex > covered else { return false }
        let count = handedOutIndex.rawValue - covered.rawValue
        return count >= UInt64(configuration.limits.compactEntries) || (log.bytes >= configuration.limits.compactBytes && count > tailCount)
    }

    /// A log that is large in bytes for its tail alone is not snapshotted for each further entry.
    private var tailCount: UInt64 { UInt64(configuration.limits.tailEntries) / 4 }

    /// What a snapshot of the state machine at its applied index must say beside the state.
    ///
    /// - Parameter index: the applied index: the last entry of `Ready.committed`, or the position of `Ready.snapshot`.
    /// - Returns: nil before the first configuration, or for an index whose entry is no longer held.
    public func snapshotMark(at index: LogIndex) -> (position: LogPosition, membership: Membership, membershipIndex: LogIndex)? {
        guard index <= handedOutIndex, let term = log.term(at: index), let governing = memberships.governing(at: index) else { return nil }
        return (LogPosition(index: index, term: term), governing.membership, governing.index)
    }

    mutating func take(_ taken: Snapshot) {
        let position = taken.position
        invariant(position.index <= handedOutIndex || installing != nil, "snapshot \(position) beyond the applied \(handedOutIndex)")
        guard installing == nil, position.index > (snapshot?.position.index ?? .zero) else { return }
        invariant(log.term(at: position.index) == position.term, "snapshot \(position) contradicts the log")
        snapshotAttempt = position.index
        guard taken.bytes.count <= configuration.limits.snapshotBytes else {
            counters.snapshotsTakenFailed += 1
            output.facts.append(.snapshotTooLarge(position: position, bytes: taken.bytes.count))
            return
        }
        snapshot = taken
        let kept = min(compactionPoint(for: position.index), durableIndex)
        pendingWrite.snapshot = SnapshotWrite(snapshot: taken, log: .keep(after: max(kept, log.baseIndex)))
        log.compact(through: kept)
        memberships.compact(through: position.index)
        output.facts.append(.logCompacted(through: log.baseIndex, snapshot: position))
    }

    /// A snapshot has become durable: from now on it counts.
    mutating func noteStored(_ stored: StoredSnapshot) {
        storedSnapshot = stored
        if stored.isReceived { counters.snapshotsReceived += 1 } else { counters.snapshotsTaken += 1 }
    }

    /// How far the log is removed: a tail stays for followers a little behind, and what a follower needs that is being sent a snapshot.
    private func compactionPoint(for index: LogIndex) -> LogIndex {
        let limits = configuration.limits
        let point = log.compactionPoint(below: index, tailEntries: limits.tailEntries, tailBytes: limits.tailBytes)
        guard log.bytes < limits.compactBytes * 2, let state = role.leading else { return point }
        let needed = state.progress.values.compactMap { $0.transfer?.snapshot.position.index }.min() ?? point
        let bound = log.lastIndex.rawValue - min(log.lastIndex.rawValue, UInt64(limits.compactEntries) * 4)
        return min(point, max(needed, LogIndex(bound)))
    }

    // MARK: The leader's side

    /// The peer needs entries that are held no longer.
    mutating func beginSnapshot(to peer: NodeID) {
        guard let snapshot, role.leading?.progress[peer] != nil else { return }
        role.leading?.progress[peer]?.beginSnapshot(snapshot)
        output.facts.append(.snapshotSendingStarted(to: peer, position: snapshot.position))
        sendChunks(to: peer)
    }

    mutating func sendChunks(to peer: NodeID) {
        while var transfer = role.leading?.progress[peer]?.transfer,
            let chunk = transfer.takeChunk(limits: configuration.limits, now: now)
        {
            role.leading?.progress[peer]?.transfer = transfer
            send(.snapshotChunk(chunk), to: peer)
        }
    }

    mutating func takeSnapshotReply(_ reply: SnapshotReply, term replyTerm: Term, from sender: NodeID) {
        if replyTerm > term { return becomeFollower(term: replyTerm, leader: nil, reason: .higherTerm) }
        guard replyTerm == term, var transfer = role.leading?.progress[sender]?.transfer else { return }
        guard transfer.snapshot.position == reply.position, transfer.snapshot.checksum == reply.checksum else { return }
        guard reply.receivedBytes >= 0, reply.receivedBytes <= transfer.snapshot.bytes.count else {
            return reject(from: sender, "received \(reply.receivedBytes) of a snapshot of \(transfer.snapshot.bytes.count) bytes")
        }
        let hasLost = transfer.received(reply.receivedBytes)
        role.leading?.progress[sender]?.transfer = transfer
        guard hasLost else { return sendChunks(to: sender) }
        // It begins anew with the next heartbeat's answer: one that is damaged here would otherwise be sent for ever without a pause.
        counters.snapshotsSentFailed += 1
    }

    // MARK: The follower's side

    mutating func follow(_ chunk: SnapshotChunk, term leaderTerm: Term, from sender: NodeID) {
        guard leaderTerm >= term else { return answer(chunk, receivedBytes: 0, to: sender) }
        if let reason = defect(of: chunk, term: leaderTerm) { return reject(from: sender, reason) }
        guard acceptLeader(sender, term: leaderTerm) else { return }
        guard !isStorageStalled else { return }
        if log.term(at: chunk.position.index) == chunk.position.term, chunk.position.index > commitIndex {
            // The log holds the snapshot's last entry, so all before it too: they are committed.
            commit(through: chunk.position.index)
        }
        guard chunk.position.index > commitIndex else {
            assembly = nil
            return sendAfterWrite(.appendReply(.accepted(match: commitIndex)), to: sender)
        }
        var parts = assembly.flatMap { $0.isOf(chunk) ? $0 : nil } ?? SnapshotAssembly(for: chunk)
        assembly = nil
        parts.add(chunk)
        guard parts.isComplete else {
            answer(chunk, receivedBytes: parts.bytes.count, to: sender)
            assembly = parts
            return
        }
        guard let received = parts.snapshot else {
            counters.snapshotsReceivedFailed += 1
            output.facts.append(.snapshotRefused(position: chunk.position))
            return answer(chunk, receivedBytes: 0, to: sender)
        }
        install(received)
        sendAfterWrite(.appendReply(.accepted(match: received.position.index)), to: sender)
    }

    private mutating func answer(_ chunk: SnapshotChunk, receivedBytes: Int, to sender: NodeID) {
        send(.snapshotReply(SnapshotReply(position: chunk.position, checksum: chunk.checksum, receivedBytes: receivedBytes)), to: sender)
    }

    /// What is wrong with a chunk that no correct leader sends; nil when nothing is.
    private func defect(of chunk: SnapshotChunk, term leaderTerm: Term) -> String? {
        let position = chunk.position
        if position.index == .zero || position.term == .zero || position.term > leaderTerm {
            return "snapshot at \(position), under leader of \(leaderTerm)"
        }
        let known = min(position.index, commitIndex)
        if let own = log.term(at: known), known == position.index ? own != position.term : own > position.term {
            return "snapshot at \(position) contradicts the committed entry \(known) of term \(own)"
        }
        if chunk.membershipIndex == .zero || chunk.membershipIndex > position.index {
            return "snapshot at \(position) with a configuration of \(chunk.membershipIndex)"
        }
        if chunk.totalBytes < 0 || chunk.totalBytes > configuration.limits.snapshotBytes {
            return "snapshot of \(chunk.totalBytes) bytes, where at most \(configuration.limits.snapshotBytes) are taken"
        }
        if chunk.offset < 0 || chunk.offset > chunk.totalBytes || chunk.bytes.count > chunk.totalBytes - chunk.offset {
            return "\(chunk.bytes.count) bytes at \(chunk.offset) of a snapshot of \(chunk.totalBytes)"
        }
        return nil
    }

    /// Puts a leader's snapshot in the place of the log. The state machine gets it once it is durable; until then the store holds the old
    /// log, and a crash goes back to that.
    private mutating func install(_ received: Snapshot) {
        let position = received.position
        let stored = commitIndex
        output.facts.append(.snapshotReceived(position: position))
        // What is on its way to the store makes nothing durable beyond what both logs share.
        durableIndex = min(durableIndex, stored)
        for place in writesInFlight.indices { writesInFlight[place].through = min(writesInFlight[place].through, stored) }
        log = ReplicatedLog(baseIndex: position.index, baseTerm: position.term)
        pendingWrite.firstEntry = nil
        pendingWrite.snapshot = SnapshotWrite(snapshot: received, log: .replace)
        snapshot = received
        installing = position
        commitIndex = position.index
        memberships.reset(to: received.membership, at: received.membershipIndex)
        membershipChanged()
    }
}
