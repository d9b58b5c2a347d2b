@testable import RaftCore

/// What must hold between nodes and over all time, checked from what leaves a node and reaches a disk. Knows nothing of how it is done.
struct SafetyChecker {
    /// What was broken, in the order it was found.
    private(set) var violations: [String] = []
    /// Every entry ever committed, from index 1.
    private(set) var committed: [LogEntry] = []
    /// The state after each committed entry, from none on.
    private(set) var states = [ModelState()]
    /// Who led a term.
    private(set) var leaders: [Term: NodeID] = [:]
    /// What each voter voted, ever.
    private var votes: [Ballot: NodeID] = [:]
    /// Every entry ever stored, by place and term, and the term of the one before it.
    private var entries: [Place: (entry: LogEntry, previousTerm: Term)] = [:]

    struct Ballot: Hashable {
        var voter: NodeID
        var term: Term
    }

    struct Place: Hashable {
        var index: LogIndex
        var term: Term
    }

    // MARK: Elections

    /// Election safety and leader completeness.
    mutating func noteFacts(_ facts: [RaftFact], of host: Cluster.Host) {
        for fact in facts {
            guard case .becameLeader(let term) = fact else { continue }
            if let other = leaders[term], other != host.id { fail("\(other) and \(host.id) both led term \(term)") }
            leaders[term] = host.id
            for entry in committed where !host.shadow.holds(entry) {
                fail("\(host.id) leads term \(term) without committed entry \(entry.index) of term \(entry.term)")
                break
            }
        }
    }

    /// One vote a term, and nothing promised that is not on disk.
    mutating func noteSent(_ outbound: OutboundMessage, by host: Cluster.Host) {
        let message = outbound.message
        switch message.body {
        case .voteReply(let reply) where reply.granted: noteVote(for: outbound.to, term: message.term, by: host)
        case .voteRequest: noteVote(for: host.id, term: message.term, by: host)
        case .appendReply(.accepted(let match)):
            // An answer to a leader since replaced may leave after its successor cut the log: nobody counts it who could commit by it.
            let isCurrent = host.disk.hardState.term <= message.term
            if isCurrent, host.disk.entries.count < match.rawValue { fail("\(host.id) acknowledged \(match), which is not on its disk") }
        case .preVoteRequest, .preVoteReply, .voteReply, .append, .appendReply, .heartbeat, .heartbeatReply, .timeoutNow,
            .snapshotChunk, .snapshotReply:
            break
        }
    }

    private mutating func noteVote(for candidate: NodeID, term: Term, by host: Cluster.Host) {
        let ballot = Ballot(voter: host.id, term: term)
        if let other = votes[ballot], other != candidate { fail("\(host.id) voted for \(other) and \(candidate) in term \(term)") }
        votes[ballot] = candidate
        let stored = host.disk.hardState
        let isStored = stored.term > term || (stored.term == term && stored.votedFor == candidate)
        if !isStored { fail("\(host.id) voted in term \(term) with \(stored) on disk") }
    }

    // MARK: Logs

    /// Leader append-only, and one change of the configuration at a time.
    mutating func noteAppend(_ entries: [LogEntry], to host: Cluster.Host) {
        noteChanges(in: entries, of: host)
        guard let first = entries.first, let last = host.shadow.last, let node = host.node, node.isLeader else { return }
        if first.index <= last.index, last.term == node.currentTerm { fail("\(host.id) replaced entries of its own term \(last.term)") }
    }

    /// Log matching: an entry with its index and term has one content and one predecessor, whoever holds it.
    mutating func noteStored(_ tail: [LogEntry], of id: NodeID) {
        var previous = tail.first.flatMap { $0.index == LogIndex(1) ? Term.zero : nil }
        for entry in tail {
            defer { previous = entry.term }
            guard let before = previous else { continue }
            let place = Place(index: entry.index, term: entry.term)
            guard let known = entries[place] else {
                entries[place] = (entry, before)
                continue
            }
            if known.entry != entry || known.previousTerm != before {
                fail("\(id) holds another entry \(entry.index) of term \(entry.term) than others")
            }
        }
    }

    /// A committed entry never leaves a disk that holds it.
    mutating func noteReplaced(_ stored: ArraySlice<LogEntry>, by new: [LogEntry], at id: NodeID) {
        for old in stored where committed.holds(old) && !new.holds(old) {
            fail("\(id) removed committed entry \(old.index) of term \(old.term) from its disk")
        }
    }

    // MARK: Commitment

    /// Committed means durable on a majority and, when counted first, of the leader's term; and it never changes.
    mutating func noteCommit(of position: Int, through index: LogIndex, among hosts: [Cluster.Host]) {
        let host = hosts[position]
        guard host.shadow.count >= index.rawValue else {
            return fail("\(host.id) committed through \(index) and holds \(host.shadow.count) entries")
        }
        for entry in host.shadow[Int(host.seenCommit.rawValue)..<Int(index.rawValue)] {
            if Int(entry.index.rawValue) <= committed.count {
                if !committed.holds(entry) { fail("\(host.id) committed another entry \(entry.index), of term \(entry.term)") }
                continue
            }
            let voters = host.shadow.governing?.voters ?? []
            let holders = hosts.filter { voters.contains($0.id) && $0.disk.entries.holds(entry) }.count
            if holders < Quorum.majority(of: voters.count) {
                fail("\(host.id) committed \(entry.index) of term \(entry.term), which \(holders) disks hold")
            }
            committed.append(entry)
            states.append(states[states.count - 1])
            states[states.count - 1].apply(entry)
        }
        if let node = host.node, node.isLeader, host.shadow[Int(index.rawValue) - 1].term != node.currentTerm {
            fail("\(host.id) committed entry \(index) of an earlier term by counting")
        }
    }

    /// State machine safety: contiguous, committed, the same everywhere, and durable here.
    mutating func noteApplied(_ entries: [LogEntry], at host: Cluster.Host) {
        for (offset, entry) in entries.enumerated() {
            let position = host.applied + offset
            if entry.index != LogIndex(UInt64(position + 1)) { fail("\(host.id) applied \(entry.index) after \(position)") }
            if !committed.holds(entry) { fail("\(host.id) applied entry \(entry.index) of term \(entry.term), which is not committed") }
            if !host.disk.entries.holds(entry) { fail("\(host.id) applied entry \(entry.index), which is not on its disk") }
        }
    }

    // MARK: Reads

    /// A proof covers everything committed before it was asked for, by anyone.
    mutating func noteProof(_ answer: ProofAnswer, committedWhenAsked: Int, at id: NodeID) {
        guard case .proven(let readIndex, let term) = answer.result else { return }
        if readIndex.rawValue < committedWhenAsked {
            fail("\(id) proved term \(term) at \(readIndex) when \(committedWhenAsked) was committed before the request")
        }
        if leaders[term] != id { fail("\(id) proved term \(term), which it does not lead") }
    }

    mutating func fail(_ what: String) { if violations.count < 8 { violations.append(what) } }
}

extension [LogEntry] {
    /// Whether a log from index 1 holds an entry, or a part of one does.
    func holds(_ entry: LogEntry) -> Bool {
        guard let first, entry.index >= first.index else { return false }
        let offset = Int(entry.index.rawValue - first.index.rawValue)
        return offset < count && self[offset].term == entry.term && self[offset].content == entry.content
    }
}
