import ClusterHealth
import NodeReplica
import RaftCore
import WireFormat

// Processes: their inputs, their effects, their ends and their starts.

extension Simulator {
    // MARK: Starting

    /// A process starts on what its store gives.
    mutating func start(_ slot: Int) throws(Violation) {
        let identity = machines[slot].identity
        switch try machines[slot].store.open() {
        case .refused(let error):
            try checkers.recovery.refused(identity.id, error, isDamaged: machines[slot].store.isDamaged)
            refusedStores += 1
            machines[slot].state = .lost
            tell(slot, "store refused: \(error)")
        case .recovered(let recovered, let undecided):
            checkers.decide(undecided, identity, recovered)
            if machines[slot].store.isReal { realOpenings += 1 }
            try checkers.recovery.recovered(identity.id, recovered, checkers.ledger.disks[identity.number])
            let moment = machines[slot].clock.moment(at: now)
            checkers.started(identity, at: moment.monotonic)
            machines[slot].isLater = plan.isMixed && random.number(below: 2) == 0
            if machines[slot].isLater { report.faults.count(.laterVersion) }
            let head = RecordingHead(
                programVersion: "simulated", id: identity.id, configuration: configuration, recovered: recovered, seed: random.next(),
                moment: moment)
            let replica: SimulatedReplica
            do throws(WireFormatError) {
                replica = SimulatedReplica(try head.replica())
            } catch {
                throw Violation("recovery", "\(identity.id) cannot read its own snapshot: \(error)")
            }
            machines[slot].boot += 1
            machines[slot].state = .running
            checkers.detector.back(slot)
            machines[slot].standing = Machine.Standing(replica)
            machines[slot].replica = replica
            machines[slot].backlog = []
            machines[slot].deadline = .never
            machines[slot].armedAt = nil
            machines[slot].effectsUntilCrash = nil
            resetPeers(of: slot)
            prepareFounding(slot, recovered)
            tell(slot, "starts as boot \(machines[slot].boot) with a log after \(recovered.start)")
            beginRecording(head, on: slot)
            record(.start, at: moment, on: slot)
            let effects = replica.start(at: moment)
            machines[slot].recorder?.effects(effects)
            let boot = machines[slot].boot
            try carryOut(effects, on: slot)
            guard machines[slot].boot == boot, machines[slot].hasProcess else { return }
            heap.push(.sample(slot: slot, boot: boot), at: now)
            heap.push(.ping(slot: slot, boot: boot), at: now + random.number(from: 0, to: plan.timing.pingInterval))
            for peer in machines.indices where peer != slot { redial(slot, peer, after: 0) }
            try foundIfPossible(slot)
            if machines[slot].isJoining { heap.push(.askToJoin(slot: slot, boot: boot), at: now + plan.timing.heartbeat) }
        }
    }

    mutating func restart(_ slot: Int) throws(Violation) {
        guard case .down = machines[slot].state, !machines[slot].isAway else { return }
        restarts += 1
        try start(slot)
        if machines[slot].isRunning { checkers.detector.faultEnded(at: slot, now) }
    }

    // MARK: Inputs

    /// Hands an input to the process, or to its backlog while it is frozen.
    mutating func feed(_ input: ReplicaInput, to slot: Int) throws(Violation) {
        switch machines[slot].state {
        case .running: try perform(input, on: slot)
        case .frozen:
            if machines[slot].backlog.count < Simulator.maximumBacklog { machines[slot].backlog.append(input) }
        case .down, .lost, .outside: break
        }
    }

    private static let maximumBacklog = 65_536

    private mutating func perform(_ input: ReplicaInput, on slot: Int) throws(Violation) {
        guard let replica = machines[slot].replica else { return }
        let moment = machines[slot].clock.moment(at: now)
        let before = machines[slot].standing
        let lastTerm = before.isLeader ? replica.inspectedTerm(at: before.last) ?? .zero : .zero
        report.events += 1
        announce?(report.events)
        record(RecordedInput(input), at: moment, on: slot)
        checkers.handedIn(
            input, to: machines[slot].identity.id, leading: before.isLeader ? before.term : nil,
            voters: replica.membership?.voters ?? [], at: report.events, local: moment.monotonic)
        let stale = checkers.peerMatch.handedIn(input, before, replica)
        let effects = replica.handle(input, at: moment)
        machines[slot].recorder?.effects(effects)
        let after = Machine.Standing(replica)
        machines[slot].standing = after
        if machines[slot].policy.follows(after.leader) { refreshPeers(of: slot) }
        note(input, after, effects.count, on: slot)
        let isNews = try checkers.stepped(
            machines[slot].identity, from: before, lastTerm: lastTerm, to: after, replica, effects: effects.count, at: now,
            local: moment.monotonic)
        try checkers.peerMatch.stepped(machines[slot].identity.id, input, stale, after, replica, checkers.ledger)
        if case .deadline = input, after.isLeader {
            try checkers.awake(machines[slot].identity.id, replica, local: moment.monotonic, writing: writing(slot))
        }
        if isNews { try noteView(replica.inspectedView, at: after.applied) }
        try carryOut(effects, on: slot)
        if checkers.liveness.isWaiting { noteLevel() }
    }

