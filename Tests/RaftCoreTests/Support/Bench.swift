@testable import RaftCore

/// One node by itself: takes inputs, keeps what it asks for, and confirms its writes only when told to.
struct Bench {
    var node: RaftNode
    private(set) var now = MonotonicInstant.start
    /// What has left and was not yet taken by the test.
    var sent: [OutboundMessage] = []
    /// Handed out and not yet confirmed.
    private(set) var writes: [StorageWrite] = []
    private(set) var committed: [LogEntry] = []
    private(set) var proofs: [ProofAnswer] = []
    var facts: [RaftFact] = []
    var probes: [NodeID] = []

    /// Node 1 of so many voters and learners, after a restart with this log (see `log`) in this term.
    init(
        voters: Int = 3, learners: Int = 0, id: UInt64 = 1, term: UInt64 = 1, votedFor: UInt64? = nil, terms: [UInt64] = [],
        entries: [LogEntry]? = nil, configuration: RaftConfiguration = raftConfiguration(), seed: UInt64 = 7
    ) {
        node = RaftNode(
            id: NodeID(id), configuration: configuration,
            recovered: RecoveredState(
                hardState: HardState(term: Term(term), votedFor: votedFor.map(NodeID.init)),
                entries: entries ?? log(membership(voters: voters, learners: learners), terms)),
            seed: seed, now: .start)
        collect()
    }

    // MARK: Inputs

    mutating func receive(_ body: Message.Body, term: UInt64, from sender: UInt64) {
        node.receive(Message(term: Term(term), body: body), from: NodeID(sender), now: now)
        collect()
    }

    /// Lets time pass, firing every deadline on the way.
    mutating func pass(_ duration: Duration) {
        let end = now + duration
        while node.nextDeadline <= end {
            now = max(now, node.nextDeadline)
            node.deadlineReached(now: now)
            collect()
        }
        now = end
    }

    /// Lets time pass in a process that is frozen.
    mutating func freeze(_ duration: Duration) { now = now + duration }

    /// Fires the next deadline.
    mutating func fire() {
        now = max(now, node.nextDeadline)
        node.deadlineReached(now: now)
        collect()
    }

    /// Makes the first so many outstanding writes durable, all of them by default, and those they lead to not.
    mutating func confirm(_ count: Int = .max) {
        let confirmed = Array(writes.prefix(count))
        writes.removeFirst(confirmed.count)
        guard let last = confirmed.last else { return }
        node.written(last.number, now: now)
        sent += confirmed.flatMap(\.messages)
        collect()
    }

    mutating func propose(_ bytes: [UInt8] = [1]) throws(ProposalRefusal) -> LogIndex {
        defer { collect() }
        return try node.propose(bytes, now: now)
    }

    mutating func bootstrap(_ membership: Membership) throws(BootstrapRefusal) {
        defer { collect() }
        try node.bootstrap(membership, now: now)
    }

    mutating func requestProof() throws(ProofRefusal) -> ProofID {
        defer { collect() }
        return try node.requestProof(now: now)
    }

    mutating func transfer(to target: UInt64?) throws(TransferRefusal) {
        defer { collect() }
        try node.transferLeadership(to: target.map(NodeID.init), now: now)
    }

    mutating func change(_ change: MembershipChange) throws(MembershipRefusal) -> LogIndex {
        defer { collect() }
        return try node.proposeMembership(change, now: now)
    }

    /// Takes a snapshot of a state of nothing.
    mutating func compact(at index: LogIndex) {
        guard let mark = node.snapshotMark(at: index) else { return }
        node.compact(
            Snapshot(position: mark.position, membership: mark.membership, membershipIndex: mark.membershipIndex, bytes: []), now: now)
        collect()
    }

    mutating func processGone(_ peer: UInt64, slot: Duration = .milliseconds(20)) {
        node.processGone(NodeID(peer), slot: slot, now: now)
        collect()
    }

    mutating func peerConnected(_ peer: UInt64) {
        node.peerConnected(NodeID(peer), now: now)
        collect()
    }

    // MARK: Ways to a role

    /// Wins an election with the votes of these peers; its first entry is durable here and on no peer.
    mutating func lead(with peers: [UInt64]) {
        fire()
        for peer in peers { receive(.preVoteReply(VoteReply()), term: node.term.rawValue + 1, from: peer) }
        confirm()
        for peer in peers { receive(.voteReply(VoteReply()), term: node.term.rawValue, from: peer) }
        confirm()
        sent = []
        facts = []
    }

    /// Hears a heartbeat.
    mutating func hear(_ leader: UInt64, term: UInt64, commit: UInt64 = 0) {
        receive(.heartbeat(Heartbeat(commit: LogIndex(commit), round: 1)), term: term, from: leader)
        confirm()
        sent = []
        facts = []
    }

    /// As leader: peers acknowledge everything sent so far.
    mutating func acknowledge(_ peers: [UInt64], through index: LogIndex? = nil) {
        for peer in peers {
            receive(.appendReply(.accepted(match: index ?? node.lastLogIndex)), term: node.term.rawValue, from: peer)
        }
    }

    /// As leader: peers answer the newest heartbeat.
    mutating func answerHeartbeat(_ peers: [UInt64]) {
        for peer in peers {
            receive(.heartbeatReply(HeartbeatReply(round: node.role.leading?.round ?? 0)), term: node.term.rawValue, from: peer)
        }
    }

    mutating func takeSent() -> [OutboundMessage] {
        defer { sent = [] }
        return sent
    }

    private mutating func collect() {
        while true {
            let ready = node.takeReady()
            if ready.isEmpty { return }
            sent += ready.messages
            if let write = ready.write { writes.append(write) }
            committed += ready.committed
            proofs += ready.proofs
            facts += ready.facts
            probes += ready.probes
        }
    }
}
