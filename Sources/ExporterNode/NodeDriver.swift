import ClusterHealth
import ClusterTransport
import Dispatch
import LogStorage
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NodeReplica
import RaftCore
import WireFormat

/// Carries out a replica's effects in order; of consensus and health it decides nothing.
///
/// Its executor is one event loop of its own, which is also the transport's: frames, timers and confirmations reach the replica one at
/// a time, and what has been received is handed in before a timer that was due meanwhile.
actor NodeDriver {
    nonisolated let eventLoop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The loop outlives the actor: the group is shut down after the last service has ended.
        unsafe eventLoop.executor.asUnownedSerialExecutor()
    }

    private(set) var replica: Replica
    private let store: LogStore
    /// Keeps what the replica takes in and what comes of it, when somebody wants that.
    private let recorder: FlightRecorder?
    let logger: Logger
    private(set) var transport: ClusterTransport?
    var bootstrap: Bootstrap?
    let own: Membership.Member
    /// Set while this node asks to be taken in.
    var joining: Joining?
    /// Whom to hold connections with and whom to turn down.
    var policy: PeerPolicy
    /// The names that the other ends of inbound connections gave, by incarnation.
    var greetings: [NodeID: String] = [:]
    /// Requests to join that were passed on, by the number they were given for the leader.
    var forwardedJoins: [UInt64: ForwardedJoin] = [:]
    /// The removed nodes whose hellos are turned down: those that this node knew of when it last published its state.
    var removed: [NodeID] = []
    /// Whether this node was removed itself.
    var expulsion = Expulsion()
    /// Removed members that must still hear of it.
    var outgoing: [Membership.Member] = []
    /// Whom to dial before a membership is known.
    let firstPeers: [PeerEndpoint]
    private var timer: Scheduled<Void>?
    private let snapshotQueue = DispatchQueue(label: "snapshot")
    private var askers: [UInt64: Asker] = [:]
    var requests: [UInt64: Waiting] = [:]
    var forwarded: [UInt64: Forwarded] = [:]
    var visits: [UInt64: PendingVisit] = [:]
    private var lastTicket: UInt64 = 0
    private var stopWaiters: [CheckedContinuation<Void, Never>] = []
    var refusals: Set<String> = []
    private(set) var hasEnded = false
    private let ended: EventLoopPromise<Void>
    let published: NIOLockedValueBox<ReplicaSnapshot>

    private struct Asker {
        var answer: CheckedContinuation<ProofOutcome, Never>
        var expiry: Scheduled<Void>
    }

    /// - Parameters:
    ///   - bootstrap: set at a first start with initial members.
    ///   - joining: set at a first start that joins.
    ///   - peers: whom to dial before a membership is known.
    init(
        eventLoop: any EventLoop, replica: Replica, snapshot: ReplicaSnapshot, own: Membership.Member, store: LogStore,
        bootstrap: Bootstrap?, joining: Joining?, peers: [PeerEndpoint], recorder: FlightRecorder? = nil,
        logger: Logger
    ) {
        self.eventLoop = eventLoop
        self.replica = replica
        self.store = store
        self.own = own
        self.bootstrap = bootstrap
        self.joining = joining
        firstPeers = peers
        policy = PeerPolicy(id: own.id)
        self.recorder = recorder
        self.logger = logger
        ended = eventLoop.makePromise()
        published = NIOLockedValueBox(snapshot)
    }

    /// A start that fails between this one and its services leaves nobody to end it.
    deinit { ended.succeed() }

    // MARK: For everyone

    /// The newest published state; proves nothing.
    nonisolated var snapshot: ReplicaSnapshot { published.withLockedValue { $0 } }

    /// Completes when the node can no longer go on, with the reason.
    nonisolated var failure: EventLoopFuture<Void> { ended.futureResult }

    /// Asks for a proof of leadership, for at most so long.
    func prove(within budget: Duration) async -> ProofOutcome {
        let ticket = nextTicket()
        return await withCheckedContinuation { continuation in
            let expiry = schedule(in: budget) { $0.expire(ticket) }
            askers[ticket] = Asker(answer: continuation, expiry: expiry)
            perform(.proofRequested(ticket: ticket))
        }
    }

    /// Starts with a transport that is bound already.
    func start(transport: ClusterTransport) {
        self.transport = transport
        let moment = SystemClock.moment()
        recorder?.record(.start, at: moment)
        let effects = replica.start(at: moment)
        recorder?.record(effects)
        carryOut(effects)
        foundClusterIfPossible()
    }

    /// This machine's newest measurements.
    func take(_ sample: HealthSample) { perform(.sample(sample)) }

    /// Hands leadership over and announces the stop; returns once that is done or the time is up.
    func stop(within budget: Duration) async {
        await withCheckedContinuation { continuation in
            stopWaiters.append(continuation)
            _ = schedule(in: budget) { $0.stopAnnounced() }
            perform(.stopping)
        }
    }

    /// Ends the timers; what was asked and not answered is answered with a failure.
    func shutDown() {
        hasEnded = true
        timer?.cancel()
        for ticket in askers.keys { answer(ticket, .failed(.leadershipLost)) }
        abandonRequests()
        stopAnnounced()
        ended.succeed()
    }

    // MARK: On the event loop

    /// What the transport reports, in order, on its event loop.
    nonisolated func handle(_ event: TransportEvent) { assumeIsolated { $0.take(event) } }

    private func take(_ event: TransportEvent) {
        if !visits.isEmpty { endVisits { $0.finding(in: event) } }
        switch event {
        case .frame(let sender, .raft(let message, let health)): perform(.received(message, health: health, from: sender))
        case .frame(let sender, .operatorRequest(let request)): take(request, from: sender)
        case .frame(let sender, .operatorReply(let reply)): take(reply, from: sender)
        case .frame(let sender, .joinRequest(let request)): take(request, from: sender)
        case .frame(let sender, .joinReply(let reply)): take(reply, from: sender)
        case .frame: break
        case .contact(let peer, let roundTrip): perform(.contact(peer, roundTrip: roundTrip))
        case .linkOpened(let peer, let boot, let direction): perform(.linkOpened(peer, boot: boot, direction: LinkDirection(direction)))
        case .linkClosed(let peer, let boot, let direction):
            perform(.linkClosed(peer, boot: boot, direction: LinkDirection(direction)))
            doubtForwarded(lost: peer)
            parted(peer, direction)
        case .dialRefused(let peer):
            if let id = peer.id { perform(.dialRefused(id)) }
        case .hello(let seen):
            greeted(seen)
            bootstrap?.take(seen.hello)
            foundClusterIfPossible()
        case .refusedByPeer(let peer, let rejection): refused(by: peer, rejection)
        case .dialFailed, .rejected: break
        }
    }

    /// Founds the cluster once every initial member has answered.
    private func foundClusterIfPossible() {
        guard let bootstrap else { return }
        if let refusal = bootstrap.refusal {
            logger.error("\(refusal)")
            self.bootstrap = nil
        } else if let founders = bootstrap.founders {
            self.bootstrap = nil
            var random = SystemRandomNumberGenerator()
            let clusterID = ClusterID(high: random.next(), low: random.next())
            logger.notice("founding cluster \(clusterID) of \(founders.map(\.name).joined(separator: ", "))")
            perform(.bootstrap(Membership(clusterID: clusterID, members: founders)))
        }
    }

    func perform(_ input: ReplicaInput) {
        guard !hasEnded else { return }
        let moment = SystemClock.moment()
        recorder?.record(RecordedInput(input), at: moment)
        let effects = replica.handle(input, at: moment)
        recorder?.record(effects)
        carryOut(effects)
        if !forwarded.isEmpty { doubtForwarded() }
    }

    /// Hands a frame to the transport; may be lost.
    func send(_ frame: Frame, to peer: NodeID) { transport?.send(frame, to: peer) }

    /// A number that no other request of this process has.
    func nextTicket() -> UInt64 {
        lastTicket += 1
        return lastTicket
    }

    /// Does something on the event loop later.
    func schedule(in delay: Duration, _ body: @escaping @Sendable (isolated NodeDriver) -> Void) -> Scheduled<Void> {
        eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.wholeNanoseconds)) {
            self.assumeIsolated { body($0) }
        }
    }

    /// Until one of them ends the node: what a replica says that is not to be trusted is not stored and not sent.
    func carryOut(_ effects: [ReplicaEffect]) {
        for effect in effects {
            if hasEnded { return }
            switch effect {
            case .write(let batch): write(batch)
            case .send(let message, let health, let peer): transport?.send(.raft(message, health), to: peer)
            case .setDeadline(let deadline): setTimer(deadline)
            case .answerProof(let ticket, let outcome): answer(ticket, outcome)
            case .publish(let snapshot): publish(snapshot)
            case .probe(let peer): transport?.probe(peer)
            case .connect(let members): connect(members)
            case .log(let fact): log(fact)
            case .transition(let transition): log(transition)
            case .stopAnnounced: stopAnnounced()
            case .transferRefused(let refusal):
                logger.info("leadership is not handed over: \(refusal)")
                stopAnnounced()
            case .answerRequest(let ticket, let outcome): answerRequest(ticket, outcome)
            case .encodeSnapshot(let request): encode(request)
            case .removed: fail(NodeFailure.removed)
            case .divergenceSuspected(let reason): logger.error("\(reason)")
            case .diverged(let reason): fail(NodeFailure.diverged(reason))
            }
        }
    }

    private func write(_ batch: StorageBatch) {
        store.write(batch.writes) { result in
            self.eventLoop.execute {
                self.assumeIsolated { $0.wrote(batch.number, result) }
            }
        }
    }

    private func wrote(_ number: WriteNumber, _ result: Result<Duration, any Error>) {
        switch result {
        case .success(let duration): perform(.written(number, duration: duration))
        case .failure(let error): fail(error)
        }
    }

    /// Encodes a snapshot away from the event loop, where a large cluster's would hold up heartbeats.
    private func encode(_ request: SnapshotRequest) {
        snapshotQueue.async {
            let snapshot = request.encoded()
            self.eventLoop.execute {
                self.assumeIsolated { $0.perform(.snapshotEncoded(snapshot)) }
            }
        }
    }

    private func setTimer(_ deadline: MonotonicInstant) {
        timer?.cancel()
        guard deadline < .never, !hasEnded else { return timer = nil }
        let wait = max(.zero, deadline - SystemClock.moment().monotonic)
        timer = eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(wait.wholeNanoseconds)) {
            self.assumeIsolated { $0.perform(.deadline) }
        }
    }

    private func expire(_ ticket: UInt64) {
        guard askers[ticket] != nil else { return }
        perform(.proofAbandoned(ticket: ticket))
        answer(ticket, .failed(replica.proofFailureAtExpiry))
    }

    private func answer(_ ticket: UInt64, _ outcome: ProofOutcome) {
        guard let asker = askers.removeValue(forKey: ticket) else { return }
        asker.expiry.cancel()
        asker.answer.resume(returning: outcome)
    }

    private func stopAnnounced() {
        let waiters = stopWaiters
        stopWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    /// The node cannot go on: nothing of it may be trusted or sent any more.
    func fail(_ error: any Error) {
        guard !hasEnded else { return }
        hasEnded = true
        timer?.cancel()
        logger.critical("\(error)")
        ended.fail(error)
        for ticket in askers.keys { answer(ticket, .failed(.leadershipLost)) }
        abandonRequests()
        stopAnnounced()
    }
}

extension LinkDirection {
    init(_ direction: ConnectionDirection) {
        switch direction {
        case .inbound: self = .inbound
        case .outbound: self = .outbound
        }
    }
}

/// Why a node stopped by itself.
public enum NodeFailure: Error, Equatable, CustomStringConvertible {
    /// A replica of the same rule version would have decided otherwise: a bug or broken memory.
    case diverged(String)
    /// A committed change removed this node.
    case removed

    /// The exit status of a node that was removed: starting it again is of no use.
    public static let removedExitStatus: Int32 = 3

    public var description: String {
        switch self {
        case .removed:
            "this node was removed from the cluster and stops; to bring it back, empty its storage path and start it with --cluster.join"
        case .diverged(let reason): "this replica differs from the cluster and stops: \(reason)"
        }
    }
}
