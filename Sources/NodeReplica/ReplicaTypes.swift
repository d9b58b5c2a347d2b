public import ClusterHealth
public import RaftCore

/// When an input happened: by the monotonic clock, which decides, and by the wall clock, which is shown.
public struct Moment: Equatable, Sendable {
    public var monotonic: MonotonicInstant
    public var wall: WallTime

    public init(monotonic: MonotonicInstant, wall: WallTime) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// What a node's transport and storage tell its replica.
public enum ReplicaInput: Sendable {
    /// A consensus message, with what the sender attached about health.
    case received(Message, health: HealthAttachment?, from: NodeID)
    /// Any sign of life that is not a consensus message, such as a ping or its answer.
    case contact(NodeID, roundTrip: Duration?)
    /// A connection to or from a peer is established; its hello showed this boot.
    case linkOpened(NodeID, boot: BootID, direction: LinkDirection)
    /// A connection ended.
    case linkClosed(NodeID, boot: BootID, direction: LinkDirection)
    /// A dial was answered by a refusal: the machine lives, nobody listens there.
    case dialRefused(NodeID)
    /// This machine's latest measurements.
    case sample(HealthSample)
    /// A write is durable.
    case written(WriteNumber, duration: Duration)
    /// The deadline last set has passed.
    case deadline
    /// Somebody asks for a proof of leadership; answered by `ReplicaEffect.answerProof` with the same ticket.
    case proofRequested(ticket: UInt64)
    /// The asker has stopped waiting.
    case proofAbandoned(ticket: UInt64)
    /// Found a cluster of these members; nothing happens when this node belongs to one already.
    case bootstrap(Membership)
    /// An operator wants the configuration changed; answered by `ReplicaEffect.answerRequest` with the same ticket.
    case changeMembership(MembershipChange, ticket: UInt64)
    /// A node wants to be taken in, or promoted once it has caught up; answered likewise. It asks again until it is a voter.
    case join(Membership.Member, ticket: UInt64)
    /// An operator wants another node to lead, nil for the voter with most of the log; answered likewise.
    case transferLeadership(NodeID?, ticket: UInt64)
    /// Whoever asked has stopped waiting.
    case requestAbandoned(ticket: UInt64)
    /// The snapshot that `ReplicaEffect.encodeSnapshot` asked for.
    case snapshotEncoded(Snapshot)
    /// The process was told to stop: hand leadership over if it leads, and say so in the next sample.
    case stopping
}

/// Which side dialled.
public enum LinkDirection: UInt8, Equatable, Sendable, CaseIterable {
    case outbound = 1
    case inbound = 2
}

/// What the driver must do, in the order given.
public enum ReplicaEffect: Equatable, Sendable {
    /// Make this durable, then answer with `ReplicaInput.written`. Never more than one is outstanding.
    case write(StorageBatch)
    /// Hand to the transport; may be lost.
    case send(Message, health: HealthAttachment?, to: NodeID)
    /// Replace the timer: call `.deadline` then.
    case setDeadline(MonotonicInstant)
    /// The answer to a `proofRequested`; its snapshot was taken after the proof, at or above its read index.
    case answerProof(ticket: UInt64, ProofOutcome)
    /// The newest state, for everyone who reads without proof.
    case publish(ReplicaSnapshot)
    /// Try the connection to this peer at once.
    case probe(NodeID)
    /// The peers to hold connections with have changed.
    case connect([Membership.Member])
    /// Worth a log line.
    case log(RaftFact)
    /// A member changed its state; not told again of what is applied again after a start.
    case transition(ClusterHealthView.Transition)
    /// The leader has been told that this node stops on purpose; nothing more needs to be waited for.
    case stopAnnounced
    /// Told to stop, it found nobody to hand leadership to.
    case transferRefused(TransferRefusal)
    /// The answer to a request.
    case answerRequest(ticket: UInt64, RequestOutcome)
    /// Encode this elsewhere, then answer with `ReplicaInput.snapshotEncoded`. Never more than one is outstanding.
    case encodeSnapshot(SnapshotRequest)
    /// This node was removed from the cluster: the process must stop and say so.
    case removed
    /// Views differ, and nobody knows which one is right: worth an error line.
    case divergenceSuspected(String)
    /// A replica of the same rule version derived other decisions: the process must stop and say so.
    case diverged(String)
}

/// One transaction: the writes gathered while the previous one was under way.
public struct StorageBatch: Equatable, Sendable {
    /// The highest write number it contains.
    public var number: WriteNumber
    /// In order; the last hard state wins, entries replace from their first index on.
    public var writes: [StorageWrite]

