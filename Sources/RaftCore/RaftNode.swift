/// One node's consensus: a value that takes inputs and yields what they ask for. It does no input or output, reads no clock, draws no
/// randomness but from its seed.
///
/// After each input call `takeReady()` and do what it says, in the order `Ready` gives. Inputs carry the instant they happened at;
/// call `deadlineReached` once `nextDeadline` has passed.
///
/// Source: Raft, extended version; pre-vote and leadership transfer from Ongaro's thesis, §9.6 and §3.10.
public struct RaftNode: Sendable {
    public let id: NodeID
    public let configuration: RaftConfiguration

    /// The latest instant any input carried.
    var now: MonotonicInstant
    var random: RandomSource
    var role: Role = .follower
    var hardState: HardState
    var log: ReplicatedLog
    var memberships = MembershipHistory()
    var commitIndex: LogIndex = .zero
    /// The first commit index of its own term a leader named since the start, or its own first entry when it came to lead; nil before.
    var learnedCommitIndex: LogIndex?
    /// The last entry handed out to be applied.
    var handedOutIndex: LogIndex = .zero

    /// Through here the log, as it stands, is durable.
    var durableIndex: LogIndex
    var pendingWrite = PendingWrite()
    /// Writes handed out and not yet confirmed, ascending.
    var writesInFlight: [WriteInFlight] = []
    var lastWriteNumber = WriteNumber(0)

    /// Whom this node follows or, when it leads, itself.
    var leader: NodeID?
    /// When a leader of the current term was last heard from.
    var leaderContact: MonotonicInstant?
    /// The leader's process is known to be gone; any message of its cancels that.
    var leaderCrashed = false
    var electionDeadline: MonotonicInstant
    /// Until then a failed campaign is repeated within milliseconds: the leader's process is gone, or there has never been one.
    var quickRetryUntil: MonotonicInstant

    var output = Ready()
    var counters = RaftStatus.Counters()
    var lastProofID = ProofID(0)
    /// The last term this node led.
    var lastLedTerm = Term.zero
    /// What the last check of the invariants saw.
    var checked = CheckedState()

    /// What must become durable with the next write.
    struct PendingWrite: Equatable, Sendable {
        var hardState = false
        var firstEntry: LogIndex?
        /// Leave once it, and every write before it, is durable.
        var messages: [OutboundMessage] = []
    }

    struct WriteInFlight: Equatable, Sendable {
        var number: WriteNumber
        /// Through here it makes the log durable; less than it was when entries were replaced since.
        var through: LogIndex
    }

    /// - Parameters:
    ///   - id: this node.
    ///   - hardState: as recovered from the store; empty at a first start.
    ///   - entries: the recovered log, contiguous from index 1.
    ///   - seed: of its randomness; different on every node.
    ///   - now: the instant of the start.
    public init(
        id: NodeID, configuration: RaftConfiguration, hardState: HardState, entries: [LogEntry], seed: UInt64, now: MonotonicInstant
    ) {
        self.id = id
        self.configuration = configuration
        self.now = now
        self.hardState = hardState
        random = RandomSource(seed: seed)
        log = ReplicatedLog(entries: entries)
        durableIndex = log.lastIndex
        for entry in entries {
            if case .membership(let membership) = entry.content { memberships.append(membership, at: entry.index) }
        }
        electionDeadline = .never
        quickRetryUntil = now + configuration.electionTimeout * 4
        invariant(hardState.term >= log.lastTerm, "recovered term \(hardState.term) is below the log's last term \(log.lastTerm)")
        campaignInTurn(slot: RaftNode.firstCampaignSlot)
    }

    // MARK: Inputs

