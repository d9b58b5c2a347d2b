import NodeReplica
import RaftCore

// Members that come and go: joins, an operator's changes, hand-overs, wiped disks.

extension Simulator {
    mutating func churn(_ kind: FaultKind, for duration: Int64) throws(Violation) {
        switch kind {
        case .join: try takeIn()
        case .wipe: try wipeOne(for: duration)
        case .transfer: try askForTransfer()
        default: try askOperator(for: kind)
        }
    }

    /// How a machine belongs to a configuration, whatever its role.
    private func member(_ slot: Int) -> Membership.Member {
        let machine = machines[slot]
        return Membership.Member(
            id: machine.identity.id, name: machine.name, role: .voter, address: address(of: slot), webURL: "http://\(machine.name)",
            extra: machine.isLater ? LaterVersion.field(UInt8(truncatingIfNeeded: slot)) : [])
    }

    // MARK: Asking to be taken in

    /// A machine outside the cluster starts with an empty store and asks to join.
    private mutating func takeIn() throws(Violation) {
        let outside = machines.indices.filter { machines[$0].state == .outside }
        guard !outside.isEmpty else { return }
        try startEmpty(random.element(of: outside))
    }

    private mutating func startEmpty(_ slot: Int) throws(Violation) {
        if machines[slot].boot > 0 { renew(slot) }
        machines[slot].isJoining = true
        machines[slot].state = .down(answersDials: true)
        try restart(slot)
    }

    /// The machine's store is gone; the next one is another incarnation.
    private mutating func renew(_ slot: Int) {
        checkers.ledger.configurations.lose(machines[slot].identity.id)
        let identity = Identity(number: checkers.ledger.disks.count, salt: random.next() >> 24)
        machines[slot].identity = identity
        machines[slot].store = makeStore(machines[slot].name, identity.id)
        checkers.ledger.addDisk()
    }

    /// A disk is wiped, or replaced after its store was refused; the machine comes back under its name and asks to join.
    private mutating func wipeOne(for duration: Int64) throws(Violation) {
        let broken = machines.indices.filter { machines[$0].state == .lost }
        let candidates = broken.isEmpty ? machines.indices.filter { machines[$0].hasProcess } : broken
        guard !candidates.isEmpty else { return }
        let slot = random.element(of: candidates)
        guard checkers.ledger.configurations.tolerates(losing: machines[slot].identity.id) else { return }
        try endProcess(slot, nil)
        report.faults.count(.wipe)
        tell(slot, "is wiped")
        renew(slot)
        machines[slot].isJoining = true
        machines[slot].state = .down(answersDials: true)
        heap.push(.start(slot: slot), at: now + duration)
    }

    /// A node that wants to be taken in asks somebody, and asks again until it is a voter.
    mutating func askToJoin(_ slot: Int, _ boot: UInt32) {
        guard machines[slot].boot == boot, machines[slot].hasProcess, machines[slot].isJoining else { return }
        heap.push(.askToJoin(slot: slot, boot: boot), at: now + random.around(plan.timing.electionTimeout))
        let newcomer = member(slot)
        let known = machines[slot].replica?.membership
        if known?.member(newcomer.id)?.role == .voter { return machines[slot].isJoining = false }
        guard phase == .chaos || phase == .healing, machines[slot].isRunning, known == nil || known?.member(newcomer.id) != nil else {
            return
        }
        let others = machines.indices.filter { $0 != slot && machines[$0].isRunning && isClear(slot, $0) && isClear($0, slot) }
        guard !others.isEmpty else { return }
        // Most ask whom the last one named.
        let leader = others.first { machines[$0].standing.isLeader }
        let target = leader.flatMap { random.number(below: 4) > 0 ? $0 : nil } ?? random.element(of: others)
        let request = SimulatedEvent.joinArrives(newcomer, at: target, boot: machines[target].boot)
        heap.push(request, at: now + plan.network.latency + random.number(from: 0, to: plan.timing.electionTimeout))
    }

    mutating func joinArrived(_ newcomer: Membership.Member, at slot: Int, _ boot: UInt32) throws(Violation) {
        // With faults outside a majority of the governing configuration, and in calm, that configuration stays.
        guard phase == .chaos || phase == .healing else { return }
        guard machines[slot].boot == boot, machines[slot].isRunning, let asker = self.slot(of: newcomer.id) else { return }
        // Two disks that fail at once, one of them just made to count, are beyond what a cluster can bear.
        let voters = machines[slot].replica?.membership?.voters ?? []
        guard checkers.ledger.configurations.keepsMajority(of: voters + [newcomer.id]) else { return }
        // Who asks for a machine that is about to lose its disk is not told apart from one that has lost it.
        let isWiped = machines[asker].identity.number >= machines.count
        let ticket = ask(.join(newcomer, isWiped: isWiped), of: slot)
        try feed(.join(newcomer, ticket: ticket), to: slot)
    }

    // MARK: The operator

    private mutating func askOperator(for kind: FaultKind) throws(Violation) {
        if let slot = randomAsked() { try askOperator(for: kind, at: slot) }
    }

    private mutating func askOperator(for kind: FaultKind, at slot: Int) throws(Violation) {
        guard let membership = machines[slot].replica?.membership else { return }
        guard let change = change(kind, membership), isSensible(change, membership) else { return }
        tell(slot, "is asked by the operator: \(change)")
        let ticket = ask(.change(change), of: slot)
        try feed(.changeMembership(change, ticket: ticket), to: slot)
    }

