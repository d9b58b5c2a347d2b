/// What the caller owes after an input, in this order:
///
/// 1. send `messages`; they depend on nothing that is not yet durable;
/// 2. make `write` durable, in the order of the numbers, then call `RaftNode.written` and, only then, send the write's messages;
/// 3. put `snapshot` in the place of the state machine's state, then apply `committed`, in order;
/// 4. answer `proofs`, each once the applied index has reached its read index;
/// 5. log `facts` and follow `probes`.
public struct Ready: Equatable, Sendable {
    /// May leave now.
    public var messages: [OutboundMessage] = []
    /// The next write, if anything must become durable.
    public var write: StorageWrite?
    /// A leader's snapshot, durable here: it replaces the state machine's state.
    public var snapshot: Snapshot?
    /// Entries to apply: committed, durable here, contiguous with those handed out before.
    public var committed: [LogEntry] = []
    /// Requests for proof that were decided.
    public var proofs: [ProofAnswer] = []
    /// Peers whose connection should be tried at once: somebody has evidence that the process is gone.
    public var probes: [NodeID] = []
    /// What happened, worth a log line or a count.
    public var facts: [RaftFact] = []

    public init() {}

    public var isEmpty: Bool {
        // Not `!= nil`, which would compare, and copy, whole writes and snapshots.
        if case .some = write { return false }
        if case .some = snapshot { return false }
        return messages.isEmpty && committed.isEmpty && proofs.isEmpty && probes.isEmpty && facts.isEmpty
    }
}

/// One numbered write: durable as a whole or not at all, after all those of lower numbers.
public struct StorageWrite: Equatable, Sendable {
    public var number: WriteNumber
    /// The term and vote to store, when they changed.
    public var hardState: HardState?
    /// The snapshot to store and what becomes of the log, before the entries are.
    public var snapshot: SnapshotWrite?
    /// Entries to store, contiguous. Rows from the first one's index on are deleted first: they replace the log from there.
    public var entries: [LogEntry]
    /// Leave only once this write is durable.
    public var messages: [OutboundMessage]

    public init(
        number: WriteNumber, hardState: HardState? = nil, snapshot: SnapshotWrite? = nil, entries: [LogEntry] = [],
        messages: [OutboundMessage] = []
    ) {
        self.number = number
        self.hardState = hardState
        self.snapshot = snapshot
        self.entries = entries
        self.messages = messages
    }
}

/// The outcome of one `RaftNode.requestProof`.
public struct ProofAnswer: Equatable, Sendable {
    public let id: ProofID
    public let result: Result

    public enum Result: Equatable, Sendable {
        /// This node led after the request arrived; a state applied through `readIndex` is current.
        case proven(readIndex: LogIndex, term: Term)
        /// It stopped leading before the proof was complete.
        case leadershipLost
    }

    public init(id: ProofID, result: Result) {
        self.id = id
        self.result = result
    }
}

/// Something that happened in the core; the shell words it.
public enum RaftFact: Equatable, Sendable {
    case becameFollower(term: Term, leader: NodeID?)
    case startedPreVote(term: Term, leaderCrashed: Bool)
    case startedElection(term: Term)
    case becameLeader(term: Term)
    case steppedDown(term: Term, reason: StepDownReason)
    case preVoteRefused(by: NodeID, reason: VoteRefusal)
    case leaderChanged(term: Term, leader: NodeID?)
    case logTruncated(from: LogIndex)
    case membershipChanged(Membership)
    /// The log through an index is no longer held: a snapshot taken here covers it.
    case logCompacted(through: LogIndex, snapshot: LogPosition)
    case snapshotSendingStarted(to: NodeID, position: LogPosition)
    /// A snapshot of a leader replaces log and state, as soon as it is durable.
    case snapshotReceived(position: LogPosition)
    /// A snapshot of the own state is larger than allowed: the log is not compacted.
    case snapshotTooLarge(position: LogPosition, bytes: Int)
    /// A snapshot's bytes are not what its checksum says; it is asked for again.
    case snapshotRefused(position: LogPosition)
    /// A node that was removed has been told, or given up: nothing more is sent to it.
    case departed(NodeID)
    /// This node was removed from the cluster, and no leader speaks to it any more.
    case removed
    /// A write has been under way for longer than an election timeout, or is no longer.
    case storageStalled(Bool)
    /// A message that no correct peer sends; it was ignored.
    case malformedMessage(from: NodeID, reason: String)
}

/// Why a leader ceased to lead.
public enum StepDownReason: UInt8, Equatable, Sendable, CaseIterable {
    case higherTerm = 1
    case lostQuorum = 2
    case transferred = 3
    case removed = 4
    case storageStalled = 5
}
