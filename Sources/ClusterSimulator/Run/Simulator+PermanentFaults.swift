import NodeReplica
import RaftCore

// What stays broken outside a connected majority while liveness is measured.

extension Simulator {
    /// Breaks something for good that leaves a fully connected majority of voters which nothing touches; false when too few machines run.
    mutating func injectPermanentFaults() throws(Violation) -> Bool {
        guard let (core, rest) = drawCore(), let outsider = rest.first else { return false }
        let isCut = random.number(below: 3) == 0
        let cut = isCut ? drawCut(core, rest) : []
        begin(ActiveFault(kind: .permanent, pairs: cut, slots: Array(machines.indices)), for: Simulator.forGood)
        if machines[outsider].standing.isLeader { report.faults.count(.leaderHitForGood) }
        guard !isCut else { return true }
        let hit = random.number(below: 2) == 0 ? [outsider] : rest
        for slot in hit { try breakForGood(slot, core) }
        return true
    }

    static let forGood = Int64.max / 4

    /// A majority of the voters that stays whole, and the other machines, those that run first. Half the time the leader is the first
    /// of them, if the others have a majority without it.
    private mutating func drawCore() -> (core: [Int], rest: [Int])? {
        guard let voters = checkers.ledger.configurations.settled?.voters, voters.count >= 3 else { return nil }
        let running = voters.compactMap { slot(of: $0) }.filter { machines[$0].isRunning }
        let needed = Quorum.majority(of: voters.count)
        guard running.count >= needed else { return nil }
        var order = random.shuffled(running.count).map { running[$0] }
        if let leader = leadingSlot, let place = order.firstIndex(of: leader), order.count > needed, random.number(below: 2) == 0 {
            order.swapAt(place, needed)
        }
        let outside = machines.indices.filter { !running.contains($0) }
        let others = outside.filter { machines[$0].isRunning } + outside.filter { !machines[$0].isRunning }
        return (Array(order.prefix(needed)), order.dropFirst(needed) + others)
    }

    /// The directed pairs that are cut.
    private mutating func drawCut(_ core: [Int], _ rest: [Int]) -> [(from: Int, to: Int)] {
        switch random.number(below: 8) {
        case 0: pairs(rest, core) + pairs(rest, rest)
        case 1: [(from: rest[0], to: core[0])]
        case 2: [(from: core[0], to: rest[0])]
        // One cut link: with three nodes, two that reach only the third.
        case 3: pairs([rest[0]], [core[0]])
        // All others hear, and are not heard; or the other way round.
        case 4: rest.flatMap { one in core.map { (from: one, to: $0) } }
        case 5: rest.flatMap { one in core.map { (from: $0, to: one) } }
        // A bridge: the others reach only one of the core.
        default: pairs(rest, Array(core.dropFirst()))
        }
    }

    /// One machine's process, disk or connections.
    private mutating func breakForGood(_ slot: Int, _ core: [Int]) throws(Violation) {
        guard machines[slot].isRunning else { return }
        switch random.number(below: 5) {
        case 0:
            machines[slot].isAway = true
            try endProcess(slot, .deadForGood, answersDials: random.number(below: 2) == 0)
        case 1:
            freeze(slot, .frozenForGood, for: Simulator.forGood)
            machines[slot].isAway = true
        case 2: begin(ActiveFault(kind: .fullForGood, slots: [slot]), for: Simulator.forGood)
        case 3:
            machines[slot].diskStalledUntil = Simulator.forGood
            begin(ActiveFault(kind: .stalledForGood, slots: [slot]), for: Simulator.forGood)
        default: begin(ActiveFault(kind: .framesLostForGood, pairs: drawLosing(slot, core), slots: [slot]), for: Simulator.forGood)
        }
    }

    /// The directed pairs whose connections carry pings and no Raft frames.
    private mutating func drawLosing(_ slot: Int, _ core: [Int]) -> [(from: Int, to: Int)] {
        let others = machines.indices.filter { $0 != slot }
        return switch random.number(below: 4) {
        case 0: pairs([slot], [core[0]])
        case 1: others.map { (from: slot, to: $0) }
        case 2: others.map { (from: $0, to: slot) }
        default: pairs([slot], others)
        }
    }

    /// Whoever leads the newest term.
    var leadingSlot: Int? {
        machines.indices.filter { machines[$0].isRunning && machines[$0].standing.isLeader }
            .max { machines[$0].standing.term < machines[$1].standing.term }
    }
}
