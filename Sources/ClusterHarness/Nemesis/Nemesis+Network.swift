import ScrapeHistory

extension Nemesis {
    /// The rules of nft that make a fault.
    func rules(_ fault: Fault) async throws -> [NetworkRule] {
        let names = cluster.nodes.map(\.name)
        switch fault {
        case .isolate(let aim):
            let first = try await node(aim).name
            let minority = [first] + names.filter { $0 != first }.prefix(names.count - course.situation.majority - 1)
            return NetworkRule.between(minority, and: names.filter { !minority.contains($0) })
        case .shatter: return names.flatMap { one in names.filter { $0 != one }.map { .drop(from: one, to: $0) } }
        case .mute(let aim):
            let from = try await node(aim).name
            return names.filter { $0 != from }.map { .drop(from: from, to: $0) }
        case .deafen(let aim):
            let to = try await node(aim).name
            return names.filter { $0 != to }.map { .drop(from: $0, to: to) }
        case .cutLink(let one, let other):
            let leader = try await node(.leader)
            let ends = [one, other].map { end(of: $0, leader: leader) }
            return NetworkRule.between([ends[0]], and: [ends[1]])
        case .bridge:
            let half = names.count / 2
            return NetworkRule.between(Array(names.prefix(half)), and: Array(names.suffix(half)))
        case .lose(let percent): return names.map { .lose(percent: percent, to: $0) }
        case .reject(let aim):
            let leader = try await node(.leader)
            return [.reject(from: end(of: aim, leader: leader), to: leader.name)]
        case .kill, .killMajority, .freeze, .stop, .linkDown, .fullDisk, .flipBit, .ruin: return []
        }
    }

    /// Both ends of a link are aimed at one and the same leader.
    private func end(of aim: Fault.Aim, leader: HarnessNode) -> String {
        let others = cluster.nodes(except: leader)
        switch aim {
        case .leader: return leader.name
        case .follower(let number): return others[number % others.count].name
        }
    }

    /// Imposes rules for a while; each must have hit a packet.
    func filter(_ kind: String, _ rules: [NetworkRule], for hold: Duration) async throws {
        let words = rules.count <= 4 ? rules.map(\.words).joined(separator: ", ") : "\(rules.count) rules"
        try await deed("\(kind) (\(words))") { situation in
            for rule in rules { rule.take(effectOn: &situation) }
        } _: {
            try await network.impose(rules)
        }
        try await Task.sleep(for: hold)
        let hits = try await network.packetsHit()
        try await deed("heal \(kind), which hit \(hits.reduce(0) { $0 + $1.packets }) packets") { situation in
            situation.cut = []
            situation.lossPercent = 0
        } _: {
            try await network.impose([])
        }
        try expectEffect(of: hits, kind)
    }

    /// A rule against a path that never saw a packet shows nothing; of lost packets it is the sum.
    private func expectEffect(of hits: [(rule: NetworkRule, packets: Int)], _ kind: String) throws {
        let isLoss = hits.allSatisfy { if case .lose = $0.rule { true } else { false } }
        let idle = hits.filter { $0.packets == 0 }
        guard isLoss ? idle.count < hits.count : idle.isEmpty else {
            throw HarnessError("\(kind) had no effect: no packet hit by \(idle.map(\.rule.words))")
        }
    }

    func linkDown(_ name: String, for hold: Duration) async throws {
        let others = cluster.nodes.map(\.name).filter { $0 != name }
        try await deed("link of \(name) down") { situation in
            for rule in NetworkRule.between([name], and: others) { rule.take(effectOn: &situation) }
        } _: {
            try await network.takeLinkDown(name)
        }
        try await Task.sleep(for: hold)
        try await deed("link of \(name) up") {
            $0.cut = []
        } _: {
            try await network.bringLinkUp(name)
        }
    }
}

extension NetworkRule {
    func take(effectOn situation: inout Situation) {
        switch self {
        case .drop(let from, let to), .reject(let from, let to): situation.cut.insert(Situation.Way(from: from, to: to))
        case .lose(let percent, _): situation.lossPercent = percent
        }
    }

    var words: String {
        switch self {
        case .drop(let from, let to): "\(from) to \(to)"
        case .lose(let percent, let to): "\(percent) % to \(to)"
        case .reject(let from, let to): "\(from) to \(to)"
        }
    }
}
