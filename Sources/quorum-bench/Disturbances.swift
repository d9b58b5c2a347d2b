import ClusterHarness
import Glibc

/// What is done to the cluster again and again, and what comes of it.
struct Disturbances {
    /// A leader that is killed.
    private(set) var killed = Takeover()
    /// A leader that is frozen.
    private(set) var frozen = Takeover()
    /// A leader that is told to stop.
    private(set) var stopped = Takeover()
    /// From the kill of a leader to `quorum_member_up 0` on the next one.
    private(set) var killedLeaderDown = Series()
    /// From the kill of a follower to `quorum_member_up 0`.
    private(set) var killedFollowerDown = Series()
    /// While a leader stops: the longest time between two answers with a view, all nodes asked every 100 ms.
    private(set) var gap = Series()
    /// While a leader stops: times at which all nodes were asked and none showed a view.
    private(set) var blindPolls = Series()
    /// From the signal to the end of the process.
    private(set) var exit = Series()
    /// From the end of a disturbance to a cluster in which all is well again.
    private(set) var recovery = Series()

    /// How long after a disturbance the next leader was there.
    struct Takeover {
        var commit = Series()
        var view = Series()
    }

    private static let limit = Duration.seconds(10)
    /// An observer has no opinion of anybody until `down-after` (3 s) after its own start: a member that dies sooner after another came
    /// back is shown down that much later. Measured is a cluster that has run for as long.
    private static let opinionTime = Duration.milliseconds(3_200)
    private static let askAll = Duration.milliseconds(100)
    private static let askForTakeover = Duration.milliseconds(5)
    private static let askForDown = Duration.milliseconds(20)

    /// One run of one kind, until all is well again.
    /// - Returns: the cluster at the end.
    /// - Throws: `HarnessError` when not even a new cluster gets well.
    mutating func run(_ part: Options.Part, on laboratory: Laboratory, _ calm: Laboratory.Calm) async throws -> Laboratory.Calm {
        if part == .failover || part == .member { try await Task.sleep(for: Disturbances.opinionTime) }
        switch part {
        case .failover: try await killLeader(laboratory, calm)
        case .freeze: try await freezeLeader(laboratory, calm)
        case .stop: try await stopLeader(laboratory, calm)
        case .member: try await killFollower(laboratory, calm)
        case .commit, .memory, .scrape: return calm
        }
        let began = ContinuousClock.now
        do {
            let calm = try await laboratory.settled()
            recovery.record(began.duration(to: .now))
            return calm
        } catch let error as HarnessError {
            report("\(part.rawValue): \(error)")
            recovery.record(nil as Duration?)
            try laboratory.startAnew()
            return try await laboratory.settled()
        }
    }

    private mutating func killLeader(_ laboratory: Laboratory, _ calm: Laboratory.Calm) async throws {
        let took = try await takeover(laboratory, calm, by: SIGKILL, "the kill")
        killed.record(took)
        let poller = Poller(calm.followers, every: Disturbances.askForDown, alarms: laboratory.alarms)
        let down = try await poller.wait(within: Disturbances.limit) { $0.first { sees($0, down: calm.leader, after: calm.term) } }
        try await poller.stop()
        killedLeaderDown.record(down.map { took.began.duration(to: $0.ended) })
        calm.leader.kill()
        try calm.leader.start()
    }

    private mutating func freezeLeader(_ laboratory: Laboratory, _ calm: Laboratory.Calm) async throws {
        frozen.record(try await takeover(laboratory, calm, by: SIGSTOP, "the freezing"))
        calm.leader.signal(SIGCONT)
    }

    private mutating func stopLeader(_ laboratory: Laboratory, _ calm: Laboratory.Calm) async throws {
        let everywhere = Poller(laboratory.cluster.nodes, every: Disturbances.askAll, alarms: laboratory.alarms)
        let took = try await takeover(laboratory, calm, by: SIGTERM, "the stop")
        stopped.record(took)
        exit.record(try await end(of: calm.leader).map { took.began.duration(to: $0) })
        try await Task.sleep(for: .milliseconds(500))
        try await everywhere.stop()
        watched(everywhere.sightings)
        calm.leader.kill()
        try calm.leader.start()
    }

