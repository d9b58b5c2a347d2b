import ClusterHealth
import RaftCore
import Testing

/// A random world: who reaches whom changes now and then, reports go stale, leaders change, members come and go.
private struct History {
    var dice: Dice
    var view = ClusterHealthView()
    /// Applies the same rounds; must stay equal.
    var replica = ClusterHealthView()
    var now: UInt64 = 1_000
    var voters: Int
    var learners = 1
    /// What each voter says of each member.
    var opinions = NodeMap<ObserverReport>()
    let settings = VerdictSettings(upAfterMilliseconds: 2_000, flapLimit: 3, flapWindowMilliseconds: 60_000)

    init(seed: UInt64) {
        dice = Dice(seed: seed)
        voters = 1 + dice.roll(5)
        enter()
    }

    mutating func enter() {
        view.apply(Fixture.membership(voters: voters, learners: learners))
        replica.apply(Fixture.membership(voters: voters, learners: learners))
        for voter in view.membership?.voters ?? [] where opinions[voter] == nil { opinions[voter] = ObserverReport(observer: voter) }
    }

    /// One round with some of the voters' reports; returns it and what applying it did.
    mutating func turn() -> (round: HealthRound, outcome: ClusterHealthView.ApplyOutcome) {
        now += UInt64(dice.roll(1_200))
        if dice.roll(60) == 0 {
            learners = dice.roll(3)
            enter()
        }
        let members = view.rows.nodes
        let ids = view.membership?.voters ?? []
        for _ in 0..<(dice.roll(4)) {
            let observer = ids[dice.roll(ids.count)]
            let member = members[dice.roll(members.count)]
            opinions[observer]?.observations[member] = Observation(rawValue: UInt8(dice.roll(5)))
        }
        var reports = NodeMap<ObserverReport>()
        let isHandover = dice.roll(10) == 0
        for voter in ids where dice.roll(isHandover ? 3 : 8) != (isHandover ? 1 : 0) { reports[voter] = opinions[voter] }
        var samples = NodeMap<HealthSample>()
        for member in members where dice.roll(5) == 0 {
            samples[member] = Fixture.sample(stopping: dice.roll(12) == 0, degraded: dice.roll(6) == 0 ? ["storage"] : [])
        }
        let back: UInt64 = dice.roll(20) == 0 ? 500 : 0
        let round = Fixture.round(view, at: now - back, reports: reports, samples: samples, settings: settings)
        let outcome = view.apply(round)
        #expect(replica.apply(round) == outcome)
        return (round, outcome)
    }
}

@Suite struct HistoryTests {
    @Test(arguments: 1...24) func `what must always hold, over random histories`(seed: UInt64) {
        var history = History(seed: seed)
        var before = history.view
        var wentDown = NodeMap<ClusterTime>()
        for _ in 0..<300 {
            let (round, outcome) = history.turn()
            let view = history.view
            #expect(view == history.replica)
            #expect(outcome.divergence == nil)
            #expect(view.rows.nodes == view.membership?.members.map(\.id))
            #expect(view.clusterTime ?? ClusterTime(milliseconds: 0) >= before.clusterTime ?? ClusterTime(milliseconds: 0))
            #expect(view.transitions.count <= ClusterHealthView.maximumTransitions)
            let reporting = (view.membership?.voters ?? []).filter { round.reports[$0] != nil }.count
            if reporting * 2 <= history.voters { #expect(outcome.transitions.isEmpty) }
            for (member, row) in view.rows { check(member, row, before: before.rows[member], outcome, &wentDown) }
            before = view
        }
    }

    private func check(
        _ member: NodeID, _ row: MemberRow, before: MemberRow?, _ outcome: ClusterHealthView.ApplyOutcome,
        _ wentDown: inout NodeMap<ClusterTime>
    ) {
        #expect((row.downReason != nil) == (row.isUp == false))
        #expect((row.state == .down) == (row.isUp == false))
        #expect((row.state == .unknown) == (row.isUp == nil))
        #expect(row.recentChanges.count <= MemberRow.maximumRecentChanges)
        guard let before else { return }
        for (now, then) in zip(row.transitionsTo, before.transitionsTo) { #expect(now >= then) }
        let entered = outcome.transitions.filter { $0.member == member }
        #expect(entered.count == (row.state == before.state ? 0 : 1))
        #expect(row.transitionsTo.reduce(0, +) == before.transitionsTo.reduce(0, +) + UInt64(entered.count))
        for transition in entered {
            #expect(transition.from == before.state)
            #expect(transition.to == row.state)
            #expect(row.since == transition.clusterTime)
            if transition.to == .down { wentDown[member] = transition.clusterTime }
            if transition.from == .down, let since = wentDown[member] { #expect(row.since.millisecondsSince(since) >= 2_000) }
        }
    }

    @Test(arguments: 1...20) func `one sick observer takes no member down`(seed: UInt64) {
        var dice = Dice(seed: seed)
        let voters = 3 + dice.roll(3)
        var view = Fixture.allUp(voters: voters, learners: 2)
        let sick = NodeID(UInt64(1 + dice.roll(voters)))
        for turn in 1...200 as ClosedRange<UInt64> {
            var reports = NodeMap<ObserverReport>()
            for voter in view.membership?.voters ?? [] where dice.roll(4) != 0 {
                let loss = Observation(rawValue: UInt8(2 + dice.roll(3))) ?? .lostBySilence
                let calm: Observation = dice.roll(3) == 0 ? .noOpinion : .reaching
                reports[voter] = Fixture.report(voter, view.rows.nodes.map { ($0, voter == sick ? loss : calm) })
            }
            view.step(at: 1_000 + turn * 300, reports)
            #expect(!view.rows.values.contains { $0.isUp == false })
        }
    }

    @Test func `a leader change alone changes no state, and a member that died with the leader is down as soon as a majority says so`() {
        var view = Fixture.allUp(voters: 5)
        let before = view.rows.values.map(\.state)
        for (turn, heard) in [1, 1, 2, 2].enumerated() {
            let observers = (1...heard).map { NodeID(UInt64($0)) }
            view.step(at: 2_000 + UInt64(turn) * 500, Fixture.everyone(observers, in: view, says: .lostBySilence))
            #expect(view.rows.values.map(\.state) == before)
        }
        let dead = [NodeID(4), NodeID(5)]
        let alive = [NodeID(1), NodeID(2), NodeID(3)]
        view.step(
            at: 4_000,
            Fixture.reports(
                alive.map { observer in
                    Fixture.report(
                        observer, view.rows.nodes.filter { $0 != observer }.map { ($0, dead.contains($0) ? .lostByRefusal : .reaching) })
                }))
        #expect(view.rows.values.map(\.state) == [.up, .up, .up, .down, .down])
    }
}
