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
    /// The newest snapshot, taken here or received; what a follower that lacks entries is sent.
    var snapshot: Snapshot?
    /// A received snapshot that is not durable yet: the state machine keeps its old state until it is.
    var installing: LogPosition?
    /// The last index a snapshot was taken at, or was too large to be taken at.
    var snapshotAttempt = LogIndex.zero
    /// The parts of a snapshot received so far.
    var assembly: SnapshotAssembly?

    /// Through here the log, as it stands, is durable.
    var durableIndex: LogIndex
    /// The newest snapshot that is durable.
    var storedSnapshot: StoredSnapshot?
    var pendingWrite = PendingWrite()
    /// Writes handed out and not yet confirmed, ascending.
    var writesInFlight: [WriteInFlight] = []
    /// The oldest of them has been under way for longer than an election timeout.
    var isStorageSlow = false
    var lastWriteNumber = WriteNumber(0)

    /// Whom this node follows or, when it leads, itself.
    var leader: NodeID?
    /// When a leader of the current term was last heard from.
    var leaderContact: MonotonicInstant?
    /// The leader's process is known to be gone; any message of its cancels that.
    var leaderCrashed = false
    var electionDeadline: MonotonicInstant
    /// When a node that a committed change removed says so, unless a leader speaks to it before.
    var removalDeadline = MonotonicInstant.never
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
        var snapshot: SnapshotWrite?
        var firstEntry: LogIndex?
        /// Leave once it, and every write before it, is durable.
        var messages: [OutboundMessage] = []
    }

    struct WriteInFlight: Equatable, Sendable {
        var number: WriteNumber
        /// Through here it makes the log durable; less than it was when entries were replaced since.
        var through: LogIndex
        /// The snapshot in it.
        var snapshot: StoredSnapshot?
        /// When it was handed out or, when others were before it, the last of them was confirmed: it was not begun earlier.
        var since: MonotonicInstant
    }

    /// What is told of a snapshot once it is durable.
    struct StoredSnapshot: Equatable, Sendable {
        var index: LogIndex
        var bytes: Int
        var isReceived: Bool
    }

    /// - Parameters:
    ///   - id: this node.
    ///   - recovered: what the store held; empty at a first start. The caller has put the snapshot's state into its state machine.
    ///   - seed: of its randomness; different on every node.
    ///   - now: the instant of the start.
    public init(id: NodeID, configuration: RaftConfiguration, recovered: RecoveredState, seed: UInt64, now: MonotonicInstant) {
        self.id = id
        self.configuration = configuration
        self.now = now
        hardState = recovered.hardState
        random = RandomSource(seed: seed)
        log = ReplicatedLog(baseIndex: recovered.start.index, baseTerm: recovered.start.term, entries: recovered.entries)
        durableIndex = log.lastIndex
        electionDeadline = .never
        quickRetryUntil = now + configuration.electionTimeout * 4
        restore(recovered)
        invariant(term >= log.lastTerm, "recovered term \(term) is below the log's last term \(log.lastTerm)")
        campaignInTurn(slot: RaftNode.firstCampaignSlot)
        noteRemoval()
    }

    // MARK: Inputs

    /// Takes a message. Malformed ones are ignored and named in `Ready.facts`.
    public mutating func receive(_ message: Message, from sender: NodeID, now: MonotonicInstant) {
        advance(to: now)
        guard sender != id else { return reject(from: sender, "a message from this node itself") }
        guard message.term.rawValue <= term.rawValue &+ RaftNode.maximumTermAdvance else {
            return reject(from: sender, "term \(message.term), where this node is in term \(term)")
        }
        if message.term > term, message.body.isReply, !isPeer(sender) { return }
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
        case .snapshotChunk(let chunk): follow(chunk, term: message.term, from: sender)
        case .snapshotReply(let reply): takeSnapshotReply(reply, term: message.term, from: sender)
        }
        checkInvariants()
    }

    /// How far beyond its own a node believes a term. No cluster holds so many elections between two messages; one damaged or forged term
    /// would be stored everywhere, and near the greatest one nobody could ever be elected again.
    static let maximumTermAdvance: UInt64 = 1 << 32

    /// Whether an answer of this node is to be expected: it is a member, or about to be none. Of others, only requests can bring a later
    /// term, since this node's configuration may be an old one.
    private func isPeer(_ node: NodeID) -> Bool { membership?.member(node) != nil || departing.contains(node) }

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
        role.leading?.replicationWanted = true
        commitIfPossible()
        checkInvariants()
        return index
    }

    /// Appends a change of the configuration to the log, if this node leads; it governs at once, committed or not.
    ///
    /// - Returns: the entry's index; committed, or replaced, as a command's.
    /// - Throws: why it was not taken; nothing has changed then.
    public mutating func proposeMembership(_ change: MembershipChange, now: MonotonicInstant) throws(MembershipRefusal) -> LogIndex {
        advance(to: now)
        counters.proposals += 1
        let membership: Membership
        do {
            membership = try changed(by: change)
        } catch {
            countMembership(error)
            throw error
        }
        let index = appendAsLeader(.membership(membership))
        role.leading?.replicationWanted = true
        commitIfPossible()
        checkInvariants()
        return index
    }

    /// Takes a snapshot of the state machine, which had applied everything through its position and nothing beyond; removes what it
    /// covers from the log, but for a tail. One that an installed snapshot has overtaken meanwhile changes nothing.
    public mutating func compact(_ snapshot: Snapshot, now: MonotonicInstant) {
        advance(to: now)
        take(snapshot)
        checkInvariants()
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
        if self.now >= removalDeadline { announceRemoval() }
        checkInvariants()
    }

    /// Confirms that a write, and every one before it, is durable.
    public mutating func written(_ number: WriteNumber, now: MonotonicInstant) {
        advance(to: now)
        invariant(number <= lastWriteNumber, "write \(number) was never handed out")
        while let first = writesInFlight.first, first.number <= number {
            durableIndex = max(durableIndex, first.through)
            if let snapshot = first.snapshot { noteStored(snapshot) }
            writesInFlight.removeFirst()
        }
        if !writesInFlight.isEmpty { writesInFlight[0].since = now }
        noteStorageDelay()
        countOwnVote(through: number)
        commitIfPossible()
        checkInvariants()
    }

    // MARK: Outputs

    /// When `deadlineReached` is to be called next.
    public var nextDeadline: MonotonicInstant {
        let shared = min(storageDeadline, removalDeadline)
        guard let state = role.leading else { return min(electionDeadline, shared) }
        return min(state.nextHeartbeat, quorumDeadline(of: state), state.transfer?.deadline ?? .never, shared)
    }

    /// What the inputs since the last call ask for. Empty when there is nothing; call again until it is, since what is handed out at
    /// once is bounded.
    public mutating func takeReady() -> Ready {
        replicateProposals()
        if role.leading?.roundWanted == true { sendHeartbeats() }
        collectWrite()
        collectCommitted()
        var ready = Ready()
        swap(&ready, &output)
        return ready
    }

    private mutating func collectWrite() {
        let hasData = pendingWrite.hardState || pendingWrite.firstEntry != nil || pendingWrite.snapshot != nil
        guard hasData || !pendingWrite.messages.isEmpty else { return }
        guard hasData || !writesInFlight.isEmpty else {
            output.messages += pendingWrite.messages
            pendingWrite = PendingWrite()
            return
        }
        lastWriteNumber = WriteNumber(lastWriteNumber.rawValue + 1)
        output.write = StorageWrite(
            number: lastWriteNumber, hardState: pendingWrite.hardState ? hardState : nil, snapshot: pendingWrite.snapshot,
            entries: pendingWrite.firstEntry.map { log.slice(from: $0) } ?? [], messages: pendingWrite.messages)
        let stored = pendingWrite.snapshot.map {
            StoredSnapshot(index: $0.snapshot.position.index, bytes: $0.snapshot.bytes.count, isReceived: $0.log == .replace)
        }
        writesInFlight.append(WriteInFlight(number: lastWriteNumber, through: log.lastIndex, snapshot: stored, since: now))
        pendingWrite = PendingWrite()
    }

    private mutating func collectCommitted() {
        if let position = installing {
            guard durableIndex >= position.index else { return }
            installing = nil
            output.snapshot = snapshot
            handedOutIndex = position.index
        }
        let through = min(commitIndex, durableIndex)
        guard through > handedOutIndex else { return }
        output.committed = log.slice(from: handedOutIndex.next, through: through, maximumCount: RaftNode.maximumHandedOut)
        handedOutIndex = output.committed.last?.index ?? handedOutIndex
    }

    /// How many committed entries one `Ready` holds at most.
    private static let maximumHandedOut = 4_096

    private mutating func advance(to instant: MonotonicInstant) {
        now = max(now, instant)
        noteStorageDelay()
    }
}

/// Why a cluster cannot be founded here.
public enum BootstrapRefusal: Error, Equatable, Sendable {
    case alreadyBootstrapped
}
