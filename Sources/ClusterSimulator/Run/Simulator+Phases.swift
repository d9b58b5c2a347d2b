import ClusterHealth
import NodeReplica
import RaftCore

// The order of a run: forming, then chaos, healing and calm in turn until the budget of events is spent.

extension Simulator {
    mutating func beginPhase(_ next: Phase) {
        phase = next
        undisturbedLeader = nil
        phaseNumber += 1
        if trace != nil { trace?("\(now / 1_000)us #\(report.events) phase \(next)") }
        heap.push(.phaseEnds(number: phaseNumber), at: now + duration(of: next))
        switch next {
        case .forming, .permanent, .healing: checkers.liveness.started(at: now)
        case .chaos, .calm: break
        }
    }

    private mutating func duration(of phase: Phase) -> Int64 {
        switch phase {
        case .forming, .healing: return plan.livenessBound + catchUpTime
        case .permanent:
            let isDiskSick = machines.contains { $0.hasSickDisk(at: now) }
            return plan.livenessBound + catchUpTime + (isDiskSick ? plan.sickDiskNotice : 0)
        // Digests are taken at every eighth entry: twice that many rounds, and what it takes to tell.
        case .chaos where plan.isCalm: return plan.timing.healthInterval * 20 + plan.timing.heartbeat * 10
        case .chaos: return plan.timing.electionTimeout * random.number(from: 4, to: 60)
        case .calm(isSettled: false): return plan.settlingTime + plan.timing.heartbeat
        case .calm(isSettled: true): return plan.settlingTime
        }
    }

    /// What the node that is furthest behind needs beside the bound: nothing to speak of, but in runs that pipeline hardly anything twice
    /// the time that so many messages and writes take one after the other.
    private var catchUpTime: Int64 {
        let alive = machines.filter(\.hasProcess).map(\.standing)
        guard let last = alive.map(\.last).max(), let applied = alive.map(\.applied).min(), last > applied else { return 0 }
        let turn = 2 * (plan.network.latency + plan.network.jitter) + plan.disk.latency + plan.disk.jitter
        return 2 * turn * (Int64(last.rawValue - applied.rawValue) / Int64(plan.entriesAtOnce))
    }

    mutating func phaseEnded(_ number: Int) throws(Violation) {
        guard number == phaseNumber else { return }
        switch phase {
        case .forming:
            try checkers.liveness.expired(levels: levels, at: now, describeCluster())
            if plan.isCalm { plantDivergence() }
            beginPhase(.chaos)
        case .chaos:
            if plan.isCalm { try checkDivergence() }
            try healEverything()
            let isPermanent = random.number(below: 2) == 0 && !plan.isCalm
            if isPermanent, try injectPermanentFaults() { beginPhase(.permanent) } else { beginPhase(.healing) }
        case .permanent:
            try checkers.liveness.expired(levels: levels, at: now, describeCluster())
            try healEverything()
            beginPhase(.healing)
        case .healing:
            try checkers.liveness.expired(levels: levels, at: now, describeCluster())
            if report.events >= plan.eventBudget || plan.isCalm {
                isOver = true
            } else if random.number(below: plan.calmEvery) == 0 {
                beginPhase(.calm(isSettled: false))
            } else {
                // Now and then the one that is hit leads a cluster that is whole.
                let isPermanent = random.number(below: 3) == 0
                if isPermanent, try injectPermanentFaults() { beginPhase(.permanent) } else { beginPhase(.chaos) }
            }
        case .calm(isSettled: false):
            try checkSettled()
            let leader = try endOneProcess()
            beginPhase(.calm(isSettled: true))
            undisturbedLeader = leader
        case .calm(isSettled: true):
            for machine in machines { try checkers.detector.ended(machine.slot, machine.name, now) }
            try healEverything()
            beginPhase(.healing)
        }
    }

    /// Alive in time: no need to wait for the bound.
    mutating func noteLevel() {
        guard let fresh = checkers.liveness.freshIndex, levels.allSatisfy({ $0 >= fresh }) else { return }
        checkers.liveness.reached(at: now)
        heap.push(.phaseEnds(number: phaseNumber), at: now)
    }

