public import ScrapeHistory

/// Does one thing after the other to a cluster in namespaces, shows of each that it took effect, and keeps account of them.
public actor Nemesis {
    let cluster: HarnessCluster
    let network: NamespaceNetwork
    /// The node whose file system can be filled.
    let small: (node: HarnessNode, disk: SmallDisk)
    let timing: HistoryTiming
    var numbers: SeededNumbers
    private let start = ContinuousClock.now
    private let say: @Sendable (String) -> Void

    /// What was done, and when.
    public private(set) var course: Course
    /// How often each kind of fault was inflicted, and took effect.
    public private(set) var tally: [String: Int] = [:]
    /// What went otherwise than it must, beside what scrapes say.
    public internal(set) var broken: [String] = []

    /// - Parameter say: is told every deed, with when it was done.
    init(
        _ cluster: HarnessCluster, network: NamespaceNetwork, small: (node: HarnessNode, disk: SmallDisk), timing: HistoryTiming,
        seed: UInt64, say: @escaping @Sendable (String) -> Void
    ) {
        self.cluster = cluster
        self.network = network
        self.small = small
        self.timing = timing
        self.say = say
        numbers = SeededNumbers(seed: seed)
        course = Course(voters: cluster.nodes.map(\.name))
    }

    /// Kills at random, then one fault, held for a while and healed; returns when all is well, or should have been.
    /// - Throws: `HarnessError` when a fault had no effect, or a node cannot be started.
    public func perform(_ step: NemesisStep) async throws {
        for _ in 0..<step.kills { try await killAtRandom() }
        if step.kills > 0 { try await settle() }
        try await inflict(step.fault, for: step.hold)
        tally[step.fault.kind, default: 0] += 1
        try await settle()
    }

    private func inflict(_ fault: Fault, for hold: Duration) async throws {
        switch fault {
        case .kill(let aim): try await kill([node(aim)], for: hold)
        case .killMajority: try await kill(Array(cluster.nodes.suffix(course.situation.majority)), for: hold)
        case .freeze(let aim): try await freeze(node(aim), for: hold)
        case .stop(let aim): try await stop(node(aim), for: hold)
        case .fullDisk: try await fillDisk(for: hold)
        case .flipBit(let aim): try await flipBit(node(aim), for: hold)
        case .ruin(let aim): try await ruin(node(aim), for: hold)
        case .linkDown(let aim): try await linkDown(node(aim).name, for: hold)
        case .isolate, .shatter, .mute, .deafen, .cutLink, .bridge, .lose, .reject:
            try await filter(fault.kind, try await rules(fault), for: hold)
        }
    }

    /// Does something, and notes what is true from then on.
    func deed(_ what: String, _ change: (inout Situation) -> Void, _ act: () async throws -> Void) async throws {
        let began = ContinuousClock.now
        try await act()
        note(what, since: began, change)
    }

    /// Notes what is true from now on, and came to be so some time since then.
    func note(_ what: String, since began: ContinuousClock.Instant, _ change: (inout Situation) -> Void) {
        course.add(what, from: began, to: .now, change)
        report(what)
    }

    func report(_ text: String) {
        let tenths = Int(start.duration(to: .now) / .milliseconds(100))
        say("\(tenths / 10).\(tenths % 10) s  \(text)")
    }

    func count(_ kind: String) { tally[kind, default: 0] += 1 }

    // MARK: Whom to aim at

    func node(_ aim: Fault.Aim) async throws -> HarnessNode {
        let leader = try await leader()
        switch aim {
        case .leader: return leader
        case .follower(let number):
            let others = cluster.nodes(except: leader)
            return others[number % others.count]
        }
    }

    /// Whoever serves; the first one when nobody does in time, which others will complain about.
    private func leader() async throws -> HarnessNode {
        do { return try await cluster.leader(within: timing.livenessBound) } catch {
            report("nobody serves: \(error)")
            return cluster.nodes[0]
        }
    }

    // MARK: Rest

    /// Waits until one serves and all are level, and, for a moment more, until all are shown up. Whether that took too long is for the
    /// history to say.
    private func settle() async throws {
        let healed = ContinuousClock.now
        let limit = healed + timing.livenessBound + .seconds(1)
        while ContinuousClock.now < limit, !(try await isWell()) { try await Task.sleep(for: .milliseconds(50)) }
        let took = healed.duration(to: .now)
        report(ContinuousClock.now < limit ? "well after \(tenths(took))" : "not well after \(tenths(took)); \(cluster.logs)")
        let patience = ContinuousClock.now + .milliseconds(2_500)
        while ContinuousClock.now < patience, !(try await areAllUp()) { try await Task.sleep(for: .milliseconds(100)) }
    }

    private func isWell() async throws -> Bool {
        let seen = try await cluster.observe()
        guard seen.count == cluster.nodes.count, let index = seen.compactMap(\.view?.index).max() else { return false }
        return seen.allSatisfy { $0.picture.map { $0.hasLeader && $0.appliedIndex >= index } ?? false }
    }

    private func areAllUp() async throws -> Bool {
        guard let view = try await cluster.serving()?.view else { return false }
        return cluster.nodes.allSatisfy { view.members[$0.name]?.state == "up" }
    }

    private func tenths(_ duration: Duration) -> String {
        let tenths = Int(duration / .milliseconds(100))
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
