import ClusterHealth
import RaftCore
import Testing

@Suite struct VerdictRuleTests {
    let a = Fixture.a
    let b = Fixture.b
    let c = Fixture.c

    private func lost(_ member: NodeID, by observers: [(NodeID, Observation)], others: Observation = .reaching) -> NodeMap<ObserverReport> {
        Fixture.reports(
            observers.map { observer, observation in
                Fixture.report(observer, [a, b, c].filter { $0 != observer }.map { ($0, $0 == member ? observation : others) })
            })
    }

    @Test func `a cluster of one is up with its first sample`() {
        var view = Fixture.view(voters: 1)
        #expect(view.state(a) == .unknown)
        view.step(at: 1_000, Fixture.reports([Fixture.report(a, [])]), samples: Fixture.samples(view))
        #expect(view.state(a) == .up)
        #expect(view.rows[a]?.isUp == true)
        for second in 2...20 as ClosedRange<UInt64> {
            #expect(view.step(at: second * 1_000, Fixture.reports([Fixture.report(a, [])])).transitions.isEmpty)
        }
    }

    @Test func `members are up as soon as a majority reports and their samples are there`() {
        let view = Fixture.allUp(voters: 3)
        #expect(view.rows.values.map(\.state) == [.up, .up, .up])
        #expect(view.rows.values.map(\.isUp) == [true, true, true])
        #expect(view.rows.values.map(\.observersReaching) == [2, 2, 2])
        #expect(view.transitions.map(\.name) == ["m1", "m2", "m3"])
    }

    @Test func `one observer makes suspect, a majority makes down`() {
        var view = Fixture.allUp(voters: 3)
        view.step(at: 2_000, lost(c, by: [(a, .lostBySilence), (b, .reaching)]))
        #expect(view.state(c) == .suspect)
        #expect(view.rows[c]?.isUp == true)
        #expect(view.rows[c]?.observersReaching == 1)
        view.step(at: 2_100, lost(c, by: [(a, .lostBySilence), (b, .lostBySilence)]))
        #expect(view.state(c) == .down)
        #expect(view.rows[c]?.downReason == .silent)
        #expect(view.rows[c]?.isUp == false)
        #expect(view.rows[c]?.observersReaching == 0)
    }

    @Test func `a member's report of itself counts for nothing`() {
        var view = Fixture.allUp(voters: 3)
        var reports = lost(c, by: [(a, .lostBySilence), (b, .reaching), (c, .reaching)])
        reports[c] = Fixture.report(c, [(c, .lostBySilence), (a, .reaching), (b, .reaching)])
        view.step(at: 2_000, reports)
        #expect(view.state(c) == .suspect)
        reports[c] = Fixture.report(c, [(c, .reaching)])
        reports[b] = Fixture.report(b, [(c, .lostByRefusal)])
        view.step(at: 2_100, reports)
        #expect(view.state(c) == .down)
        #expect(view.rows[c]?.observersReaching == 0)
    }

    @Test func `a learner's report counts for nothing`() {
        var view = Fixture.allUp(voters: 3, learners: 1)
        var reports = lost(c, by: [(a, .lostBySilence), (b, .reaching)])
        reports[Fixture.d] = Fixture.report(Fixture.d, [(c, .lostBySilence), (a, .lostBySilence)])
        view.step(at: 2_000, reports)
        #expect(view.state(c) == .suspect)
        #expect(view.state(a) == .up)
        reports[b] = nil
        #expect(view.step(at: 3_000, reports).transitions.isEmpty)
    }

    @Test func `without reports from a majority nothing changes`() {
        var view = Fixture.allUp(voters: 3)
        let before = view.rows.values.map(\.state)
        view.step(at: 2_000, lost(c, by: [(a, .lostBySilence)]))
        view.step(at: 9_000, NodeMap(), samples: Fixture.samples(view))
        #expect(view.rows.values.map(\.state) == before)
        var stopping = NodeMap<HealthSample>()
        stopping[c] = Fixture.sample(stopping: true)
        view.step(at: 10_000, lost(c, by: [(a, .lostByRefusal)]), samples: stopping)
        #expect(view.rows.values.map(\.state) == before)
    }

    @Test(
        arguments: [
            ([Observation.lostByRefusal, .lostByRefusal, .lostBySilence], DownReason.refused),
            ([.lostBySilence, .lostBySilence, .lostByRefusal], .silent),
            ([.lostBySilence, .lostByClosing, .lostByClosing], .closed),
            ([.lostBySilence, .lostByRefusal, .lostByClosing], .refused),
            ([.lostBySilence, .lostByClosing, .lostBySilence], .silent),
        ])
    func `the reason is the one most give`(observations: [Observation], reason: DownReason) {
        var view = Fixture.allUp(voters: 5)
        let observers = [NodeID(1), NodeID(2), NodeID(3)]
        let member = NodeID(5)
        view.step(at: 2_000, Fixture.reports(zip(observers, observations).map { Fixture.report($0, [(member, $1)]) }))
        #expect(view.rows[member]?.downReason == reason)
    }