    /// Takes a message. Malformed ones are ignored and named in `Ready.facts`.
    public mutating func receive(_ message: Message, from sender: NodeID, now: MonotonicInstant) {
        advance(to: now)
        guard sender != id else { return reject(from: sender, "a message from this node itself") }
        switch message.body {
        case .preVoteRequest(let request): answerPreVote(request, term: message.term, from: sender)
        case .preVoteReply(let reply): takePreVote(reply, term: message.term, from: sender)
        case .voteRequest(let request): answerVote(request, term: message.term, from: sender)
        case .voteReply(let reply): takeVote(reply, term: message.term, from: sender)
        case .append(let request): follow(request, term: message.term, from: sender)
        case .appendReply(let reply): takeAppendReply(reply, term: message.term, from: sender)
        case .heartbeat(let heartbeat): follow(heartbeat, term: message.term, from: sender)
        case .heartbeatReply(let reply): takeHeartbeatReply(reply, term: message.term, from: sender)
        case .timeoutNow: campaignOnOrder(term: message.term, from: sender)
        }
        checkInvariants()
    }

    /// Appends a command to the log, if this node leads.
    ///
    /// - Returns: the entry's index. It is committed once it comes back in `Ready.committed` with this node's term; otherwise it was
    ///   replaced.
    /// - Throws: why it was not taken; nothing has changed then.
    public mutating func propose(_ command: [UInt8], now: MonotonicInstant) throws(ProposalRefusal) -> LogIndex {
        advance(to: now)
        counters.proposals += 1
        if let refusal = refusal(for: command) {
            count(refusal)
            throw refusal
        }
        let index = appendAsLeader(.command(command))
        replicateToAll()
        commitIfPossible()
        checkInvariants()
        return index
    }

    /// Asks for a proof that this node leads, by a round of heartbeats sent after this call.
    ///
    /// - Returns: the request; its answer comes in `Ready.proofs`.
    /// - Throws: `ProofRefusal` when it does not lead or too many requests wait.
    public mutating func requestProof(now: MonotonicInstant) throws(ProofRefusal) -> ProofID {
        advance(to: now)
        return try enqueueProof()
    }

    /// Hands leadership to another voter: brings it level, then tells it to campaign. Aborted after an election timeout.
    ///
    /// - Parameter target: nil for the voter that has most of the log.
    /// - Throws: `TransferRefusal`; nothing has changed then.
    public mutating func transferLeadership(to target: NodeID?, now: MonotonicInstant) throws(TransferRefusal) {
        advance(to: now)
        try beginTransfer(to: target)
        checkInvariants()
    }

    /// Founds a cluster: makes this configuration the first entry of an empty log, in term 1, and campaigns.
    ///
    /// The caller vouches that no other node of the configuration belongs to a cluster or founds one.
    ///
    /// - Throws: `BootstrapRefusal.alreadyBootstrapped` when this node has a term or an entry; nothing has changed then.
    public mutating func bootstrap(_ membership: Membership, now: MonotonicInstant) throws(BootstrapRefusal) {
        advance(to: now)
        guard term == .zero, log.lastIndex == .zero else { throw .alreadyBootstrapped }
        setTerm(Term(1))
        append([LogEntry(index: LogIndex(1), term: Term(1), content: .membership(membership))])
        quickRetryUntil = self.now + configuration.electionTimeout * 4
        campaignInTurn(slot: .zero)
        checkInvariants()
    }

    /// Tells the core that a peer's process is gone: every connection to it broke and a redial was refused, or another boot answers.
    ///
    /// Only news of the leader matters. Any later message from it in its term cancels.
    ///
    /// - Parameter slot: how long each survivor of lower rank is given before this one campaigns.
    public mutating func processGone(_ peer: NodeID, slot: Duration, now: MonotonicInstant) {
        advance(to: now)
        noteCrash(of: peer, slot: slot)
        checkInvariants()
    }

    /// Tells the core that a connection to a peer has come up: what was sent before may be lost.
    public mutating func peerConnected(_ peer: NodeID, now: MonotonicInstant) {
        advance(to: now)
        resume(with: peer)
        checkInvariants()
    }

