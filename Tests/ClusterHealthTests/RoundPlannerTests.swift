import ClusterHealth
import RaftCore
import Testing

@Suite struct RoundPlannerTests {
    let a = Fixture.a
    let b = Fixture.b
    let c = Fixture.c

    private func at(_ milliseconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: milliseconds * 1_000_000) }

    /// A planner of leader a, leading since 0, that has heard a and b say the same of everybody.
    private func planner(_ view: ClusterHealthView, says observation: Observation = .reaching, at milliseconds: Int64 = 0) -> RoundPlanner {
        var planner = RoundPlanner(leadingSince: at(0))
        for (_, report) in Fixture.everyone([a, b], in: view, says: observation) { planner.note(report, at: at(milliseconds)) }
        return planner
    }

    private func plan(_ planner: RoundPlanner, _ view: ClusterHealthView, at milliseconds: Int64) -> HealthRound? {
        planner.plan(
            view: view, clusterTime: ClusterTime(milliseconds: 10_000 + UInt64(milliseconds)), at: at(milliseconds),
            wall: WallTime(milliseconds: 7))
    }

    @Test func `the first round of a leadership is due at once, then one an interval`() {
        var view = Fixture.allUp(voters: 3)
        var planner = planner(view)
        let first = plan(planner, view, at: 0)
        #expect(first?.decisions.isEmpty == true)
        #expect(first?.ruleVersion == VerdictRule.version)
        #expect(first?.wallTime == WallTime(milliseconds: 7))
        #expect(first?.reports.nodes == [a, b])
        if let first {
            planner.proposed(first, at: at(0))
            _ = view.apply(first)
        }
        #expect(planner.nextDue == at(1_000))
        #expect(plan(planner, view, at: 999) == nil)
        #expect(plan(planner, view, at: 1_000) != nil)
    }

    @Test func `a round is due at once when a decision would change, ten times a second at most`() {
        let view = Fixture.allUp(voters: 3)
        var planner = planner(view)
        planner.proposed(Fixture.emptyRound, at: at(0))
        planner.note(Fixture.report(a, [(b, .reaching), (c, .lostByRefusal)]), at: at(50))
        #expect(plan(planner, view, at: 99) == nil)
        #expect(plan(planner, view, at: 100)?.decisions[c]?.state == .suspect)
        planner.note(Fixture.report(b, [(a, .reaching), (c, .lostByRefusal)]), at: at(60))
        let round = plan(planner, view, at: 100)
        #expect(round?.decisions.nodes == [c])
        #expect(round?.decisions[c] == HealthRound.Decision(state: .down, downReason: .refused))
    }

    @Test func `contact with a down member is replicated at once, and its return is due when the wait is over`() {
        var view = Fixture.allUp(voters: 3)
        view.step(at: 2_000, Fixture.everyone([a, b], in: view, says: .lostBySilence).about(c))
        #expect(view.state(c) == .down)
        var planner = planner(view)
        planner.proposed(Fixture.emptyRound, at: at(0))
        let contact = plan(planner, view, at: 200)
        #expect(contact?.decisions.isEmpty == true)
        if let contact {
            _ = view.apply(contact)
            planner.proposed(contact, at: at(200))
        }
        #expect(plan(planner, view, at: 400) == nil)
        for tick in stride(from: 1_200 as Int64, to: 2_200, by: 1_000) {
            planner.note(Fixture.report(a, [(b, .reaching), (c, .reaching)]), at: at(tick))
            planner.note(Fixture.report(b, [(a, .reaching), (c, .reaching)]), at: at(tick))
            planner.proposed(Fixture.emptyRound, at: at(tick))
        }
        #expect(plan(planner, view, at: 2_199) == nil)
        #expect(plan(planner, view, at: 2_200)?.decisions[c] == HealthRound.Decision(state: .up))
    }

    @Test func `samples that one round does not hold come with the next ones, in turn`() {
        let view = Fixture.allUp(voters: 3)
        var planner = planner(view)
        var sample = Fixture.sample(at: 1)
        sample.version = "later"
        sample.extra = [UInt8](repeating: 1, count: RoundPlanner.maximumSampleBytes * 2 / 5)
        for member in [a, b, c] { planner.note(sample, of: member) }
        for (turn, expected) in [[a, b], [a, c], [b, c], [a, b]].enumerated() {
            let round = plan(planner, view, at: Int64(turn) * 1_000)
            #expect(round?.samples.nodes == expected)
            if let round { planner.proposed(round, at: at(Int64(turn) * 1_000)) }
        }
    }

    @Test func `one sample goes into a round however large it is`() {
        let view = Fixture.allUp(voters: 3)
        var planner = planner(view)
        var sample = Fixture.sample(at: 1)
        sample.version = "later"
        sample.extra = [UInt8](repeating: 1, count: RoundPlanner.maximumSampleBytes * 2)
        planner.note(sample, of: b)
        #expect(plan(planner, view, at: 0)?.samples.nodes == [b])
    }

    @Test func `an announced stop is replicated at once`() {
        let view = Fixture.allUp(voters: 3)
        var planner = planner(view)
        planner.proposed(Fixture.emptyRound, at: at(0))
        planner.note(Fixture.sample(stopping: true), of: b)
        #expect(plan(planner, view, at: 100)?.samples[b]?.stopping == true)
    }

    @Test func `reports go stale, and those made before the leadership never count`() {
        let view = Fixture.allUp(voters: 3)
        var planner = planner(view, says: .lostBySilence)
        #expect(planner.freshReports(at: at(1_499)).nodes == [a, b])
        #expect(planner.freshReports(at: at(1_500)).isEmpty)
        #expect(plan(planner, view, at: 1_500)?.decisions.isEmpty == true)
        planner = RoundPlanner(leadingSince: at(5_000))
        planner.note(Fixture.report(a, [(c, .lostBySilence)]), at: at(4_999))
        #expect(planner.freshReports(at: at(5_000)).isEmpty)
    }

    @Test func `only voters' reports and members' samples enter a round, and only samples that moved`() {
        var view = Fixture.allUp(voters: 2, learners: 1)
        var planner = planner(view)
        planner.note(Fixture.report(c, [(a, .reaching)]), at: at(0))
        planner.note(Fixture.report(NodeID(99), [(a, .reaching)]), at: at(0))
        planner.note(Fixture.sample(), of: NodeID(99))
        planner.note(Fixture.sample(at: 14_999), of: a)
        planner.note(Fixture.sample(at: 15_000), of: b)
        let round = plan(planner, view, at: 0)
        #expect(round?.reports.nodes == [a, b])
        #expect(round?.samples.nodes == [b])
        planner.keep(Fixture.membership(voters: 1))
        view.apply(Fixture.membership(voters: 1))
        #expect(plan(planner, view, at: 0)?.reports.nodes == [a])
        #expect(planner.freshReports(at: at(0)).nodes == [a])
    }

    @Test func `a planned round agrees with the rule on every replica, also below the view's time`() {
        var view = Fixture.allUp(voters: 3)
        let planner = planner(view, says: .lostByRefusal)
        let round = planner.plan(view: view, clusterTime: ClusterTime(milliseconds: 3), at: at(0), wall: WallTime(milliseconds: 0))
        #expect(round?.clusterTime == ClusterTime(milliseconds: 1_000))
        if let round { #expect(view.apply(round).divergence == nil) }
        #expect(view.state(c) == .down)
    }

    @Test func `a configuration out of range is refused by name`() {
        #expect(throws: HealthConfigurationError.self) { try RoundPlanner.Configuration(interval: .milliseconds(50)) }
        #expect(throws: HealthConfigurationError.self) { try RoundPlanner.Configuration(interval: .seconds(1), minimumSpacing: .zero) }
        #expect(throws: HealthConfigurationError.self) { try RoundPlanner.Configuration(interval: .seconds(1), reportFreshness: .zero) }
    }
}

extension NodeMap where Value == ObserverReport {
    /// The same reports about one member only.
    fileprivate func about(_ member: NodeID) -> NodeMap<ObserverReport> {
        var map = self
        map.updateEach { _, report in report.observations.keep { id, _ in id == member } }
        return map
    }
}