    @Test func `among equally many the stronger reason wins, and a reason given stays`() {
        var view = Fixture.allUp(voters: 5)
        let member = NodeID(5)
        func reports(_ observations: [Observation]) -> NodeMap<ObserverReport> {
            Fixture.reports(observations.enumerated().map { Fixture.report(NodeID(UInt64($0 + 1)), [(member, $1)]) })
        }
        view.step(at: 2_000, reports([.lostBySilence, .lostBySilence, .lostByRefusal, .lostByRefusal]))
        #expect(view.rows[member]?.downReason == .refused)
        view.step(at: 2_100, reports([.lostBySilence, .lostBySilence, .lostByRefusal]))
        #expect(view.rows[member]?.downReason == .silent)
        let outcome = view.step(at: 2_200, reports([.lostBySilence, .lostBySilence, .lostByRefusal, .lostByRefusal]))
        #expect(view.rows[member]?.downReason == .silent)
        #expect(outcome.transitions.isEmpty)
        #expect(view.rows[member]?.transitionsTo.reduce(0, +) == 2)
    }

    @Test func `a clean stop is down, stopped, once anybody has lost it`() {
        var view = Fixture.allUp(voters: 3)
        var stopping = NodeMap<HealthSample>()
        stopping[c] = Fixture.sample(stopping: true)
        view.step(at: 2_000, Fixture.everyone([a, b], in: view, says: .reaching), samples: stopping)
        #expect(view.state(c) == .up)
        view.step(at: 2_100, lost(c, by: [(a, .lostByRefusal), (b, .reaching)]))
        #expect(view.state(c) == .down)
        #expect(view.rows[c]?.downReason == .stopped)
        view.step(at: 6_000, lost(c, by: [(a, .lostByRefusal), (b, .reaching)]))
        #expect(view.state(c) == .down)
        view.step(at: 7_000, lost(c, by: [(a, .lostByRefusal), (b, .lostByRefusal)]))
        #expect(view.rows[c]?.downReason == .stopped)
        stopping[c] = Fixture.sample(at: 1)
        view.step(at: 8_000, Fixture.everyone([a, b], in: view, says: .reaching), samples: stopping)
        #expect(view.state(c) == .down)
        view.step(at: 10_000, Fixture.everyone([a, b], in: view, says: .reaching))
        #expect(view.state(c) == .up)
        #expect(view.rows[c]?.downReason == nil)
    }

    @Test func `down becomes up after up-after without a majority's loss and with a contact`() {
        var view = Fixture.allUp(voters: 3)
        view.step(at: 2_000, lost(c, by: [(a, .lostBySilence), (b, .lostBySilence)]))
        view.step(at: 3_000, lost(c, by: [(a, .lostBySilence), (b, .noOpinion)]))
        #expect(view.rows[c]?.reachableSince == nil)
        view.step(at: 4_000, lost(c, by: [(a, .lostBySilence), (b, .reaching)]))
        #expect(view.rows[c]?.reachableSince == ClusterTime(milliseconds: 4_000))
        view.step(at: 5_000, lost(c, by: [(a, .lostBySilence), (b, .lostBySilence)]))
        #expect(view.rows[c]?.reachableSince == nil)
        view.step(at: 6_000, lost(c, by: [(a, .reaching), (b, .reaching)]))
        view.step(at: 7_999, lost(c, by: [(a, .reaching), (b, .reaching)]))
        #expect(view.state(c) == .down)
        view.step(at: 8_000, lost(c, by: [(a, .reaching), (b, .lostBySilence)]))
        #expect(view.state(c) == .suspect)
        #expect(view.rows[c]?.isUp == true)
    }

    @Test func `an inconclusive round neither starts nor ends the wait for up`() {
        var view = Fixture.allUp(voters: 3)
        view.step(at: 2_000, lost(c, by: [(a, .lostBySilence), (b, .lostBySilence)]))
        view.step(at: 3_000, lost(c, by: [(a, .reaching)]))
        #expect(view.rows[c]?.reachableSince == nil)
        view.step(at: 4_000, lost(c, by: [(a, .reaching), (b, .reaching)]))
        view.step(at: 5_000, NodeMap())
        #expect(view.rows[c]?.reachableSince == ClusterTime(milliseconds: 4_000))
    }

    @Test func `a member that calls itself degraded is degraded, and up underneath`() {
        var view = Fixture.allUp(voters: 3)
        var samples = NodeMap<HealthSample>()
        samples[b] = Fixture.sample(degraded: ["storage"])
        view.step(at: 2_000, Fixture.everyone([a, c], in: view, says: .reaching), samples: samples)
        #expect(view.state(b) == .degraded)
        #expect(view.rows[b]?.isUp == true)
        view.step(at: 3_000, lost(b, by: [(a, .lostBySilence), (c, .reaching)]))
        #expect(view.state(b) == .suspect)
        samples[b] = Fixture.sample()
        view.step(at: 4_000, Fixture.everyone([a, c], in: view, says: .reaching), samples: samples)
        #expect(view.state(b) == .up)
    }

