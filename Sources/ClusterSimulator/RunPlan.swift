import ClusterHealth
import NodeReplica
import RaftCore

/// What one seed draws before a run begins: the cluster, its settings, and which faults are on and how strong (swarm testing: a run with
/// few faults at full strength finds what one with all of them hides).
struct RunPlan: Sendable {
    let seed: UInt64
    /// The number of inputs after which the run comes to its end.
    let eventBudget: Int
    let voters: Int
    let learners: Int
    /// Machines outside the cluster that may be taken in.
    let spares: Int
    let timing: Timing
    let transport: TransportPlan
    let network: NetworkPlan
    let disk: DiskPlan
    let faults: [FaultPlan]
    let limits: RaftConfiguration.Limits
    /// Its limits of bytes are of the size of a few rounds.
    let hasSmallBytes: Bool
    /// Bytes that a round never exceeds.
    let largestRound: Int
    /// Frames travel as bytes, encoded and decoded like on a connection.
    let encodesFrames: Bool
    /// Some processes run a later version.
    let isMixed: Bool
    /// One of so many times, the faults are followed by calm, in which a single process ends.
    let calmEvery: UInt64
    /// The operator asks a new leader for a change at once.
    let isHasty: Bool
    /// No faults: something is planted by hand.
    let isCalm: Bool

    /// In nanoseconds.
    struct Timing {
        var heartbeat: Int64
        var electionTimeout: Int64
        var healthInterval: Int64
        var roundSpacing: Int64
        var downAfter: Int64
        var pingInterval: Int64
        var scrapeInterval: Int64
    }

    struct NetworkPlan {
        /// Connections keep order and lose nothing but what a reset takes; otherwise frames may be lost, doubled and reordered.
        var isStream: Bool
        var latency: Int64
        var jitter: Int64
        /// In a million frames, while the fault is on.
        var lossRate: UInt64
        var duplicateRate: UInt64
        var reorderRate: UInt64
    }

    struct DiskPlan {
        var latency: Int64
        var jitter: Int64
    }

    /// One kind of fault, on in this run.
    struct FaultPlan {
        var kind: FaultKind
        /// Mean time between two, and how long one lasts on average; in nanoseconds.
        var meanInterval: Int64
        var meanDuration: Int64
    }

    static let millisecond: Int64 = 1_000_000
    static let second: Int64 = 1_000_000_000