    /// Tells the core that `nextDeadline` has passed; harmless when it has not.
    public mutating func deadlineReached(now: MonotonicInstant) {
        advance(to: now)
        if role.isLeader { leaderDeadline() } else if self.now >= electionDeadline { startPreVote() }
        checkInvariants()
    }

    /// Confirms that a write, and every one before it, is durable.
    public mutating func written(_ number: WriteNumber, now: MonotonicInstant) {
        advance(to: now)
        invariant(number <= lastWriteNumber, "write \(number) was never handed out")
        while let first = writesInFlight.first, first.number <= number {
            durableIndex = max(durableIndex, first.through)
            writesInFlight.removeFirst()
        }
        countOwnVote(through: number)
        commitIfPossible()
        checkInvariants()
    }

    // MARK: Outputs

    /// When `deadlineReached` is to be called next.
    public var nextDeadline: MonotonicInstant {
        guard let state = role.leading else { return electionDeadline }
        return min(state.nextHeartbeat, quorumDeadline(of: state), state.transfer?.deadline ?? .never)
    }

    /// What the inputs since the last call ask for. Empty when there is nothing; call again until it is, since what is handed out at
    /// once is bounded.
    public mutating func takeReady() -> Ready {
        if role.leading?.roundWanted == true { sendHeartbeats() }
        collectWrite()
        collectCommitted()
        let ready = output
        output = Ready()
        return ready
    }

    private mutating func collectWrite() {
        let hasData = pendingWrite.hardState || pendingWrite.firstEntry != nil
        guard hasData || !pendingWrite.messages.isEmpty else { return }
        guard hasData || !writesInFlight.isEmpty else {
            output.messages += pendingWrite.messages
            pendingWrite = PendingWrite()
            return
        }
        lastWriteNumber = WriteNumber(lastWriteNumber.rawValue + 1)
        output.write = StorageWrite(
            number: lastWriteNumber, hardState: pendingWrite.hardState ? hardState : nil,
            entries: pendingWrite.firstEntry.map { log.slice(from: $0) } ?? [], messages: pendingWrite.messages)
        writesInFlight.append(WriteInFlight(number: lastWriteNumber, through: log.lastIndex))
        pendingWrite = PendingWrite()
    }

    private mutating func collectCommitted() {
        let through = min(commitIndex, durableIndex)
        guard through > handedOutIndex else { return }
        output.committed = log.slice(from: handedOutIndex.next, through: through, maximumCount: RaftNode.maximumHandedOut)
        handedOutIndex = output.committed.last?.index ?? handedOutIndex
    }

    /// How many committed entries one `Ready` holds at most.
    private static let maximumHandedOut = 4_096

    private mutating func advance(to instant: MonotonicInstant) { now = max(now, instant) }
}

/// Why a cluster cannot be founded here.
public enum BootstrapRefusal: Error, Equatable, Sendable {
    case alreadyBootstrapped
}

extension RaftNode {
    // MARK: Shared by the parts

    var term: Term { hardState.term }

    /// The governing configuration's voters; empty before the first configuration.
    var voters: [NodeID] { memberships.current?.voters ?? [] }

    var isVoter: Bool { voters.contains(id) }

    /// So many writes wait for the disk that this node takes on nothing that would need another one.
    var isStorageStalled: Bool { writesInFlight.count >= RaftNode.maximumWritesInFlight }

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

    mutating func count(_ refusal: ProposalRefusal) {
        if let position = ProposalRefusal.allCases.firstIndex(of: refusal) { counters.proposalsFailed[position] += 1 }
    }

    private func refusal(for command: [UInt8]) -> ProposalRefusal? {
        guard let state = role.leading else { return .notLeader }
        if state.transfer != nil { return .transferring }
        if command.count > configuration.limits.entryBytes { return .tooLarge }
        if isStorageStalled || state.uncommittedBytes + command.count > configuration.limits.uncommittedBytes { return .tooManyUncommitted }
        return nil
    }
}