    @Test func `one that never sent a sample is unknown, down when a majority lost it, and unknown again`() {
        var view = Fixture.view(voters: 3)
        var samples = Fixture.samples(view)
        samples[c] = nil
        view.step(at: 1_000, lost(c, by: [(a, .reaching), (b, .lostBySilence)]), samples: samples)
        #expect(view.state(c) == .unknown)
        #expect(view.rows[c]?.isUp == nil)
        view.step(at: 2_000, lost(c, by: [(a, .lostBySilence), (b, .lostBySilence)]))
        #expect(view.state(c) == .down)
        view.step(at: 3_000, lost(c, by: [(a, .reaching), (b, .reaching)]))
        view.step(at: 5_000, lost(c, by: [(a, .reaching), (b, .reaching)]))
        #expect(view.state(c) == .unknown)
        #expect(view.rows[c]?.isUp == nil)
        samples[c] = Fixture.sample()
        view.step(at: 6_000, lost(c, by: [(a, .reaching), (b, .reaching)]), samples: samples)
        #expect(view.state(c) == .up)
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)]) func `a majority is of all voters`(voters: Int, majority: Int) {
        for losers in 0...voters {
            var view = Fixture.allUp(voters: voters, learners: 1)
            let learner = NodeID(UInt64(voters + 1))
            let observers = (1...voters).map { NodeID(UInt64($0)) }
            view.step(
                at: 2_000,
                Fixture.reports(
                    observers.enumerated().map { Fixture.report($1, [(learner, $0 < losers ? .lostBySilence : .reaching)]) }))
            #expect(view.state(learner) == (losers >= majority ? .down : losers > 0 ? .suspect : .up))
        }
    }

    @Test(arguments: [(1, false), (2, false), (3, true), (4, true), (5, true)])
    func `a voter lost by all others is down where they are a majority`(voters: Int, isDown: Bool) {
        var view = Fixture.allUp(voters: voters)
        let others = (1..<voters).map { NodeID(UInt64($0)) }
        let dead = NodeID(UInt64(voters))
        view.step(at: 2_000, Fixture.reports(others.map { Fixture.report($0, [(dead, .lostByRefusal)]) }))
        #expect((view.state(dead) == .down) == isDown)
    }

    @Test func `more changes than the limit make it flapping and double the wait`() {
        let settings = VerdictSettings(upAfterMilliseconds: 1_000, flapLimit: 2, flapWindowMilliseconds: 100_000)
        var view = Fixture.allUp(voters: 3)
        let gone = lost(c, by: [(a, .lostBySilence), (b, .lostBySilence)])
        let back = lost(c, by: [(a, .reaching), (b, .reaching)])
        var waits: [UInt64] = []
        var flapping: [Bool] = []
        var now: UInt64 = 2_000
        for _ in 0..<5 {
            view.step(at: now, gone, settings: settings)
            #expect(view.state(c) == .down)
            let start = now + 100
            now = start
            while view.state(c) == .down, now < start + 60_000 {
                view.step(at: now, back, settings: settings)
                if view.state(c) == .down { now += 100 }
            }
            waits.append(now - start)
            flapping.append(view.rows[c]?.flapping ?? false)
            now += 100
        }
        #expect(waits == [1_000, 2_000, 8_000, 32_000, 32_000])
        #expect(flapping == [false, true, true, true, true])
        view.step(at: now + 100_000, back, settings: settings)
        #expect(view.rows[c]?.flapping == false)
        #expect(view.rows[c]?.recentChanges.isEmpty == true)
    }

    @Test func `maintenance stays while the truth underneath is tracked`() {
        var view = Fixture.allUp(voters: 3)
        var round = Fixture.round(view, at: 2_000, reports: NodeMap())
        round.ruleVersion = VerdictRule.version + 1
        round.decisions[c] = HealthRound.Decision(state: .maintenance)
        _ = view.apply(round)
        #expect(view.rows[c]?.isUp == true)
        view.step(at: 3_000, lost(c, by: [(a, .lostByRefusal), (b, .lostByRefusal)]))
        #expect(view.state(c) == .maintenance)
        #expect(view.rows[c]?.isUp == false)
        #expect(view.rows[c]?.downReason == .refused)
        view.step(at: 4_000, lost(c, by: [(a, .reaching), (b, .reaching)]))
        view.step(at: 6_000, lost(c, by: [(a, .reaching), (b, .reaching)]))
        #expect(view.state(c) == .maintenance)
        #expect(view.rows[c]?.isUp == true)
        #expect(view.transitions.last?.to == .maintenance)
        #expect(view.rows[c]?.recentChanges.count == 2)
    }
}
