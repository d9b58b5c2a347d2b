import ClusterHealth
import RaftCore

@testable import NodeReplica

/// Replicas over a virtual clock, network and disk, in one thread and without randomness of its own: the tests' stand-in for machines.
struct VirtualCluster {
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    private(set) var nodes: NodeMap<Node> = NodeMap()
    let members: [Membership.Member]
    let limits: RaftConfiguration.Limits
    /// Pairs (from, to) whose messages are lost, without any connection noticing.
    var cut: [(NodeID, NodeID)] = []
    private(set) var transitions: [(node: NodeID, transition: ClusterHealthView.Transition)] = []
    private(set) var divergences: [String] = []
    private var queue: [Event] = []
    private var lastSequence: UInt64 = 0

    static let messageDelay = Duration.microseconds(200)
    static let syncDelay = Duration.milliseconds(1)
    static let pingInterval = Duration.milliseconds(200)
    static let sampleInterval = Duration.seconds(1)
    static let refusalDelay = Duration.microseconds(500)

    struct Node {
        var replica: Replica
        var boot: BootID
        var isRunning = true
        var isFrozen = false
        /// The store refuses to finish writes.
        var diskHangs = false
        var deadline: MonotonicInstant = .never
        var snapshot: ReplicaSnapshot
        var stored = Stored()
        /// Inputs that arrived while frozen.
        var backlog: [ReplicaInput] = []
        var answers: [UInt64: ProofOutcome] = [:]
        /// How requests to change the cluster ended, by ticket.
        var outcomes: [UInt64: RequestOutcome] = [:]
        /// Whom it holds connections with; nil before it knows any member, when anybody is reached.
        var connected: [NodeID]?
        /// It was told that it no longer belongs.
        var isRemoved = false
    }

    struct Stored {
        var state = RecoveredState()
    }

    private struct Event {
        enum Turn { case none, sample, ping }
        var at: MonotonicInstant
        var sequence: UInt64
        var node: NodeID
        var boot: BootID
        var input: ReplicaInput?
        var batch: StorageBatch?
        var turn = Turn.none
    }

    /// Nodes 1…count, all voters; node 1 founds the cluster.
    init(count: UInt64, limits: RaftConfiguration.Limits = RaftConfiguration.Limits()) throws {
        self.limits = limits
        members = (1...count).map {
            Membership.Member(id: NodeID($0), name: "m\($0)", role: .voter, address: "m\($0):1", webURL: "http://m\($0):2")
        }
        for member in members { try boot(member.id, number: 1) }
        for member in members { connectAll(member.id) }
        let founding = Membership(clusterID: ClusterID(high: 1, low: 2), members: members)
        perform(.bootstrap(founding), on: NodeID(1))
    }

    private func configuration() throws -> ReplicaConfiguration {
        ReplicaConfiguration(
            raft: try RaftConfiguration(heartbeatInterval: .milliseconds(100), electionTimeout: .seconds(1), limits: limits),
            observer: .standard, rounds: .standard, verdict: VerdictSettings())
    }

    private var moment: Moment {
        Moment(monotonic: now, wall: WallTime(milliseconds: 1_700_000_000_000 + now.nanoseconds / 1_000_000))
    }

    // MARK: Life and death

    private mutating func boot(_ id: NodeID, number: UInt64) throws {
        let stored = nodes[id]?.stored ?? Stored()
        var replica = try Replica(
            id: id, configuration: try configuration(),
            recovered: stored.state, seed: id.rawValue * 1_000 + number, at: moment)
        let effects = replica.start(at: moment)
        nodes[id] = Node(
            replica: replica, boot: BootID(id.rawValue * 1_000 + number), snapshot: replica.currentSnapshot, stored: stored)
        carryOut(effects, on: id)
        sample(id)
        ping(id)
    }

    private mutating func connectAll(_ id: NodeID) {
        guard let boot = nodes[id]?.boot else { return }
        for (peer, other) in nodes where peer != id && other.isRunning {
            for (one, two, boot) in [(id, peer, other.boot), (peer, id, boot)] {
                deliver(.linkOpened(two, boot: boot, direction: .outbound), to: one, after: VirtualCluster.messageDelay)
                deliver(.linkOpened(two, boot: boot, direction: .inbound), to: one, after: VirtualCluster.messageDelay)
            }
        }
    }