    private mutating func note(_ input: ReplicaInput, _ standing: Machine.Standing, _ effects: Int, on slot: Int) {
        hash.add(UInt64(bitPattern: now))
        hash.add(UInt64(slot) << 32 | UInt64(effects))
        hash.add(standing.term.rawValue)
        hash.add(standing.commit.rawValue << 32 ^ standing.last.rawValue)
        guard trace != nil else { return }
        tell(
            slot,
            "\(words(for: input)) → term \(standing.term)\(standing.isLeader ? " leads" : "") log \(standing.last) durable "
                + "\(standing.durable) commit \(standing.commit) applied \(standing.applied) effects \(effects)")
    }

    /// Tells what the view at a newly reached index says other than the one before.
    private mutating func noteView(_ view: ClusterHealthView, at index: LogIndex) throws(Violation) {
        try checkers.transitionCounters.applied(index, view)
        guard index > newestApplied else { return }
        let proposedAt = (newestApplied.rawValue + 1...index.rawValue)
            .compactMap { checkers.scrapes.proposedAt($0, checkers.ledger.committed[Int($0) - 1].entry.term) }.min()
        newestApplied = index
        for (member, row) in view.rows {
            let from = newestStates[member] ?? .unknown
            guard from != row.state, let slot = slot(of: member) else { continue }
            newestStates[member] = row.state
            tell(slot, "is called \(row.state.label) at \(index)")
            try checkers.detector.changed(
                slot, row.name, from: from, to: row.state, isRunning: machines[slot].isRunning, proposedAt: proposedAt ?? 0, at: now)
        }
    }

    // MARK: Effects

    mutating func carryOut(_ effects: [ReplicaEffect], on slot: Int) throws(Violation) {
        let boot = machines[slot].boot
        for effect in effects {
            guard machines[slot].boot == boot, machines[slot].hasProcess else { return }
            if let left = machines[slot].effectsUntilCrash {
                if left <= 0 { return try crash(slot, .crashBetweenEffects, for: random.around(plan.timing.electionTimeout)) }
                machines[slot].effectsUntilCrash = left - 1
            }
            try carryOut(effect, on: slot)
        }
    }

    private mutating func carryOut(_ effect: ReplicaEffect, on slot: Int) throws(Violation) {
        let identity = machines[slot].identity
        switch effect {
        case .write(let batch):
            for write in batch.writes { try checkers.handedOut(write, identity) }
            try beginWrite(batch, on: slot)
        case .send(let message, let health, let peer):
            try checkers.sent(
                message, health, by: identity, to: peer, at: report.events, local: local(slot), writing: writing(slot))
            try send(message, health, from: slot, to: peer)
        case .setDeadline(let deadline): setTimer(slot, deadline)
        case .answerProof(let ticket, let outcome): try answered(ticket, outcome, by: slot)
        case .probe(let peer):
            if let peer = self.slot(of: peer) { redial(slot, peer, after: 0) }
        case .connect(let members):
            setPeers(members, of: slot)
        case .log(let fact): try note(fact, by: slot)
        case .diverged(let reason): try diverged(slot, reason)
        case .stopAnnounced: heap.push(.stopWaited(slot: slot, boot: machines[slot].boot), at: now)
        case .encodeSnapshot(let request):
            let wait = random.around(plan.timing.heartbeat)
            heap.push(.encoded(slot: slot, boot: machines[slot].boot, request), at: now + wait)
        case .divergenceSuspected(let reason):
            // With one view changed by hand, nodes may differ before a majority has told which one is right.
            if planted == nil { try checkers.peerCorrectness.diverged(identity.id, reason) }
        case .answerRequest(let ticket, let outcome): try answeredRequest(ticket, outcome, by: slot)
        case .removed: try removed(slot)
        case .publish, .transition, .transferRefused: break
        }
    }

    private mutating func note(_ fact: RaftFact, by slot: Int) throws(Violation) {
        let id = machines[slot].identity.id
        if trace != nil { tell(slot, "\(fact)") }
        switch fact {
        case .becameLeader(let term):
            if let leader = undisturbedLeader {
                throw Violation("disturbed-leader", "\(id) took leadership from \(leader), which nothing had disturbed")
            }
            if let replica = machines[slot].replica {
                try checkers.becameLeader(id, term: term, replica, at: report.events, local: local(slot))
            }
            expectHaste(slot)
        case .startedElection: try checkers.bounds.startedElection(id, at: now)
        case .malformedMessage(let sender, let reason): try checkers.peerCorrectness.malformed(id, from: sender, reason)
        default: break
        }
    }