    private mutating func watched(_ sightings: [Sighting]) {
        let served = sightings.filter(\.hasView).map(\.ended).sorted()
        gap.record(zip(served, served.dropFirst()).map { $0.duration(to: $1) }.max())
        // The last step may have been cut short before the leader was asked.
        let steps = 0..<(sightings.map(\.steps.upperBound).max() ?? 0)
        let seeing = Set(sightings.filter(\.hasView).flatMap(\.steps))
        blindPolls.record(Double(Set(steps).subtracting(seeing).count))
    }

    private func end(of node: HarnessNode) async throws -> ContinuousClock.Instant? {
        let ended = try? await eventually("the end of \(node.name)", within: Disturbances.limit, every: .milliseconds(2)) {
            node.isRunning ? nil : ContinuousClock.now
        }
        return ended
    }

    private mutating func killFollower(_ laboratory: Laboratory, _ calm: Laboratory.Calm) async throws {
        guard let victim = calm.followers.randomElement() else { return }
        await laboratory.readHistograms(of: victim)
        let others = laboratory.cluster.nodes(except: victim)
        let poller = Poller(others, every: Disturbances.askForDown, alarms: laboratory.alarms)
        try await Disturbances.pauseAtRandom()
        laboratory.alarms.disturbed(victim.name, by: "the kill")
        let began = ContinuousClock.now
        victim.signal(SIGKILL)
        let down = try await poller.wait(within: Disturbances.limit) { $0.first { sees($0, down: victim, after: calm.term - 1) } }
        try await poller.stop()
        killedFollowerDown.record(down.map { began.duration(to: $0.ended) })
        victim.kill()
        try victim.start()
    }

    private func sees(_ sighting: Sighting, down member: HarnessNode, after term: Int) -> Bool {
        guard let glimpse = sighting.glimpse, let viewTerm = glimpse.viewTerm else { return false }
        return viewTerm > term && glimpse.up[member.name] == false
    }

    /// So that a disturbance falls anywhere between two rounds, and not always soon after the one that showed all up.
    static func pauseAtRandom() async throws { try await Task.sleep(for: .milliseconds(Int.random(in: 100...900))) }
}

extension Disturbances.Takeover {
    /// One takeover: when the leader was disturbed, and how long after it the next one was seen to have committed and to show the view.
    struct Times {
        let began: ContinuousClock.Instant
        let commit: Duration?
        let view: Duration?
    }

    mutating func record(_ times: Times) {
        commit.record(times.commit)
        view.record(times.view)
    }
}

extension Disturbances {
    /// Sends the leader a signal and watches the others.
    private func takeover(
        _ laboratory: Laboratory, _ calm: Laboratory.Calm, by number: Int32, _ cause: String
    ) async throws -> Takeover.Times {
        if number != SIGSTOP { await laboratory.readHistograms(of: calm.leader) }
        let poller = Poller(calm.followers, every: Disturbances.askForTakeover, alarms: laboratory.alarms)
        try await Disturbances.pauseAtRandom()
        laboratory.alarms.disturbed(calm.leader.name, by: cause)
        let hasChangedAlready = poller.sightings.contains { $0.glimpse?.term ?? 0 > calm.term }
        let began = ContinuousClock.now
        calm.leader.signal(number)
        let view = try await poller.wait(within: Disturbances.limit) { sightings in
            sightings.first { $0.glimpse?.viewTerm ?? 0 > calm.term }
        }
        try await poller.stop()
        guard !hasChangedAlready else {
            report("\(cause): the leader had changed by itself before; the run counts as missed")
            return Takeover.Times(began: began, commit: nil, view: nil)
        }
        let commit = firstCommit(poller.sightings, after: calm.term)
        return Takeover.Times(
            began: began, commit: commit.map { began.duration(to: $0.ended) }, view: view.map { began.duration(to: $0.ended) })
    }

    /// The first scrape of a survivor that is in a later term and knows of a commit beyond the log it had before: that commit is of an
    /// entry of the later term. It may be the new leader's follower, which answers at once, while the leader first tries to prove itself.
    private func firstCommit(_ sightings: [Sighting], after term: Int) -> Sighting? {
        var lastLogIndex: [String: Int] = [:]
        for sighting in sightings {
            guard let glimpse = sighting.glimpse else { continue }
            if glimpse.term <= term {
                lastLogIndex[sighting.node] = glimpse.lastLogIndex
            } else if let last = lastLogIndex[sighting.node], glimpse.commitIndex > last {
                return sighting
            }
        }
        return nil
    }
}