    init(seed: UInt64, eventBudget: Int, isCalm: Bool = false) {
        self.isCalm = isCalm
        self.seed = seed
        self.eventBudget = eventBudget
        var random = RandomSource(seed: seed &* 0x9E37_79B9 &+ 0x5EED)
        let drawnVoters = random.element(of: isCalm ? [3, 5] : [1, 2, 3, 3, 3, 3, 5, 5, 5, 7])
        learners = random.element(of: [0, 0, 0, 1, 1, 2])
        encodesFrames = random.number(below: 4) == 0
        isMixed = random.number(below: 4) == 0
        let scale = random.element(of: [5, 10, 10, 20]) as Int64
        let heartbeat = scale * RunPlan.millisecond
        let interval = heartbeat * random.element(of: [2, 5, 10, 10])
        timing = Timing(
            heartbeat: heartbeat, electionTimeout: heartbeat * random.element(of: [4, 10, 10]), healthInterval: interval,
            roundSpacing: max(RunPlan.millisecond, heartbeat / 2), downAfter: heartbeat * 30, pingInterval: heartbeat * 2,
            scrapeInterval: heartbeat * random.element(of: [1, 2, 5]))
        transport = TransportPlan(asFastAs: RunPlan.hasFastTransport(seed) ? heartbeat : nil)
        calmEvery = RunPlan.hasFastTransport(seed) ? 2 : 4
        network = NetworkPlan(
            isStream: random.number(below: 2) == 0, latency: random.logarithmic(from: 20_000, to: heartbeat / 10),
            jitter: random.logarithmic(from: 1_000, to: heartbeat / 5), lossRate: UInt64(random.logarithmic(from: 1_000, to: 300_000)),
            duplicateRate: UInt64(random.logarithmic(from: 1_000, to: 300_000)),
            reorderRate: UInt64(random.logarithmic(from: 1_000, to: 300_000)))
        let counts = RunPlan.limits(&random)
        let diskLatency = random.logarithmic(from: 50_000, to: heartbeat / 4)
        disk = DiskPlan(latency: diskLatency, jitter: diskLatency)
        let appetite = random.element(of: [10, 30, 30, 50, 70]) as UInt64
        let election = timing.electionTimeout
        faults = FaultKind.passing.compactMap { kind in
            guard random.number(below: 100) < appetite, !isCalm else { return nil }
            return FaultPlan(
                kind: kind, meanInterval: random.logarithmic(from: election / 2, to: election * 20),
                meanDuration: random.logarithmic(from: election / 20, to: election * 5))
        }
        spares = faults.contains { $0.kind == .join || $0.kind == .replace } ? random.element(of: [1, 1, 2, 3]) : 0
        isHasty = random.number(below: 4) == 0 && !isCalm
        // With an even number, the majorities of two configurations that differ by two members need not meet.
        voters = isHasty ? random.element(of: [2, 3, 4, 4, 4, 6]) : drawnVoters
        largestRound = RunPlan.largestRound(members: voters + learners + spares)
        // By itself, so that the rest of the plan is the same with and without.
        var bytes = RandomSource(seed: seed &* 0x517C_C1B7 &+ 0xB17E5)
        hasSmallBytes = bytes.number(below: 3) == 0 && !isCalm
        limits = hasSmallBytes ? RunPlan.withSmallBytes(counts, largestRound, &bytes) : counts
    }

    /// Half of the runs take a snapshot every few entries and send it in small pieces; a third pipelines hardly anything.
    private static func limits(_ random: inout RandomSource) -> RaftConfiguration.Limits {
        var limits = RaftConfiguration.Limits()
        if random.number(below: 2) == 0 {
            limits.compactEntries = random.element(of: [5, 20, 100])
            limits.tailEntries = random.element(of: [0, 3, 20])
            limits.snapshotChunkBytes = random.element(of: [200, 1_000, 64 << 10])
            limits.snapshotChunksInFlight = random.element(of: [1, 2, 4])
        }
        if random.number(below: 3) == 0 {
            limits.appendEntries = random.element(of: [1, 2, 5])
            limits.inflightMessages = random.element(of: [1, 2, 4])
        }
        return limits
    }

    /// Limits of bytes of the size of a few rounds. What a cluster cannot live without fits: a round in an entry, and before the next
    /// snapshot what is proposed while one is sent; a snapshot itself may be too large, and the log is then kept.
    private static func withSmallBytes(
        _ counts: RaftConfiguration.Limits, _ round: Int, _ random: inout RandomSource
    ) -> RaftConfiguration.Limits {
        var limits = counts
        limits.entryBytes = round * random.element(of: [1, 2])
        limits.uncommittedBytes = limits.entryBytes * random.element(of: [1, 1, 4])
        limits.appendBytes = random.element(of: [1, round, round * 4])
        limits.inflightBytes = random.element(of: [1, round, round * 4])
        limits.compactBytes = round * random.element(of: [10, 40])
        limits.tailBytes = random.element(of: [0, round, round * 10])
        limits.snapshotBytes = random.element(of: [1_000, 4_000, limits.snapshotBytes, limits.snapshotBytes])
        return limits
    }

    /// A sample and a row of a report for each member, and every one of them may be a voter.
    private static func largestRound(members: Int) -> Int { 200 + members * 90 + members * members * 10 }

    /// How many of the largest entries are on their way to a peer at once.
    var entriesAtOnce: Int {
        let perAppend = max(1, min(limits.appendEntries, limits.appendBytes / largestRound))
        return perAppend * max(1, min(limits.inflightMessages, limits.inflightBytes / (perAppend * largestRound)))
    }