    /// The process ends at once; its machine lives: connections break and redials are refused.
    mutating func kill(_ id: NodeID) {
        guard let boot = nodes[id]?.boot else { return }
        nodes[id]?.isRunning = false
        for (peer, other) in nodes where peer != id && other.isRunning {
            deliver(.linkClosed(id, boot: boot, direction: .outbound), to: peer, after: VirtualCluster.messageDelay)
            deliver(.linkClosed(id, boot: boot, direction: .inbound), to: peer, after: VirtualCluster.messageDelay)
            deliver(.dialRefused(id), to: peer, after: VirtualCluster.refusalDelay)
        }
    }

    /// The process starts again with what its store held.
    mutating func restart(_ id: NodeID, number: UInt64) throws {
        try boot(id, number: number)
        connectAll(id)
    }

    /// A node that belongs to nothing yet starts with an empty store.
    mutating func startNewcomer(_ number: UInt64) throws -> Membership.Member {
        try boot(NodeID(number), number: 1)
        connectAll(NodeID(number))
        return Membership.Member(id: NodeID(number), name: "m\(number)", role: .voter, address: "m\(number):1", webURL: "")
    }

    /// The view of a running node is damaged in memory.
    mutating func damageView(of id: NodeID, _ change: (inout ClusterHealthView) -> Void) {
        guard var node = nodes[id] else { return }
        change(&node.replica.view)
        nodes[id] = node
    }

    mutating func freeze(_ id: NodeID) { nodes[id]?.isFrozen = true }

    /// Runs on; what arrived meanwhile is handed in first.
    mutating func thaw(_ id: NodeID) {
        nodes[id]?.isFrozen = false
        let backlog = nodes[id]?.backlog ?? []
        nodes[id]?.backlog = []
        for input in backlog { perform(input, on: id) }
    }

    mutating func hangDisk(_ id: NodeID) { nodes[id]?.diskHangs = true }

    // MARK: Asking

    var leader: NodeID? {
        nodes.filter { $0.value.isRunning && !$0.value.isFrozen && $0.value.replica.isLeading }.map(\.id).max {
            (nodes[$0]?.snapshot.status.term ?? .zero) < (nodes[$1]?.snapshot.status.term ?? .zero)
        }
    }

    /// A node that campaigns in a term of its own.
    var campaigner: NodeID? { nodes.first { $0.value.isRunning && $0.value.replica.isCampaigning }?.id }

    mutating func askForProof(of id: NodeID, ticket: UInt64) { perform(.proofRequested(ticket: ticket), on: id) }

    mutating func tell(_ id: NodeID, _ input: ReplicaInput) { perform(input, on: id) }

    /// The state of a member as the leader has it applied.
    func state(of member: NodeID, seenBy id: NodeID) -> MemberState? { nodes[id]?.snapshot.view.rows[member]?.state }

    // MARK: Time

    /// Runs until a condition holds; false when it does not within the time.
    mutating func run(for limit: Duration, until condition: (VirtualCluster) -> Bool = { _ in false }) -> Bool {
        let end = now + limit
        while !condition(self) {
            guard let next = nextInstant, next <= end else {
                now = end
                return condition(self)
            }
            now = next
            step()
        }
        return true
    }

    private var nextInstant: MonotonicInstant? {
        let timers = nodes.values.filter { $0.isRunning && !$0.isFrozen }.map(\.deadline)
        let earliest = min(queue.map(\.at).min() ?? .never, timers.min() ?? .never)
        return earliest == .never ? nil : max(now, earliest)
    }

    /// Everything that is due now: what arrived first, then timers.
    private mutating func step() {
        let due = queue.filter { $0.at <= now }.sorted { ($0.at, $0.sequence) < ($1.at, $1.sequence) }
        queue.removeAll { $0.at <= now }
        for event in due { take(event) }
        for id in nodes.nodes {
            guard let node = nodes[id], node.isRunning, !node.isFrozen, node.deadline <= now else { continue }
            perform(.deadline, on: id)
        }
    }

    private mutating func take(_ event: Event) {
        guard let node = nodes[event.node], node.isRunning, node.boot == event.boot else { return }
        if let batch = event.batch {
            guard !node.diskHangs else { return }
            nodes[event.node]?.stored.take(batch)
            input(.written(batch.number, duration: VirtualCluster.syncDelay), on: event.node)
        } else if let next = event.input {
            input(next, on: event.node)
        } else if event.turn == .ping {
            ping(event.node)
        } else {
            sample(event.node)
        }
    }

