import ClusterHealth
public import RaftCore
public import WireFormat

/// A node's pure state: its consensus, its view and the gate between writing and sending.
///
/// It takes one input at a time, with the moment it happened, and answers with the effects to carry out in order. It does no input or
/// output and reads no clock, so that a simulator runs exactly what production runs.
public struct Replica: Sendable {
    public let id: NodeID
    public let configuration: ReplicaConfiguration

    var raft: RaftNode
    var view = ClusterHealthView()
    var observer: Observer
    var clock = ClusterClock()
    var gate = WriteGate()
    var links = LinkTable()
    var heartbeats = HeartbeatTable()
    var counters = ReplicaCounters()

    /// Collects evidence and plans rounds; present while this node leads.
    var planner: RoundPlanner?
    /// The round proposed here and not yet applied, with when it was proposed. At most one: each is derived from the view before it.
    var roundInFlight: (index: LogIndex, at: MonotonicInstant)?
    /// The last round applied: its term, and when it was proposed here or applied here.
    var lastRound: (term: Term, at: MonotonicInstant)?
    var proofs = ProofTable()
    var requests = RequestTable()
    var digests = DigestTable()
    /// A snapshot is being encoded.
    var isEncodingSnapshot = false
    /// When the newest snapshot was taken or received here, or found at the start.
    var snapshotTakenAt: WallTime?
    /// Whom connections are held with.
    var peers: [Membership.Member] = []
    /// Some of them may be no longer needed.
    var mayDropPeers = false

    /// Whom committed changes have removed, as far as this node has applied them.
    public internal(set) var removed = RemovedMembers()

    var appliedIndex = LogIndex.zero
    var appliedTerm = Term.zero
    /// This machine's latest sample, as measured and as it is told.
    var measuredSample: HealthSample?
    var sample: HealthSample?
    /// To whom, and in which term, the latest sample was attached.
    var sampleSentTo: (leader: NodeID, term: Term)?
    var isStopping = false
    var lastContact = NodeMap<WallTime>()

    var moment: Moment
    var effects: [ReplicaEffect] = []
    var lastDeadline: MonotonicInstant?
    /// Something that a reader may see has changed since the last snapshot.
    var isStale = true

    /// - Parameters:
    ///   - id: this node's incarnation.
    ///   - recovered: what the store held; empty at a first start.
    ///   - seed: of the core's randomness; different on every node and at every start.
    /// - Throws: `WireFormatError` for a snapshot that this version cannot read.
    public init(
        id: NodeID, configuration: ReplicaConfiguration, recovered: RecoveredState, seed: UInt64, at moment: Moment
    ) throws(WireFormatError) {
        self.id = id
        self.configuration = configuration
        self.moment = moment
        raft = RaftNode(
            id: id, configuration: configuration.raft, recovered: recovered, seed: seed, now: moment.monotonic)
        observer = Observer(configuration: configuration.observer, startedAt: moment.monotonic)
        guard let snapshot = recovered.snapshot else { return }
        view = try SnapshotCoding.decode(snapshot.bytes)
        appliedIndex = snapshot.position.index
        appliedTerm = snapshot.position.term
        snapshotTakenAt = view.wallTime
        removed = RemovedMembers(recovered: recovered, applied: view.membership)
        if let time = view.clusterTime { clock.applied(time, at: moment.monotonic) }
    }

    /// What is to be done before the first input: whom to connect with, when to wake, what to show.
    public mutating func start(at moment: Moment) -> [ReplicaEffect] {
        advance(to: moment)
        if let membership = raft.membership { membershipChanged(membership) }
        return settle()
    }

    /// Takes one input.
    ///
    /// - Returns: the effects to carry out, in order.
    public mutating func handle(_ input: ReplicaInput, at moment: Moment) -> [ReplicaEffect] {
        advance(to: moment)
        switch input {
        case .received(let message, let health, let sender): received(message, health: health, from: sender)
        case .contact(let peer, let roundTrip): contact(peer, roundTrip: roundTrip)
        case .linkOpened(let peer, let boot, let direction): linkOpened(peer, boot: boot, direction: direction)
        case .linkClosed(let peer, let boot, let direction): linkClosed(peer, boot: boot, direction: direction)
        case .dialRefused(let peer): dialRefused(peer)
        case .sample(let sample): measured(sample)
        case .written(let number, let duration): written(number, duration: duration)
        case .deadline: raft.deadlineReached(now: now)
        case .proofRequested(let ticket): requestProof(ticket: ticket)
        case .proofAbandoned(let ticket): proofs.abandon(ticket)
        case .bootstrap(let membership): bootstrap(membership)
        case .changeMembership(let change, let ticket): changeMembership(change, ticket: ticket)
        case .join(let newcomer, let ticket): join(newcomer, ticket: ticket)
        case .transferLeadership(let target, let ticket): transferLeadership(to: target, ticket: ticket)
        case .requestAbandoned(let ticket): requests.abandon(ticket)
        case .snapshotEncoded(let snapshot): encoded(snapshot)
        case .stopping: stop()
        }
        return settle()
    }

    var now: MonotonicInstant { moment.monotonic }

    private mutating func advance(to moment: Moment) {
        self.moment = Moment(monotonic: max(self.moment.monotonic, moment.monotonic), wall: moment.wall)
    }

    /// Lets the core's outputs take effect until nothing is left, then sees to timers and readers.
    private mutating func settle() -> [ReplicaEffect] {
        if observer.nextTick <= now {
            observer.tick(at: now)
            isStale = true
        }
        drain()
        planRound()
        askForWaitingProofs()
        drain()
        answerProofs()
        answerFailedTransfers()
        requestSnapshotIfDue()
        if isStale {
            isStale = false
            effects.append(.publish(snapshot()))
        }
        let deadline = nextDeadline
        if deadline != lastDeadline {
            lastDeadline = deadline
            effects.append(.setDeadline(deadline))
        }
        let due = effects
        effects = []
        return due
    }

    private var nextDeadline: MonotonicInstant {
        let earliest = min(raft.nextDeadline, observer.nextTick)
        guard let planner, mayPlan else { return earliest }
        return min(earliest, planner.nextDue)
    }

    /// Carries the core's outputs into effects until it has none.
    private mutating func drain() {
        while true {
            let ready = raft.takeReady()
            for fact in ready.facts { note(fact) }
            for outbound in ready.messages { send(outbound) }
            dropPeers()
            if let write = ready.write { gate.add(write) }
            if let snapshot = ready.snapshot { restore(snapshot) }
            for entry in ready.committed { apply(entry) }
            for answer in ready.proofs { proofs.answered(answer) }
            effects += ready.probes.map { .probe($0) }
            let stepped = passGate()
            if ready.isEmpty, !stepped { return }
        }
    }
}
