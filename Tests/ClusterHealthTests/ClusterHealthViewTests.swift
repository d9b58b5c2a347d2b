import ClusterHealth
import RaftCore
import Testing

@Suite struct ClusterHealthViewTests {
    let a = Fixture.a
    let b = Fixture.b
    let c = Fixture.c

    @Test func `a membership gives every member an unknown row`() {
        let view = Fixture.view(voters: 2, learners: 1)
        #expect(view.rows.values.map(\.name) == ["m1", "m2", "m3"])
        #expect(view.rows.values.map(\.role) == [.voter, .voter, .learner])
        #expect(view.rows.values.allSatisfy { $0.state == .unknown && $0.isUp == nil && $0.sample == nil })
        #expect(view.clusterTime == nil)
    }

    @Test func `a change of membership keeps who stays, drops who left, and adds unknown ones`() {
        var view = Fixture.allUp(voters: 3)
        let before = view.rows[b]
        var members = Fixture.membership(voters: 3).members.filter { $0.id != c }
        members.append(Membership.Member(id: Fixture.d, name: "m4", role: .learner, address: "m4:1", webURL: ""))
        view.apply(Membership(clusterID: ClusterID(high: 1, low: 2), members: members))
        #expect(view.rows.nodes == [a, b, Fixture.d])
        #expect(view.rows[b] == before)
        #expect(view.state(Fixture.d) == .unknown)
        #expect(view.rows[Fixture.d]?.since == ClusterTime(milliseconds: 1_000))
        #expect(view.links.nodes == [a, b])
        #expect(view.links[a]?.observations.nodes == [b])
    }

    @Test func `a row that stays takes the member's new role and address`() {
        var view = Fixture.allUp(voters: 3)
        let members = Fixture.membership(voters: 3).members.map {
            Membership.Member(id: $0.id, name: $0.name, role: $0.id == c ? .learner : .voter, address: "new:1", webURL: "http://new")
        }
        view.apply(Membership(clusterID: ClusterID(high: 1, low: 2), members: members))
        #expect(view.rows[c]?.role == .learner)
        #expect(view.rows[c]?.address == "new:1")
        #expect(view.state(c) == .up)
    }

    @Test func `the first round tells since when members are unknown`() {
        var view = Fixture.view(voters: 2)
        view.step(at: 5_000, NodeMap())
        #expect(view.rows[a]?.since == ClusterTime(milliseconds: 5_000))
        #expect(view.rows[a]?.sinceWall == WallTime(milliseconds: 5_000))
        view.step(at: 6_000, NodeMap())
        #expect(view.rows[a]?.since == ClusterTime(milliseconds: 5_000))
    }

    @Test func `a transition is counted, dated and kept`() {
        var view = Fixture.allUp(voters: 3)
        let outcome = view.step(at: 2_000, Fixture.reports([a, b].map { Fixture.report($0, [(c, .lostByRefusal)]) }))
        let expected = ClusterHealthView.Transition(
            member: c, name: "m3", from: .up, to: .down, reason: .refused, clusterTime: ClusterTime(milliseconds: 2_000),
            wallTime: WallTime(milliseconds: 2_000))
        #expect(outcome.transitions == [expected])
        #expect(view.transitions.last == expected)
        #expect(view.rows[c]?.since == ClusterTime(milliseconds: 2_000))
        #expect(view.rows[c]?.transitionsTo == [0, 1, 0, 0, 1, 0])
        #expect(view.rows[c]?.recentChanges == [ClusterTime(milliseconds: 2_000)])
    }

    @Test func `a cluster time below the view's counts as the view's`() {
        var view = Fixture.allUp(voters: 3)
        let outcome = view.step(at: 10, Fixture.reports([a, b].map { Fixture.report($0, [(c, .lostByRefusal)]) }))
        #expect(outcome.divergence == nil)
        #expect(view.clusterTime == ClusterTime(milliseconds: 1_000))
        #expect(view.rows[c]?.since == ClusterTime(milliseconds: 1_000))
    }