    /// The transport's pings: a frozen process sends none.
    private mutating func ping(_ id: NodeID) {
        if nodes[id]?.isFrozen == false {
            for peer in members.map(\.id) where peer != id && !cut.contains(where: { $0 == (id, peer) }) {
                deliver(.contact(id, roundTrip: VirtualCluster.messageDelay * 2), to: peer, after: VirtualCluster.messageDelay)
            }
        }
        schedule(Event(at: now + VirtualCluster.pingInterval, sequence: 0, node: id, boot: nodes[id]?.boot ?? BootID(0), turn: .ping))
    }

    private mutating func input(_ input: ReplicaInput, on id: NodeID) {
        if nodes[id]?.isFrozen == true { nodes[id]?.backlog.append(input) } else { perform(input, on: id) }
    }

    private mutating func sample(_ id: NodeID) {
        let sample = HealthSample(measuredAt: moment.wall, version: "test")
        input(.sample(sample), on: id)
        schedule(Event(at: now + VirtualCluster.sampleInterval, sequence: 0, node: id, boot: nodes[id]?.boot ?? BootID(0)))
    }

    // MARK: Effects

    private mutating func perform(_ input: ReplicaInput, on id: NodeID) {
        let moment = moment
        guard let effects = nodes[id]?.replica.handle(input, at: moment) else { return }
        carryOut(effects, on: id)
    }

    private mutating func carryOut(_ effects: [ReplicaEffect], on id: NodeID) {
        for effect in effects {
            switch effect {
            case .write(let batch):
                let boot = nodes[id]?.boot ?? BootID(0)
                schedule(Event(at: now + VirtualCluster.syncDelay, sequence: 0, node: id, boot: boot, batch: batch))
            case .send(let message, let health, let peer):
                guard !cut.contains(where: { $0 == (id, peer) }), nodes[id]?.connected?.contains(peer) ?? true else { continue }
                deliver(.received(message, health: health, from: id), to: peer, after: VirtualCluster.messageDelay)
            case .setDeadline(let deadline): nodes[id]?.deadline = deadline
            case .answerProof(let ticket, let outcome): nodes[id]?.answers[ticket] = outcome
            case .publish(let snapshot): nodes[id]?.snapshot = snapshot
            case .probe(let peer):
                let isGone = nodes[peer]?.isRunning == false
                if isGone { deliver(.dialRefused(peer), to: id, after: VirtualCluster.refusalDelay) }
            case .transition(let transition): transitions.append((id, transition))
            case .diverged(let reason): divergences.append(reason)
            case .encodeSnapshot(let request): deliver(.snapshotEncoded(request.encoded()), to: id, after: VirtualCluster.syncDelay)
            case .answerRequest(let ticket, let outcome): nodes[id]?.outcomes[ticket] = outcome
            case .removed: nodes[id]?.isRemoved = true
            case .connect(let members): nodes[id]?.connected = members.map(\.id)
            case .log, .stopAnnounced, .transferRefused, .divergenceSuspected: break
            }
        }
    }

    private mutating func deliver(_ input: ReplicaInput, to id: NodeID, after delay: Duration) {
        guard let boot = nodes[id]?.boot else { return }
        schedule(Event(at: now + delay, sequence: 0, node: id, boot: boot, input: input))
    }

    private mutating func schedule(_ event: Event) {
        lastSequence += 1
        var event = event
        event.sequence = lastSequence
        queue.append(event)
    }
}

extension VirtualCluster.Stored {
    mutating func take(_ batch: StorageBatch) {
        for write in batch.writes {
            state.hardState = write.hardState ?? state.hardState
            if let snapshot = write.snapshot { take(snapshot) }
            guard let first = write.entries.first else { continue }
            state.entries.removeAll { $0.index >= first.index }
            state.entries += write.entries
        }
    }

    private mutating func take(_ write: SnapshotWrite) {
        state.snapshot = write.snapshot
        switch write.log {
        case .keep(let index):
            if let last = state.entries.last(where: { $0.index <= index }) { state.start = LogPosition(index: last.index, term: last.term) }
            state.entries.removeAll { $0.index <= index }
        case .replace:
            state.start = write.snapshot.position
            state.entries = []
        }
    }
}

extension Replica {
    var isLeading: Bool { raft.isLeader }
    var isCampaigning: Bool { raft.isCampaigning }
}