    /// What every replica of the run is configured with.
    func replicaConfiguration() throws -> ReplicaConfiguration {
        let tick = Duration.nanoseconds(timing.heartbeat)
        return ReplicaConfiguration(
            raft: try RaftConfiguration(
                heartbeatInterval: .nanoseconds(timing.heartbeat), electionTimeout: .nanoseconds(timing.electionTimeout),
                limits: limits),
            observer: try ObserverConfiguration(
                downAfter: .nanoseconds(timing.downAfter), tickInterval: tick, refusalDelay: .nanoseconds(timing.heartbeat * 10),
                closingDelay: .nanoseconds(timing.heartbeat * 20)),
            rounds: try RoundPlanner.Configuration(
                interval: .nanoseconds(timing.healthInterval), minimumSpacing: .nanoseconds(timing.roundSpacing),
                reportFreshness: .nanoseconds(timing.heartbeat * 15)),
            verdict: VerdictSettings(upAfterMilliseconds: UInt32(timing.heartbeat * 20 / RunPlan.millisecond)))
    }

    /// Whether a seed's run, in a batch, is one without faults in which a view is changed by hand.
    static func isPlanted(_ seed: UInt64) -> Bool { seed % 32 == 31 }

    /// In every fourth run, connections are found and given up as fast as the heartbeats are.
    private static func hasFastTransport(_ seed: UInt64) -> Bool { seed % 4 == 2 }

    /// The promise after faults heal: three maximum election timeouts plus two seconds.
    var livenessBound: Int64 { 3 * 2 * timing.electionTimeout + transport.reunion }

    /// What the promise does not cover when a disk fails for good: it goes unnoticed until the next write, a round later at most, and a
    /// leader whose disk stalls then leads on until that write has taken two election timeouts, by which it has handed over or stood
    /// down. Only from then on is it outside of the majority as if it were dead.
    var sickDiskNotice: Int64 { timing.healthInterval + 2 * timing.electionTimeout }

    /// The promise for a member that ends or falls silent while all else is well: `down-after` and a second, beside two election timeouts
    /// for another leader when it led, and a round.
    var detectionBound: Int64 {
        timing.downAfter + 10 * timing.heartbeat + 2 * timing.electionTimeout + timing.healthInterval
    }

    /// How long after a member's end a round may be proposed on what was heard of it, as long as nothing holds frames up or freezes who
    /// heard it: an observer's patience stretches to twice `down-after`, its report is fresh for a while, clocks run at different rates,
    /// and the last frame of the member and the report may each be overtaken, doubled or sent again.
    var hearsayBound: Int64 {
        let late = network.latency + network.jitter + transport.retransmission + 2 * timing.electionTimeout
        return (2 * timing.downAfter + 17 * timing.heartbeat) * 11 / 10 + 2 * late
    }

    /// The longest a frame takes while frames are slow.
    var longestDelay: Int64 { 6 * timing.electionTimeout }

    /// How long after its last disturbance a member's state may still change for the worse, or settle.
    var settlingTime: Int64 { livenessBound + 3 * timing.downAfter + timing.heartbeat * 15 + 2 * timing.healthInterval }

    /// One line that says what the run is.
    var summary: String {
        let names = faults.map(\.kind.label).joined(separator: ",")
        return "voters=\(voters) learners=\(learners) spares=\(spares) heartbeat=\(timing.heartbeat / RunPlan.millisecond)ms "
            + "election=\(timing.electionTimeout / RunPlan.millisecond)ms round=\(timing.healthInterval / RunPlan.millisecond)ms "
            + "network=\(network.isStream ? "stream" : "datagram") frames=\(encodesFrames ? "bytes" : "values")"
            + "\(hasSmallBytes ? " small" : "")\(isMixed ? " mixed" : "")\(isHasty ? " hasty" : "") faults=\(names)"
    }
}
