import ClusterHealth
import RaftCore

/// Short ways to write cases of the verdict.
enum Fixture {
    static let a = NodeID(1)
    static let b = NodeID(2)
    static let c = NodeID(3)
    static let d = NodeID(4)
    static let e = NodeID(5)

    /// Voters with identifiers 1…voters, then learners.
    static func membership(voters: Int, learners: Int = 0) -> Membership {
        let members = (0..<(voters + learners)).map { position in
            Membership.Member(
                id: NodeID(UInt64(position + 1)), name: "m\(position + 1)", role: position < voters ? .voter : .learner,
                address: "m\(position + 1):10311", webURL: "http://m\(position + 1):10310")
        }
        return Membership(clusterID: ClusterID(high: 1, low: 2), members: members)
    }

    static func view(voters: Int, learners: Int = 0) -> ClusterHealthView {
        var view = ClusterHealthView()
        view.apply(membership(voters: voters, learners: learners))
        return view
    }

    static func sample(at milliseconds: Int64 = 0, stopping: Bool = false, degraded: [String] = []) -> HealthSample {
        HealthSample(measuredAt: WallTime(milliseconds: milliseconds), version: "1.0.0", stopping: stopping, degradedReasons: degraded)
    }

    /// A round that says nothing.
    static let emptyRound = HealthRound(
        clusterTime: ClusterTime(milliseconds: 1), wallTime: WallTime(milliseconds: 1), ruleVersion: VerdictRule.version,
        settings: VerdictSettings())

    static func report(_ observer: NodeID, _ observations: [(NodeID, Observation)]) -> ObserverReport {
        var report = ObserverReport(observer: observer)
        for (member, observation) in observations { report.observations[member] = observation }
        return report
    }

    static func reports(_ reports: [ObserverReport]) -> NodeMap<ObserverReport> {
        var map = NodeMap<ObserverReport>()
        for report in reports { map[report.observer] = report }
        return map
    }

    /// Every observer given says the same of every member of the view but itself.
    static func everyone(_ observers: [NodeID], in view: ClusterHealthView, says observation: Observation) -> NodeMap<ObserverReport> {
        reports(observers.map { observer in report(observer, view.rows.nodes.filter { $0 != observer }.map { ($0, observation) }) })
    }

    /// Everybody's sample.
    static func samples(_ view: ClusterHealthView) -> NodeMap<HealthSample> {
        var samples = NodeMap<HealthSample>()
        for member in view.rows.nodes { samples[member] = sample() }
        return samples
    }

    /// A round as a leader would build it from this view.
    static func round(
        _ view: ClusterHealthView, at milliseconds: UInt64, reports: NodeMap<ObserverReport>, samples: NodeMap<HealthSample> = NodeMap(),
        settings: VerdictSettings = VerdictSettings()
    ) -> HealthRound {
        let time = ClusterTime(milliseconds: milliseconds)
        let decisions = VerdictRule.decide(view: view, clusterTime: time, settings: settings, reports: reports, samples: samples)
        return HealthRound(
            clusterTime: time, wallTime: WallTime(milliseconds: Int64(milliseconds)), ruleVersion: VerdictRule.version, settings: settings,
            samples: samples, reports: reports, decisions: decisions)
    }

    /// A view in which everybody has reported and is up, at cluster time 1000.
    static func allUp(voters: Int, learners: Int = 0) -> ClusterHealthView {
        var view = view(voters: voters, learners: learners)
        let everyone = everyone(view.membership?.voters ?? [], in: view, says: .reaching)
        _ = view.apply(round(view, at: 1_000, reports: everyone, samples: samples(view)))
        return view
    }
}

extension ClusterHealthView {
    /// Builds a round from this view and applies it.
    @discardableResult
    mutating func step(
        at milliseconds: UInt64, _ reports: NodeMap<ObserverReport>, samples: NodeMap<HealthSample> = NodeMap(),
        settings: VerdictSettings = VerdictSettings()
    ) -> ApplyOutcome {
        apply(Fixture.round(self, at: milliseconds, reports: reports, samples: samples, settings: settings))
    }

    func state(_ member: NodeID) -> MemberState? { rows[member]?.state }
}

/// A small generator for histories: xorshift with a seed.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func roll(_ sides: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(sides))
    }
}
