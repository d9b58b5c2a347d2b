import NodeReplica
import RaftCore

// Faults that come and go: when, where, and what each does.

extension Simulator {
    mutating func scheduleFault(_ position: Int) {
        heap.push(.fault(position: position), at: now + random.around(plan.faults[position].meanInterval))
    }

    mutating func faultDue(_ position: Int) throws(Violation) {
        scheduleFault(position)
        guard phase == .chaos else { return }
        let fault = plan.faults[position]
        try inject(fault.kind, for: max(RunPlan.millisecond, random.around(fault.meanDuration)))
    }

    private mutating func inject(_ kind: FaultKind, for duration: Int64) throws(Violation) {
        let slot = random.element(of: Array(machines.indices))
        switch kind {
        case .drop, .duplicate, .reorder, .delay: begin(ActiveFault(kind: kind, slots: Array(machines.indices)), for: duration)
        case .stall, .cutOneWay, .raftFramesLost, .falseRefusal: injectOnPair(kind, slot, for: duration)
        case .isolate: isolate(slot, for: duration)
        case .bridge: bridge(for: duration)
        case .swizzle: swizzle(for: duration)
        case .reset: reset(slot)
        case .powerLoss: try crash(slot, kind, answersDials: false, for: duration)
        case .crash: try crash(slot, kind, for: duration)
        case .tornTransaction, .missingPart, .bitRot: try damage(slot, kind)
        case .diskStall, .diskFull, .failedSync: troubleDisk(slot, kind, for: duration)
        case .crashBetweenEffects: machines[slot].effectsUntilCrash = Int(random.number(below: 12))
        case .pause, .suspend: freeze(slot, kind, for: duration)
        case .cleanStop: try stop(slot)
        case .drift, .wallJump, .wallFreeze: changeClock(slot, kind, for: duration)
        case .join, .promote, .demote, .remove, .replace, .transfer, .wipe: try churn(kind, for: duration)
        case .permanent, .deadForGood, .frozenForGood, .fullForGood, .stalledForGood, .framesLostForGood, .leaderHitForGood, .laterVersion:
            break
        }
    }

    // MARK: Beginning and ending

    mutating func begin(_ fault: ActiveFault, for duration: Int64) {
        lastFault += 1
        heap.push(.faultEnds(number: lastFault), at: now + duration)
        activeFaults[lastFault] = fault
        switch fault.kind {
        case .drop, .duplicate, .reorder: break
        default: report.faults.count(fault.kind)
        }
        change(fault, by: 1)
        for slot in fault.slots { checkers.detector.faultBegan(at: slot, now) }
        if fault.kind.holdsFrames { checkers.detector.holdUpBegan() }
        if trace != nil { trace?("\(now / 1_000)us #\(report.events) fault \(fault.kind.label) \(fault.pairs) \(fault.slots)") }
    }

    mutating func endFault(_ number: Int) throws(Violation) {
        guard let fault = activeFaults.removeValue(forKey: number) else { return }
        change(fault, by: -1)
        for slot in fault.slots { checkers.detector.faultEnded(at: slot, now) }
        if fault.kind.holdsFrames { checkers.detector.holdUpEnded(now + (fault.kind == .delay ? plan.longestDelay : 0)) }
        if trace != nil { trace?("\(now / 1_000)us #\(report.events) end of \(fault.kind.label) \(fault.pairs) \(fault.slots)") }
    }

    private mutating func change(_ fault: ActiveFault, by step: Int) {
        switch fault.kind {
        case .drop: weather.lossy += step
        case .duplicate: weather.doubling += step
        case .reorder: weather.reordering += step
        case .delay:
            weather.slow += step
            weather.slowness = random.logarithmic(from: plan.timing.heartbeat / 10, to: plan.timing.electionTimeout * 3)
        case .drift:
            for slot in fault.slots {
                machines[slot].clock.setRate(step > 0 ? random.number(from: 950, to: 1_051) : 1_000, at: now)
                machines[slot].armedAt = nil
                arm(slot)
            }
        case .wallFreeze:
            for slot in fault.slots where step > 0 { machines[slot].clock.freezeWall(at: now) }
            for slot in fault.slots where step < 0 { machines[slot].clock.thawWall() }
        case .diskFull, .fullForGood: for slot in fault.slots { machines[slot].diskIsFull = step > 0 }
        default: changePairs(fault, by: step)
        }
    }

    private mutating func changePairs(_ fault: ActiveFault, by step: Int) {
        for (from, to) in fault.pairs {
            let at = position(from, to)
            switch fault.kind {
            case .stall: links[at].stalls += step
            case .raftFramesLost, .framesLostForGood: links[at].raftLosses += step
            case .falseRefusal:
                links[at].refusals += step
                if step > 0 { breakLink(from, to, dialerAfter: plan.network.latency, acceptorAfter: plan.network.latency) }
            default: links[at].cuts += step
            }
            pathChanged(from, to)
        }
    }

    // MARK: The network

    private mutating func injectOnPair(_ kind: FaultKind, _ slot: Int, for duration: Int64) {
        guard machines.count > 1 else { return }
        let other = random.element(of: machines.indices.filter { $0 != slot })
        var pairs = [(from: slot, to: other)]
        if kind == .falseRefusal || random.number(below: 2) == 0, kind != .cutOneWay { pairs.append((from: other, to: slot)) }
        begin(ActiveFault(kind: kind, pairs: pairs, slots: [slot, other]), for: duration)
    }

