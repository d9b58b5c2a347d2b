@testable import RaftCore

// What nodes are asked, and time.

extension ScenarioWorld {
    // MARK: Asking

    mutating func ask(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        let number = try words.node()
        _ = try running(number)
        switch words.verb {
        case "propose": try propose(number, &words)
        case "change": try change(number, &words)
        case "prove":
            act("n\(number) is asked for a proof") {
                switch $0.provingLeadership(number) {
                case .success(let id): return "waits as proof \(id)"
                case .failure(let refusal): return "refused: \(Wording.refusal(refusal))"
                case nil: return "down"
                }
            }
        default:
            let target = try words.number("to")
            act("n\(number) is told to hand over" + (target.map { " to n\($0)" } ?? "")) {
                if case .failure(let refusal) = $0.transferring(number, to: target) { return "refused: \(Wording.refusal(refusal))" }
                return nil
            }
        }
    }

    /// Each word is one command to the state machine; `bytes=100` one of that many bytes.
    private mutating func propose(_ number: UInt64, _ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        var commands = words.words().map { (name: $0, bytes: Array($0.utf8)) }
        if let count = try words.number("bytes") { commands.append(("\(count) bytes", [UInt8](repeating: 0, count: Int(count)))) }
        if commands.isEmpty { throw ScenarioWords.Mistake("propose what?") }
        for command in commands {
            act("n\(number) is proposed \(command.name)") {
                switch $0.proposing(number, command.bytes) {
                case .success(let index): return "takes it as \(index)"
                case .failure(let refusal): return "refused: \(Wording.refusal(refusal))"
                case nil: return "down"
                }
            }
        }
    }

    /// `change 1 add=4`, `add=4 at=2`, `promote=4`, `demote=2`, `remove=2`, `replace=2 with=4`.
    private mutating func change(_ number: UInt64, _ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        let (change, name) = try change(&words)
        act("n\(number) is to \(name)") {
            switch $0.changing(number, change) {
            case .success(let index): return "takes it as \(index)"
            case .failure(let refusal): return "refused: \(Wording.refusal(refusal))"
            case nil: return "down"
            }
        }
    }

    private func change(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) -> (MembershipChange, String) {
        if let node = try words.number("add") {
            guard let other = try words.number("at") else { return (.add(member(node)), "add n\(node)") }
            let newcomer = Membership.Member(
                id: NodeID(node), name: member(node).name, role: .learner, address: member(other).address, webURL: "")
            return (.add(newcomer), "add n\(node) at the address of n\(other)")
        }
        if let node = try words.number("promote") { return (.promote(NodeID(node)), "promote n\(node)") }
        if let node = try words.number("demote") { return (.demote(NodeID(node)), "demote n\(node)") }
        if let node = try words.number("remove") { return (.remove(NodeID(node)), "remove n\(node)") }
        guard let node = try words.number("replace"), let other = try words.number("with") else {
            throw ScenarioWords.Mistake("change what?")
        }
        return (.replace(NodeID(node), with: member(other)), "replace n\(node) with n\(other)")
    }

    // MARK: Time

    /// `campaign 1` lets a node's clock run until it is due to campaign, `tick 1 300ms` by so much, `advance 300ms` all clocks; messages
    /// stay on their way. `run 3s` delivers them as time passes; `elect 1` makes a node win and tell all others what is committed.
    mutating func passTime(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        switch words.verb {
        case "campaign": try campaign(try words.node())
        case "elect": try elect(try words.node())
        case "tick":
            let position = try running(try words.node())
            try pass(try words.duration(), at: [position], settling: false)
        case "advance": try pass(try words.duration(), at: Array(cluster.hosts.indices), settling: false)
        default: try pass(try words.duration(), at: Array(cluster.hosts.indices), settling: true)
        }
    }

    private mutating func campaign(_ number: UInt64) throws(ScenarioWords.Mistake) {
        let position = try running(number)
        guard let node = cluster.hosts[position].node, !node.isLeader, node.electionDeadline != .never else {
            throw ScenarioWords.Mistake("node \(number) never campaigns")
        }
        cluster.advance(number, by: max(.zero, node.electionDeadline - cluster.time(at: position)))
        fire(position)
    }

    private mutating func elect(_ number: UInt64) throws(ScenarioWords.Mistake) {
        try campaign(number)
        try settle(among: nil)
        guard cluster.hosts[cluster.position(number)].node?.isLeader == true else {
            throw ScenarioWords.Mistake("node \(number) is not elected")
        }
        try pass(heartbeatInterval, at: [cluster.position(number)], settling: true)
    }

    private mutating func fire(_ position: Int) {
        act("n\(position + 1)'s timer, at \(Wording.time(cluster.time(at: position) - .start))") {
            $0.fireDeadline(UInt64(position + 1))
            return nil
        }
    }

    /// Lets the clocks of some nodes run, firing what falls due in order.
    private mutating func pass(_ duration: Duration, at positions: [Int], settling: Bool) throws(ScenarioWords.Mistake) {
        var left = duration
        if settling { try settle(among: nil) }
        for _ in 0..<20_000 {
            guard let next = nextDue(at: positions), next.wait <= left else {
                return run(positions, by: left)
            }
            run(positions, by: next.wait)
            left -= next.wait
            fire(next.position)
            if settling { try settle(among: nil) }
        }
        throw ScenarioWords.Mistake("timers fire without end")
    }

    private func nextDue(at positions: [Int]) -> (position: Int, wait: Duration)? {
        var best: (position: Int, wait: Duration)?
        for position in positions {
            guard let deadline = cluster.hosts[position].node?.nextDeadline, deadline != .never else { continue }
            let wait = max(.zero, deadline - cluster.time(at: position))
            if best.map({ wait < $0.wait }) ?? true { best = (position, wait) }
        }
        return best
    }

    private mutating func run(_ positions: [Int], by duration: Duration) {
        for position in positions { cluster.advance(UInt64(position + 1), by: duration) }
    }
}