    @Test func `decisions of another rule version are taken as they are`() {
        var view = Fixture.allUp(voters: 3)
        var round = Fixture.round(view, at: 2_000, reports: NodeMap())
        round.ruleVersion = VerdictRule.version + 1
        round.decisions[b] = HealthRound.Decision(state: .down, downReason: .closed, flapping: true)
        let outcome = view.apply(round)
        #expect(outcome.divergence == nil)
        #expect(outcome.transitions.map(\.to) == [.down])
        #expect(view.rows[b]?.isUp == false)
        #expect(view.rows[b]?.flapping == true)
    }

    @Test func `decisions of this version that do not follow from the evidence are named`() {
        var view = Fixture.allUp(voters: 3)
        var round = Fixture.round(view, at: 2_000, reports: Fixture.reports([a, b].map { Fixture.report($0, [(c, .lostBySilence)]) }))
        round.decisions[b] = HealthRound.Decision(state: .down, downReason: .closed)
        round.decisions[c] = nil
        let outcome = view.apply(round)
        #expect(
            outcome.divergence == """
                the verdict at cluster time 2000 diverges: m2 (2): the round says down (closed), this process derives no change; \
                m3 (3): the round says no change, this process derives down (silent)
                """)
        #expect(view.state(b) == .down)
        #expect(view.state(c) == .up)
    }

    @Test func `samples, decisions and reports of strangers leave no trace`() {
        var view = Fixture.allUp(voters: 3)
        let stranger = NodeID(99)
        var round = Fixture.round(view, at: 2_000, reports: NodeMap())
        round.ruleVersion = 0
        round.samples[stranger] = Fixture.sample()
        round.decisions[stranger] = HealthRound.Decision(state: .up)
        round.reports[stranger] = Fixture.report(stranger, [(a, .reaching)])
        round.reports[a] = Fixture.report(a, [(stranger, .reaching), (a, .reaching), (b, .reaching)])
        #expect(view.apply(round).transitions.isEmpty)
        #expect(view.rows.nodes == [a, b, c])
        #expect(view.links.nodes == [a])
        #expect(view.links[a]?.observations.nodes == [b])
    }

    @Test func `a stored view comes back equal, and is cut to its membership and bounds`() {
        var view = Fixture.allUp(voters: 3)
        view.step(at: 2_000, Fixture.everyone([a, b], in: view, says: .reaching))
        let back = ClusterHealthView(
            membership: view.membership, rows: view.rows, clusterTime: view.clusterTime, wallTime: view.wallTime,
            transitions: view.transitions, links: view.links)
        #expect(back == view)
        let fewer = ClusterHealthView(
            membership: Fixture.membership(voters: 2), rows: view.rows, clusterTime: view.clusterTime, wallTime: view.wallTime,
            transitions: Array(repeating: view.transitions[0], count: 300), links: view.links)
        #expect(fewer.rows.nodes == [a, b])
        #expect(fewer.links[a]?.observations.nodes == [b])
        #expect(fewer.transitions.count == ClusterHealthView.maximumTransitions)
    }

    @Test func `only so many transitions and changes are kept, the latest`() {
        let settings = VerdictSettings(upAfterMilliseconds: 0, flapLimit: .max, flapWindowMilliseconds: .max)
        var view = Fixture.allUp(voters: 3)
        for turn in 1...400 as ClosedRange<UInt64> {
            let word: Observation = turn % 2 == 0 ? .reaching : .lostBySilence
            view.step(at: 1_000 + turn * 100, Fixture.reports([a, b].map { Fixture.report($0, [(c, word)]) }), settings: settings)
        }
        #expect(view.transitions.count == ClusterHealthView.maximumTransitions)
        #expect(view.transitions.last?.clusterTime == ClusterTime(milliseconds: 41_000))
        #expect(view.rows[c]?.recentChanges.count == MemberRow.maximumRecentChanges)
        #expect(view.rows[c]?.transitionsTo == [0, 201, 0, 0, 200, 0])
        #expect(view.rows[c]?.flapping == true)
    }
}