    /// Both directions between every machine of one group and every one of another.
    func pairs(_ group: [Int], _ others: [Int]) -> [(from: Int, to: Int)] {
        group.flatMap { one in others.flatMap { two in one == two ? [] : [(from: one, to: two), (from: two, to: one)] } }
    }

    private mutating func isolate(_ slot: Int, for duration: Int64, as kind: FaultKind = .isolate) {
        let others = machines.indices.filter { $0 != slot }
        guard !others.isEmpty else { return }
        begin(ActiveFault(kind: kind, pairs: pairs([slot], others), slots: Array(machines.indices)), for: duration)
    }

    /// Two groups that only one machine reaches both of.
    private mutating func bridge(for duration: Int64) {
        guard machines.count > 2 else { return }
        let order = random.shuffled(machines.count)
        let half = (machines.count - 1) / 2
        let fault = ActiveFault(
            kind: .bridge, pairs: pairs(Array(order[1...half]), Array(order[(half + 1)...])), slots: Array(machines.indices))
        begin(fault, for: duration)
    }

    /// Several machines are cut off at once and come back one by one.
    private mutating func swizzle(for duration: Int64) {
        guard machines.count > 1 else { return }
        let order = random.shuffled(machines.count)
        for slot in order.prefix(1 + Int(random.number(below: UInt64(machines.count)))) {
            isolate(slot, for: random.around(duration), as: .swizzle)
        }
    }

    private mutating func reset(_ slot: Int) {
        guard machines.count > 1 else { return }
        let other = random.element(of: machines.indices.filter { $0 != slot })
        guard links[position(slot, other)].isAlive else { return }
        report.faults.count(.reset)
        checkers.detector.disturbed(slot, now)
        checkers.detector.disturbed(other, now)
        breakLink(slot, other, dialerAfter: random.number(from: 0, to: plan.network.latency), acceptorAfter: plan.network.latency)
    }

    // MARK: Disks

    private mutating func troubleDisk(_ slot: Int, _ kind: FaultKind, for duration: Int64) {
        guard machines[slot].isRunning else { return }
        switch kind {
        case .diskStall:
            machines[slot].diskStalledUntil = now + duration
            begin(ActiveFault(kind: kind, slots: [slot]), for: duration)
        case .diskFull:
            if !machines[slot].diskIsFull { begin(ActiveFault(kind: kind, slots: [slot]), for: duration) }
        default:
            machines[slot].nextSyncFails = true
            checkers.detector.disturbed(slot, now)
        }
    }

    /// Damages a store beyond what a disk may do, on at most a minority of any configuration's voters; its node must refuse to start.
    mutating func damage(_ slot: Int, _ kind: FaultKind) throws(Violation) {
        guard machines[slot].hasProcess, !machines[slot].store.isDamaged else { return }
        let id = machines[slot].identity.id
        guard checkers.ledger.configurations.tolerates(losing: id) else { return }
        if kind == .tornTransaction {
            let isTorn = try machines[slot].store.tear(&random)
            // Seldom is one on its way just then: the next one will be torn.
            machines[slot].nextWriteTears = !isTorn
            guard isTorn else { return }
        }
        try endProcess(slot, kind, answersDials: false)
        switch kind {
        case .missingPart: _ = machines[slot].store.losePart(&random)
        case .bitRot: machines[slot].store.rot(&random)
        default: break
        }
        if machines[slot].store.isDamaged { checkers.ledger.configurations.lose(id) }
        heap.push(.start(slot: slot), at: now + random.around(plan.timing.electionTimeout))
    }

    // MARK: Processes and clocks

    mutating func freeze(_ slot: Int, _ kind: FaultKind, for duration: Int64) {
        guard machines[slot].isRunning else { return }
        report.faults.count(kind)
        machines[slot].state = .frozen
        machines[slot].frozenSince = local(slot)
        if kind == .suspend { machines[slot].clock.suspend(at: now) }
        checkers.detector.holdUpBegan()
        checkers.detector.faultBegan(at: slot, now)
        tell(slot, "freezes")
        heap.push(.thaw(slot: slot, boot: machines[slot].boot), at: now + duration)
    }

    /// The process is told to stop: it has an election timeout to hand over and to say so.
    mutating func stop(_ slot: Int) throws(Violation) {
        guard machines[slot].isRunning else { return }
        checkers.detector.disturbed(slot, now)
        heap.push(.stopWaited(slot: slot, boot: machines[slot].boot), at: now + plan.timing.electionTimeout)
        try feed(.stopping, to: slot)
    }

    private mutating func changeClock(_ slot: Int, _ kind: FaultKind, for duration: Int64) {
        switch kind {
        case .wallJump:
            report.faults.count(kind)
            machines[slot].clock.jumpWall(byMilliseconds: random.number(from: -86_400_000, to: 86_400_000))
        default:
            guard !machines[slot].clock.isSuspended, !activeFaults.values.contains(where: { $0.kind == kind && $0.slots == [slot] }) else {
                return
            }
            begin(ActiveFault(kind: kind, slots: [slot]), for: duration)
        }
    }
}