    // MARK: Timers

    private mutating func setTimer(_ slot: Int, _ deadline: MonotonicInstant) {
        machines[slot].deadline = deadline
        arm(slot)
    }

    /// Sees to it that an event comes at the deadline, or before it.
    mutating func arm(_ slot: Int) {
        let deadline = machines[slot].deadline
        guard deadline != .never, !machines[slot].clock.isSuspended else { return }
        let due = max(now, machines[slot].clock.trueInstant(forLocal: deadline.nanoseconds))
        if let armed = machines[slot].armedAt, armed <= due { return }
        machines[slot].armedAt = due
        heap.push(.timer(slot: slot, boot: machines[slot].boot), at: due)
    }

    mutating func timerFired(_ slot: Int, _ boot: UInt32) throws(Violation) {
        guard machines[slot].boot == boot, machines[slot].armedAt == now else { return }
        machines[slot].armedAt = nil
        guard machines[slot].isRunning else { return }
        if machines[slot].clock.monotonic(at: now) < machines[slot].deadline.nanoseconds { return arm(slot) }
        machines[slot].deadline = .never
        try feed(.deadline, to: slot)
    }

    mutating func sample(_ slot: Int, _ boot: UInt32) throws(Violation) {
        guard machines[slot].boot == boot, machines[slot].hasProcess else { return }
        heap.push(.sample(slot: slot, boot: boot), at: now + plan.timing.healthInterval)
        machines[slot].sampleCount += 1
        var sample = HealthSample(measuredAt: machines[slot].clock.moment(at: now).wall, version: "simulated")
        sample.resources.memoryTotalBytes = 1 << 34
        sample.resources.memoryAvailableBytes = UInt64(1) << 33 &+ (machines[slot].sampleCount % 7) << 30
        try feed(.sample(sample), to: slot)
    }

    // MARK: Endings

    /// The process ends at once. What its transaction had reached stays on the disk, or none of it does.
    ///
    /// - Parameter kind: what is counted; nil for nothing.
    mutating func endProcess(_ slot: Int, _ kind: FaultKind?, answersDials: Bool = true) throws(Violation) {
        guard machines[slot].hasProcess else { return }
        if let kind { report.faults.count(kind) }
        tell(slot, "ends: \(kind?.label ?? "of itself")")
        if machines[slot].state == .frozen {
            checkers.detector.faultEnded(at: slot, now)
            checkers.detector.holdUpEnded(now)
        }
        let writes = try machines[slot].store.crash(&random)
        checkers.ledger.stored(writes, at: machines[slot].identity.number)
        machines[slot].state = .down(answersDials: answersDials)
        machines[slot].replica = nil
        machines[slot].backlog = []
        machines[slot].clock.resume(at: now)
        checkers.detector.faultBegan(at: slot, now)
        checkers.detector.gone(slot, now)
        processGone(slot, answersDials: answersDials)
    }

    /// Ends a process and starts another after a while.
    mutating func crash(_ slot: Int, _ kind: FaultKind?, answersDials: Bool = true, for duration: Int64) throws(Violation) {
        try endProcess(slot, kind, answersDials: answersDials)
        heap.push(.start(slot: slot), at: now + duration)
    }

    mutating func thaw(_ slot: Int, _ boot: UInt32) throws(Violation) {
        guard machines[slot].boot == boot, machines[slot].state == .frozen, !machines[slot].isAway else { return }
        machines[slot].state = .running
        machines[slot].clock.resume(at: now)
        checkers.honesty.thawed(machines[slot].identity.id, after: local(slot) - machines[slot].frozenSince)
        tell(slot, "runs on")
        let backlog = machines[slot].backlog
        machines[slot].backlog = []
        for input in backlog { try feed(input, to: slot) }
        checkers.detector.faultEnded(at: slot, now)
        checkers.detector.holdUpEnded(now)
        arm(slot)
    }

    /// A process that was told to stop has waited long enough, or was told that everybody knows.
    mutating func stopWaited(_ slot: Int, _ boot: UInt32) throws(Violation) {
        guard machines[slot].boot == boot, machines[slot].hasProcess else { return }
        try crash(slot, .cleanStop, for: random.around(plan.timing.electionTimeout))
    }

    /// One line of the trace.
    func tell(_ slot: Int, _ words: @autoclosure () -> String) {
        guard let trace else { return }
        trace("\(now / 1_000)us #\(report.events) \(machines[slot].name) \(words())")
    }
}
