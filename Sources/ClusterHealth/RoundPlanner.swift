public import RaftCore

/// A leader's helper: keeps the latest sample and report of each member, and says when a round is due and what it holds.
///
/// One is made at each start of leadership and dropped at its end: only reports that arrive since then count, so that a new leader
/// changes no state before a majority has reported to *it*.
///
/// **Duty of the caller**: plan only while the own view has applied every entry of the own log. Decisions are derived from the view
/// before the round, and every replica derives them from the view it has there. This also means one round in flight at a time.
public struct RoundPlanner: Equatable, Sendable {
    public let configuration: Configuration
    public let settings: VerdictSettings
    private let leadingSince: MonotonicInstant
    private var samples = NodeMap<HealthSample>()
    private var reports = NodeMap<Arrival>()
    private var lastProposal: MonotonicInstant?
    /// The member whose sample was the last to go into a round.
    private var lastSampled: NodeID?

    /// Samples beyond so many bytes, by `HealthSample.size`, wait for the next round: one entry of the log must hold a round.
    public static let maximumSampleBytes = 2 << 20

    private struct Arrival: Equatable, Sendable {
        var report: ObserverReport
        var at: MonotonicInstant
    }

    /// How often rounds are proposed, and how long a report counts.
    public struct Configuration: Equatable, Sendable {
        /// From one round to the next while nothing presses.
        public let interval: Duration
        /// The least time between two rounds, whatever presses.
        public let minimumSpacing: Duration
        /// How long after its arrival a report is fresh.
        public let reportFreshness: Duration

        /// One second, ten rounds a second at most, and 1.5 seconds.
        public static let standard = Configuration()

        /// - Throws: `HealthConfigurationError.outOfRange` for a spacing not in 1 ms to 10 s, an interval not between the spacing and
        ///   one hour, or a freshness not between the spacing and one hour.
        public init(
            interval: Duration, minimumSpacing: Duration = .milliseconds(100), reportFreshness: Duration = .milliseconds(1_500)
        ) throws(HealthConfigurationError) {
            let longest = Duration.seconds(3_600)
            try HealthConfigurationError.check(minimumSpacing, "round spacing", from: .milliseconds(1), to: .seconds(10))
            try HealthConfigurationError.check(interval, "health interval", from: minimumSpacing, to: longest)
            try HealthConfigurationError.check(reportFreshness, "report freshness", from: minimumSpacing, to: longest)
            self.interval = interval
            self.minimumSpacing = minimumSpacing
            self.reportFreshness = reportFreshness
        }

        private init() {
            interval = .seconds(1)
            minimumSpacing = .milliseconds(100)
            reportFreshness = .milliseconds(1_500)
        }
    }

    public init(configuration: Configuration = .standard, settings: VerdictSettings = VerdictSettings(), leadingSince: MonotonicInstant) {
        self.configuration = configuration
        self.settings = settings
        self.leadingSince = leadingSince
    }

    // MARK: - Inputs

    /// A member's latest sample, the leader's own included. Replaces the one before.
    public mutating func note(_ sample: HealthSample, of member: NodeID) { samples[member] = sample }

    /// An observer's report, the leader's own included. Replaces the one before.
    public mutating func note(_ report: ObserverReport, at instant: MonotonicInstant) {
        guard instant >= leadingSince else { return }
        reports[report.observer] = Arrival(report: report, at: instant)
    }

    /// Forgets everyone outside a membership: what is kept is bounded by the members.
    public mutating func keep(_ membership: Membership) {
        samples.keep { member, _ in membership.member(member) != nil }
        reports.keep { observer, _ in membership.member(observer) != nil }
    }

    /// The planned round was proposed, and taken or refused: the next one is due after the least time between two at the earliest.
    public mutating func proposed(_ round: HealthRound, at instant: MonotonicInstant) {
        lastProposal = instant
        let sampled = round.samples.nodes
        lastSampled = sampled.last { node in lastSampled.map { node <= $0 } ?? false } ?? sampled.last ?? lastSampled
    }

    // MARK: - Answers

    /// When the next round is due though nothing presses.
    public var nextDue: MonotonicInstant { lastProposal.map { $0 + configuration.interval } ?? leadingSince }

    /// The round to propose now; nil while none is due.
    ///
    /// Due is the first round of a leadership at once, then one an interval. With the spacing kept one is due early when it presses:
    /// a decision would change, a down member came into contact or fell out of it, or a member announced its stop.
    ///
    /// - Parameters:
    ///   - view: with everything applied that is in the log.
    ///   - clusterTime: by the node's `ClusterClock`.
    ///   - wall: for display only.
    public func plan(view: ClusterHealthView, clusterTime: ClusterTime, at now: MonotonicInstant, wall: WallTime) -> HealthRound? {
        guard isSpaced(at: now) else { return nil }
        let round = round(view: view, clusterTime: clusterTime, at: now, wall: wall)
        return now >= nextDue || presses(round, view: view) ? round : nil
    }

    /// Whether the least time between two rounds has passed; before that none is due.
    public func isSpaced(at now: MonotonicInstant) -> Bool { lastProposal.map { now >= $0 + configuration.minimumSpacing } ?? true }

    /// The reports that count at an instant, by observer.
    public func freshReports(at now: MonotonicInstant) -> NodeMap<ObserverReport> {
        var fresh = NodeMap<ObserverReport>()
        for (observer, arrival) in reports where now < arrival.at + configuration.reportFreshness { fresh[observer] = arrival.report }
        return fresh
    }

    private func round(view: ClusterHealthView, clusterTime: ClusterTime, at now: MonotonicInstant, wall: WallTime) -> HealthRound {
        let time = max(clusterTime, view.clusterTime ?? clusterTime)
        var round = HealthRound(clusterTime: time, wallTime: wall, ruleVersion: VerdictRule.version, settings: settings)
        round.samples = samples(differingFrom: view)
        round.reports = freshReports(at: now)
        round.reports.keep { observer, _ in view.membership?.member(observer)?.role == .voter }
        round.decisions = VerdictRule.decide(
            view: view, clusterTime: time, settings: settings, reports: round.reports, samples: round.samples)
        return round
    }

    /// The samples that say something new, as many as a round holds: those after the last one that went into a round come first.
    private func samples(differingFrom view: ClusterHealthView) -> NodeMap<HealthSample> {
        var chosen = NodeMap<HealthSample>()
        var room = RoundPlanner.maximumSampleBytes
        func choose(_ isInTurn: (NodeID) -> Bool) {
            for (member, sample) in samples where isInTurn(member) && room > 0 {
                guard let row = view.rows[member], sample.differsMeaningfully(from: row.sample) else { continue }
                guard chosen.isEmpty || sample.size <= room else { return room = 0 }
                room -= sample.size
                chosen[member] = sample
            }
        }
        let last = lastSampled
        choose { node in last.map { node > $0 } ?? true }
        if let last { choose { node in node <= last } }
        return chosen
    }

    private func presses(_ round: HealthRound, view: ClusterHealthView) -> Bool {
        if !round.decisions.isEmpty { return true }
        if round.samples.contains(where: { $0.value.stopping != (view.rows[$0.id]?.sample?.stopping ?? false) }) { return true }
        return view.wouldStartOrEndAWait(round)
    }
}
