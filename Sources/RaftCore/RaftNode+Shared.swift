// What the parts of the node share: sending, and changing hard state and log so that it is written.

extension RaftNode {
    var term: Term { hardState.term }

    /// The governing configuration's voters; empty before the first configuration.
    var voters: [NodeID] { memberships.current?.voters ?? [] }

    var isVoter: Bool { voters.contains(id) }

    /// Whether this node may campaign: a voter, or one that only an uncommitted change made none. It may be the only one whose log is new
    /// enough: it then wins without its own vote, commits the change and hands over. Source: thesis §4.2.2.
    var mayCampaign: Bool {
        if isVoter { return true }
        guard let newest = memberships.currentIndex, newest > commitIndex else { return false }
        return memberships.governing(at: newest.previous)?.membership.voters.contains(id) ?? false
    }

    /// So many writes wait for the disk, or one for so long, that this node takes on nothing that would need another one.
    var isStorageStalled: Bool { isStorageSlow || writesInFlight.count >= RaftNode.maximumWritesInFlight }

    /// How many writes may wait for the disk before appends are left unanswered, votes withheld and proposals refused.
    public static let maximumWritesInFlight = 4_096

    /// The number the next write will have.
    var nextWriteNumber: WriteNumber { WriteNumber(lastWriteNumber.rawValue + 1) }

    /// Sends at once: depends on nothing that is not durable.
    mutating func send(_ body: Message.Body, term: Term? = nil, to peer: NodeID) {
        output.messages.append(OutboundMessage(to: peer, message: Message(term: term ?? hardState.term, body: body)))
    }

    /// Sends once everything that is pending or on its way to the store is durable.
    mutating func sendAfterWrite(_ body: Message.Body, to peer: NodeID) {
        pendingWrite.messages.append(OutboundMessage(to: peer, message: Message(term: hardState.term, body: body)))
    }

    mutating func reject(from sender: NodeID, _ reason: String) { output.facts.append(.malformedMessage(from: sender, reason: reason)) }

    mutating func setTerm(_ term: Term, votedFor: NodeID? = nil) {
        invariant(term >= hardState.term, "term falls from \(hardState.term) to \(term)")
        hardState = HardState(term: term, votedFor: votedFor)
        pendingWrite.hardState = true
    }

    /// Appends entries and takes note of what they change: configuration, and what must be written.
    mutating func append(_ entries: [LogEntry]) {
        guard let first = entries.first else { return }
        log.append(entries)
        pendingWrite.firstEntry = min(pendingWrite.firstEntry ?? first.index, first.index)
        for entry in entries {
            guard case .membership(let membership) = entry.content else { continue }
            memberships.append(membership, at: entry.index)
            membershipChanged()
        }
    }

    /// Removes the entries from an index on; what is on its way to the store no longer makes them durable.
    mutating func truncate(from index: LogIndex) {
        invariant(index > commitIndex, "truncation from \(index) would remove committed entries through \(commitIndex)")
        let lost = log.slice(from: index).filter { $0.term == lastLedTerm && lastLedTerm > .zero }
        for entry in lost {
            if case .command = entry.content { count(.replaced) }
        }
        output.facts.append(.logTruncated(from: index))
        log.truncate(from: index)
        durableIndex = min(durableIndex, index.previous)
        for position in writesInFlight.indices {
            writesInFlight[position].through = min(writesInFlight[position].through, index.previous)
        }
        if let first = pendingWrite.firstEntry { pendingWrite.firstEntry = min(first, index) }
        if memberships.truncate(from: index) { membershipChanged() }
    }
}