    /// Somebody came to lead: within about the time its first entry takes to be committed, the operator may want a change of it.
    mutating func expectHaste(_ slot: Int) {
        guard plan.isHasty, phase == .chaos, random.number(below: 3) > 0 else { return }
        let wait = random.number(from: 0, to: 2 * (plan.network.latency + plan.disk.latency))
        heap.push(.hastyChange(slot: slot, boot: machines[slot].boot), at: now + wait)
    }

    mutating func askInHaste(_ slot: Int, _ boot: UInt32) throws(Violation) {
        guard phase == .chaos, machines[slot].boot == boot, machines[slot].isRunning else { return }
        try askOperator(for: random.element(of: [.promote, .demote, .remove, .replace]), at: slot)
    }

    /// Mostly the leader; else somebody who will refuse, or whose leadership is over.
    private mutating func randomAsked() -> Int? {
        let running = machines.indices.filter { machines[$0].isRunning }
        guard !running.isEmpty else { return nil }
        let leader = running.filter { machines[$0].standing.isLeader }.max { machines[$0].standing.term < machines[$1].standing.term }
        if let leader, random.number(below: 8) > 0 { return leader }
        return random.element(of: running)
    }

    private mutating func change(_ kind: FaultKind, _ membership: Membership) -> MembershipChange? {
        let learners = membership.members.filter { $0.role == .learner }.map(\.id)
        let lost = membership.members.map(\.id).filter { checkers.ledger.configurations.lost.contains($0) }
        let all = lost.isEmpty || random.number(below: 3) == 0 ? membership.members.map(\.id) : lost
        switch kind {
        case .promote: return learners.isEmpty ? nil : .promote(random.element(of: learners))
        case .demote: return membership.voters.isEmpty ? nil : .demote(random.element(of: membership.voters))
        case .remove: return all.isEmpty ? nil : .remove(random.element(of: all))
        default:
            let newcomers = machines.indices.map { member($0) }.filter { newcomer in
                membership.member(newcomer.id) == nil && !checkers.ledger.configurations.hasRemoved(newcomer.id)
                    && self.slot(of: newcomer.id).map { machines[$0].isJoining } ?? false
            }
            guard !all.isEmpty, !newcomers.isEmpty else { return nil }
            return .replace(random.element(of: all), with: random.element(of: newcomers))
        }
    }

    /// An operator does not throw away the majority that still has its disks, and seldom all redundance.
    private mutating func isSensible(_ change: MembershipChange, _ membership: Membership) -> Bool {
        var voters = membership.voters
        switch change {
        case .add: break
        case .promote(let node): voters.append(node)
        case .demote(let node), .remove(let node), .replace(let node, with: _): voters.removeAll { $0 == node }
        }
        guard checkers.ledger.configurations.keepsMajority(of: voters) else { return false }
        return voters.count > 2 || voters.count >= membership.voters.count || random.number(below: 4) == 0
    }

    private mutating func askForTransfer() throws(Violation) {
        guard let slot = randomAsked(), let voters = machines[slot].replica?.membership?.voters else { return }
        let target = voters.isEmpty || random.number(below: 2) == 0 ? nil : random.element(of: voters)
        let ticket = ask(.transfer, of: slot)
        try feed(.transferLeadership(target, ticket: ticket), to: slot)
    }

    // MARK: Answers

    private mutating func ask(_ request: RequestOracle.Request, of slot: Int) -> UInt64 {
        lastTicket += 1
        checkers.requests.asked(ticket: lastTicket, request)
        for slot in machines.indices { checkers.detector.disturbed(slot, now) }
        let patience = plan.timing.electionTimeout * random.element(of: [1, 3, 20])
        heap.push(.abandonRequest(slot: slot, boot: machines[slot].boot, ticket: lastTicket), at: now + patience)
        return lastTicket
    }

    mutating func abandonRequest(_ slot: Int, _ boot: UInt32, _ ticket: UInt64) throws(Violation) {
        guard machines[slot].boot == boot, machines[slot].hasProcess else { return checkers.requests.gaveUp(ticket: ticket) }
        // A frozen process may still answer before it reads that nobody waits.
        if machines[slot].isRunning { checkers.requests.gaveUp(ticket: ticket) }
        try feed(.requestAbandoned(ticket: ticket), to: slot)
    }

    mutating func answeredRequest(_ ticket: UInt64, _ outcome: RequestOutcome, by slot: Int) throws(Violation) {
        guard let replica = machines[slot].replica else { return }
        tell(slot, "answers request \(ticket): \(outcome)")
        switch try checkers.requests.answered(machines[slot].identity.id, ticket: ticket, outcome, replica, checkers.ledger) {
        case .nothing: break
        case .changed(let kind):
            report.faults.count(kind)
            for slot in machines.indices { checkers.detector.disturbed(slot, now) }
        case .transferred: report.faults.count(.transfer)
        case .wipedRefused: wipedRefused += 1
        }
    }

    /// A node says that it was removed, and its process ends. It may be started again as it is, or anew with an empty store.
    mutating func removed(_ slot: Int) throws(Violation) {
        guard checkers.ledger.configurations.hasRemoved(machines[slot].identity.id) else {
            throw Violation("removal", "\(machines[slot].identity.id) says it was removed, and no committed configuration did so")
        }
        removedStopped += 1
        try endProcess(slot, nil)
        switch random.number(below: 3) {
        case 0: machines[slot].state = .outside
        case 1: heap.push(.start(slot: slot), at: now + random.around(plan.timing.electionTimeout))
        default: try startEmpty(slot)
        }
    }
}
