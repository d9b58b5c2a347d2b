import ClusterTransport
import LogStorage
import Logging
import NIOCore
import NodeReplica
import RaftCore
import WireFormat

/// One node of consensus alone: the core, the gate, the store and the connections of production, without a view or a scrape.
///
/// Commands are what the load makes them; the state machine throws them away.
actor CommitNode {
    nonisolated let eventLoop: any EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The loop outlives the actor: the process ends first.
        unsafe eventLoop.executor.asUnownedSerialExecutor()
    }

    private var raft: RaftNode
    private var gate = WriteGate()
    private let store: LogStore
    private let place: ClusterPlace
    private var transport: ClusterTransport?
    private var timer: Scheduled<Void>?
    private var load: CommitLoad?
    private var syncs: [Duration] = []

    init(_ place: ClusterPlace, eventLoop: any EventLoop) throws {
        self.place = place
        self.eventLoop = eventLoop
        let (store, recovered) = try LogStore.open(
            path: place.folder, cluster: ClusterPlace.clusterName, member: place.own.name, incarnation: place.own.id)
        self.store = store
        raft = RaftNode(
            id: place.own.id,
            configuration: try RaftConfiguration(heartbeatInterval: .milliseconds(100), electionTimeout: .seconds(1)),
            recovered: recovered.state, seed: place.own.id.rawValue, now: CommitNode.now())
    }

    /// Listens, and founds the cluster: all nodes are told the same first entry.
    func start() async throws {
        let transport = try ClusterTransport(
            configuration: try TransportConfiguration(listenAddress: place.own.address), hello: place.hello, eventLoop: eventLoop,
            logger: Logger(label: "commit-bench") { _ in SwiftLogNoOpLogHandler() }, onEvent: { event in self.handle(event) })
        self.transport = transport
        transport.setMembership(place.incarnations)
        transport.setPeers(place.peers)
        _ = try await transport.start()
        try raft.bootstrap(place.membership, now: CommitNode.now())
        settle()
    }

    /// Whether it leads and every follower is level.
    var isReady: Bool {
        guard raft.isLeader else { return false }
        return raft.status.progress.allSatisfy { $0.value.matchIndex == raft.lastLogIndex }
    }

    /// Keeps so many commands in flight for a while.
    func run(_ load: CommitLoad) async throws -> CommitLoad {
        self.load = load
        syncs = []
        for _ in 0..<load.inFlight { propose() }
        settle()
        while self.load?.isOver == false { try await Task.sleep(for: .milliseconds(20)) }
        var ended = self.load ?? load
        ended.syncs = syncs
        self.load = nil
        return ended
    }

    private static func now() -> MonotonicInstant {
        let passed = ContinuousClock.now - CommitNode.origin
        return MonotonicInstant(nanoseconds: Int64(passed / .nanoseconds(1)))
    }

    private static let origin = ContinuousClock.now

    // MARK: On the event loop

    private nonisolated func handle(_ event: TransportEvent) { assumeIsolated { $0.take(event) } }

    private func take(_ event: TransportEvent) {
        switch event {
        case .frame(let sender, .raft(let message, _)): raft.receive(message, from: sender, now: CommitNode.now())
        case .linkOpened(let peer, _, .outbound): raft.peerConnected(peer, now: CommitNode.now())
        default: return
        }
        settle()
    }

    private func propose() {
        guard let load, !load.isOver else { return }
        do {
            self.load?.proposed(try raft.propose(load.command, now: CommitNode.now()))
        } catch {
            self.load?.refused += 1
        }
    }

    /// Carries out what the core asks for, in the order its `Ready` demands, until it asks for nothing.
    private func settle() {
        while true {
            let ready = raft.takeReady()
            for outbound in ready.messages { send(outbound) }
            if let write = ready.write { gate.add(write) }
            for entry in ready.committed where self.load?.committed(entry.index) == true { propose() }
            let stepped = passGate()
            if ready.isEmpty, !stepped { break }
        }
        compactIfDue()
        setTimer()
    }

    private func passGate() -> Bool {
        switch gate.next() {
        case nil: return false
        case .durable(let batch):
            release(batch)
            return true
        case .store(let batch):
            store.write(batch.writes) { result in
                self.eventLoop.execute { self.assumeIsolated { $0.wrote(batch.number, result) } }
            }
            return false
        }
    }

    private func wrote(_ number: WriteNumber, _ result: Result<Duration, any Error>) {
        switch result {
        case .success(let duration): syncs.append(duration)
        case .failure(let error): fatalError("\(error)")
        }
        if let batch = gate.confirmed(number) { release(batch) }
        settle()
    }

    private func release(_ batch: StorageBatch) {
        for outbound in batch.writes.flatMap(\.messages) { send(outbound) }
        raft.written(batch.number, now: CommitNode.now())
    }

    private func send(_ outbound: OutboundMessage) { transport?.send(.raft(outbound.message, nil), to: outbound.to) }

    /// As in production, so that the store does not grow for ever: with a state of nothing.
    private func compactIfDue() {
        guard raft.isSnapshotDue, let mark = raft.snapshotMark(at: raft.status.commitIndex) else { return }
        raft.compact(
            Snapshot(position: mark.position, membership: mark.membership, membershipIndex: mark.membershipIndex, bytes: []),
            now: CommitNode.now())
        settle()
    }

    private func setTimer() {
        timer?.cancel()
        guard raft.nextDeadline < .never else { return timer = nil }
        let wait = max(.zero, raft.nextDeadline - CommitNode.now())
        timer = eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(wait / .nanoseconds(1)))) {
            self.assumeIsolated {
                $0.raft.deadlineReached(now: CommitNode.now())
                $0.handOverToFirst()
                $0.settle()
            }
        }
    }

    /// The load is made in the first node's process, which has to lead: whoever was elected before it hands over.
    private func handOverToFirst() {
        guard place.position > 0, raft.isLeader else { return }
        do {
            try raft.transferLeadership(to: place.membership.members[0].id, now: CommitNode.now())
        } catch {
            // Not in contact yet, or on its way already: the next deadline tries again.
            return
        }
    }
}