    /// How far each node has applied that must be level: those of the leader's configuration that run, can exchange frames with it both
    /// ways, and have a disk that takes what they are sent.
    var levels: [LogIndex] {
        guard let leader = leadingSlot else { return [.zero] }
        let members = machines[leader].replica?.membership
        return machines.indices.filter { slot in
            guard machines[slot].isRunning, members?.member(machines[slot].identity.id) != nil else { return false }
            guard !machines[slot].hasSickDisk(at: now) else { return false }
            return slot == leader || (isClear(slot, leader) && isClear(leader, slot))
        }.map { machines[$0].standing.applied }
    }

    func isClear(_ from: Int, _ to: Int) -> Bool {
        let link = links[position(from, to)]
        return link.cuts == 0 && link.stalls == 0 && link.refusals == 0 && link.raftLosses == 0
    }

    func describeCluster() -> String {
        machines.map { machine in
            let standing = machine.standing
            let reached = machines.indices.filter { links[position(machine.slot, $0)].dialerSees != nil }.map(String.init).joined()
            return "\(machine.name) \(machine.state) term \(standing.term)\(standing.isLeader ? " leads" : "") log \(standing.last) "
                + "commit \(standing.commit) applied \(standing.applied) reaches [\(reached)]"
        }.joined(separator: ", ")
    }

    /// Every fault ends, every process that can runs.
    mutating func healEverything() throws(Violation) {
        for number in activeFaults.keys.sorted() { try endFault(number) }
        for slot in machines.indices {
            machines[slot].isAway = false
            machines[slot].diskIsFull = false
            machines[slot].diskStalledUntil = 0
            machines[slot].nextSyncFails = false
            machines[slot].nextWriteTears = false
            machines[slot].effectsUntilCrash = nil
            switch machines[slot].state {
            case .frozen: try thaw(slot, machines[slot].boot)
            case .down: try restart(slot)
            case .running:
                if machines[slot].store.writing != nil { heap.push(.written(slot: slot, boot: machines[slot].boot), at: now) }
            case .lost, .outside: break
            }
        }
        // Whatever a fault has left in flight may still arrive.
        for slot in machines.indices { checkers.detector.disturbed(slot, now) }
    }

    private func checkSettled() throws(Violation) {
        guard let view = checkers.stateMachineSafety.view(at: newestApplied) else { return }
        for member in checkers.ledger.configurations.settled?.members ?? [] {
            // One that went up and down too often stays down for longer.
            guard let slot = slot(of: member.id), let row = view.rows[member.id], !row.flapping else { continue }
            try checkers.detector.settled(row, isRunning: machines[slot].isRunning)
        }
    }

    /// In calm: the leader's process or another's ends or freezes, and nothing else happens.
    ///
    /// - Returns: the leader, when another's process was it.
    private mutating func endOneProcess() throws(Violation) -> NodeID? {
        guard let governing = checkers.ledger.configurations.settled else { return nil }
        let running = governing.members.compactMap { slot(of: $0.id) }.filter { machines[$0].isRunning }
        let voting = governing.voters.count { slot(of: $0).map { machines[$0].isRunning } ?? false }
        let leader = running.first { machines[$0].standing.isLeader }
        guard voting > Quorum.majority(of: governing.voters.count), let leader else { return nil }
        let victim = random.number(below: 2) == 0 ? leader : random.element(of: running)
        let away = plan.timing.downAfter * 3 + plan.livenessBound
        // One that went up and down too often may be called down still.
        let isMeasured = newestStates[machines[victim].identity.id] != .down
        switch random.number(below: 4) {
        case 0:
            if isMeasured { checkers.detector.measure(endOf: victim, now) }
            try crash(victim, .crash, for: away)
        case 1:
            if isMeasured { checkers.detector.measure(endOf: victim, now) }
            freeze(victim, .pause, for: away)
        case 2: freeze(victim, .pause, for: plan.timing.electionTimeout * 5)
        default: try stop(victim)
        }
        return victim == leader ? nil : machines[leader].identity.id
    }
}