    public init(number: WriteNumber, writes: [StorageWrite]) {
        self.number = number
        self.writes = writes
    }
}

/// How a request for proof ended.
public enum ProofOutcome: Equatable, Sendable {
    /// This node leads and its view is fresh: the view may be served from this snapshot.
    case proven(ReplicaSnapshot)
    /// The view may not be served.
    case failed(ProofFailure)
}

/// Why a view may not be served; the label `reason` of `quorum_view_proof_failures_total`.
public enum ProofFailure: String, Equatable, Sendable, CaseIterable {
    case notLeader = "not_leader"
    case leadershipLost = "leadership_lost"
    /// No round of this leader's term was applied within the budget.
    case noRound = "no_round"
    /// The last applied round is older than `down-after`.
    case stale = "stale"
    /// The budget ran out for another reason.
    case timeout = "timeout"
}

/// One immutable picture of a node: what a scrape without proof may show, and with proof the view too.
public struct ReplicaSnapshot: Equatable, Sendable {
    public var status: RaftStatus
    public var appliedIndex: LogIndex
    /// The term of the last applied entry.
    public var appliedTerm: Term
    public var view: ClusterHealthView
    /// The leader's own latest contact with each member, wall time; empty elsewhere.
    public var lastContact: NodeMap<WallTime>
    /// Each peer's connection as this node sees it.
    public var peers: NodeMap<PeerLink>
    /// Whether it has applied up to a commit index learned from a leader since it started.
    public var caughtUp: Bool
    /// The observer's patience, in thousandths: 1000 when it keeps its own deadlines, at most 2000.
    public var patienceThousandths: UInt32
    public var counters: ReplicaCounters
    /// When the newest snapshot was taken or received here; nil without one.
    public var snapshotTakenAt: WallTime?

    public struct PeerLink: Equatable, Sendable {
        public var isUp: Bool
        public var roundTrip: Duration?

        public init(isUp: Bool, roundTrip: Duration? = nil) {
            self.isUp = isUp
            self.roundTrip = roundTrip
        }
    }

    public init(
        status: RaftStatus, appliedIndex: LogIndex, appliedTerm: Term, view: ClusterHealthView,
        lastContact: NodeMap<WallTime> = NodeMap(), peers: NodeMap<PeerLink> = NodeMap(), caughtUp: Bool = false,
        patienceThousandths: UInt32 = 1_000, counters: ReplicaCounters = ReplicaCounters(), snapshotTakenAt: WallTime? = nil
    ) {
        self.status = status
        self.appliedIndex = appliedIndex
        self.appliedTerm = appliedTerm
        self.view = view
        self.lastContact = lastContact
        self.peers = peers
        self.caughtUp = caughtUp
        self.patienceThousandths = patienceThousandths
        self.counters = counters
        self.snapshotTakenAt = snapshotTakenAt
    }
}

/// What the replica counts and times beside the core's own counters; since the process started.
public struct ReplicaCounters: Equatable, Sendable {
    /// Heartbeats this node sent as leader, and those whose answer did not come within one interval.
    public var heartbeats: NodeMap<UInt64> = NodeMap()
    public var heartbeatFailures: NodeMap<UInt64> = NodeMap()
    /// The latest round trip of a heartbeat.
    public var heartbeatRoundTrip: NodeMap<Duration> = NodeMap()
    /// From proposal to commitment of this node's proposals.
    public var commitDuration = LatencyHistogram()
    /// From the write's start to its durability.
    public var syncDuration = LatencyHistogram()

    public init() {}
}

/// Counts of durations in buckets of 0.05 ms × 2ⁿ, n = 0…16, and one beyond.
public struct LatencyHistogram: Equatable, Sendable {
    /// Not cumulative; 18 buckets, the last unbounded.
    public private(set) var counts: [UInt64] = Array(repeating: 0, count: 18)
    public private(set) var sumNanoseconds: UInt64 = 0

    public init() {}

    /// The upper bound of the first bucket, in nanoseconds; each further one doubles it.
    public static let firstBoundNanoseconds: Int64 = 50_000

    public var count: UInt64 { counts.reduce(0, +) }

    /// An upper bound of a quantile: the bound of the bucket it falls in; the last bounded bucket's for what lies beyond; zero while empty.
    public func upperBound(ofQuantile quantile: Double) -> Duration {
        let total = count
        guard total > 0 else { return .zero }
        var seen: UInt64 = 0
        var bound = LatencyHistogram.firstBoundNanoseconds
        for bucket in counts.dropLast() {
            seen += bucket
            if Double(seen) >= quantile * Double(total) { break }
            bound *= 2
        }
        return .nanoseconds(min(bound, LatencyHistogram.firstBoundNanoseconds << 16))
    }

    public mutating func record(_ duration: Duration) {
        let nanoseconds = max(0, duration.wholeNanoseconds)
        var bound = LatencyHistogram.firstBoundNanoseconds
        var bucket = 0
        while bucket < 17, nanoseconds > bound {
            bound *= 2
            bucket += 1
        }
        counts[bucket] += 1
        sumNanoseconds += UInt64(nanoseconds)
    }
}
