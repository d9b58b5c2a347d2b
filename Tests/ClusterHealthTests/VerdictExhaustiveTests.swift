import ClusterHealth
import RaftCore
import Testing

/// Three voters and two other members: every combination, against the twin.
@Suite struct VerdictExhaustiveTests {
    private static let voters = [NodeID(1), NodeID(2), NodeID(3)]
    private static let now: UInt64 = 100_000
    private static let settings = VerdictSettings(upAfterMilliseconds: 2_000, flapLimit: 2, flapWindowMilliseconds: 50_000)

    /// A member's row before the round: every state, every stage of the wait for up, with and without a past of flapping.
    static let priors: [MemberRow] = {
        func row(_ change: (inout MemberRow) -> Void) -> MemberRow {
            var row = MemberRow(name: "", role: .voter, address: "", webURL: "")
            change(&row)
            return row
        }
        func times(_ milliseconds: [UInt64]) -> [ClusterTime] { milliseconds.map { ClusterTime(milliseconds: $0) } }
        var priors = [row { _ in }]
        for state in [MemberState.up, .suspect, .degraded, .maintenance] {
            for changes in [[], [40_000, 60_000, 70_000], [60_000, 70_000, 80_000]] as [[UInt64]] {
                priors.append(
                    row {
                        $0.state = state
                        $0.isUp = true
                        $0.recentChanges = times(changes)
                        $0.flapping = changes.count == 3
                    })
            }
        }
        for state in [MemberState.down, .maintenance] {
            for reason in state == .down ? DownReason.allCases : [.refused] {
                for since in [nil, 98_001, 98_000, 96_000, 95_999, 1_000] as [UInt64?] {
                    for changes in [[90_000], [70_000, 80_000, 90_000]] as [[UInt64]] {
                        priors.append(
                            row {
                                $0.state = state
                                $0.isUp = false
                                $0.downReason = reason
                                $0.reachableSince = since.map { ClusterTime(milliseconds: $0) }
                                $0.recentChanges = times(changes)
                                $0.flapping = changes.count == 3
                            })
                    }
                }
            }
        }
        return priors
    }()

    /// The latest sample: none, well, stopping, degraded, both.
    private static let samples: [HealthSample?] = [
        nil, Fixture.sample(), Fixture.sample(stopping: true), Fixture.sample(degraded: ["storage"]),
        Fixture.sample(stopping: true, degraded: ["storage"]),
    ]

    /// What a report says, or nil for a stale one.
    private static let words: [Observation?] = [nil] + Observation.allCases

    /// Both a voter and another member with each of two pasts in turn.
    private static func view(_ first: MemberRow, _ second: MemberRow) -> ClusterHealthView {
        let membership = Fixture.membership(voters: 3, learners: 2)
        var rows = NodeMap<MemberRow>()
        for (member, row) in zip(membership.members, [first, second, first, second, first]) { rows[member.id] = row }
        return ClusterHealthView(
            membership: membership, rows: rows, clusterTime: ClusterTime(milliseconds: 99_000), wallTime: WallTime(milliseconds: 0),
            transitions: [])
    }

    private static func check(_ view: ClusterHealthView, _ reports: NodeMap<ObserverReport>, sample: HealthSample?, inRound: Bool) -> Int {
        var view = view
        var samples = NodeMap<HealthSample>()
        if inRound {
            for member in view.rows.nodes { samples[member] = sample }
        } else {
            var rows = view.rows
            rows.updateEach { _, row in row.sample = sample }
            view = ClusterHealthView(
                membership: view.membership, rows: rows, clusterTime: view.clusterTime, wallTime: view.wallTime, transitions: [])
        }
        let decisions = VerdictRule.decide(
            view: view, clusterTime: ClusterTime(milliseconds: now), settings: settings, reports: reports, samples: samples)
        var wrong = 0
        for (member, row) in view.rows {
            let words = reports.filter { voters.contains($0.id) }.map { ($0.id, $0.value.observations[member] ?? .noOpinion) }
            let twin = VerdictTwin(
                words: words, voterCount: 3, member: member, row: row, sample: sample, now: now, settings: settings
            ).outcome()
            let before = HealthRound.Decision(state: row.state, downReason: row.downReason, flapping: row.flapping)
            if decisions[member] != (twin == before ? nil : twin) {
                wrong += 1
                if wrong == 1 { Issue.record("\(member) \(row) \(words): \(String(describing: decisions[member])), twin \(twin)") }
            }
        }
        return wrong
    }

    @Test(arguments: priors.indices.filter { $0 % 2 == 0 }) func `each member, each past, each sample, each combination of reports`(
        prior: Int
    ) {
        let view = Self.view(Self.priors[prior], Self.priors[(prior + 1) % Self.priors.count])
        for (position, sample) in Self.samples.enumerated() {
            for first in Self.words {
                for second in Self.words {
                    for third in Self.words {
                        var reports = NodeMap<ObserverReport>()
                        for (voter, word) in zip(Self.voters, [first, second, third]) {
                            guard let word else { continue }
                            reports[voter] = Fixture.report(voter, view.rows.nodes.map { ($0, word) })
                        }
                        guard Self.check(view, reports, sample: sample, inRound: (prior / 2 + position) % 2 == 0) == 0 else { return }
                    }
                }
            }
        }
    }

    /// Every voter stale, or lost and reaching every subset of the others: members are judged one by one.
    @Test func `all joint reports of three voters about four others each`() {
        var everyReport: [[ObserverReport?]] = []
        for voter in Self.voters {
            let others = (1...5).map { NodeID(UInt64($0)) }.filter { $0 != voter }
            everyReport.append(
                [nil]
                    + (0..<16).map { bits in
                        Fixture.report(
                            voter, others.enumerated().map { ($1, bits >> $0 & 1 == 1 ? .lostBySilence : .reaching) })
                    })
        }
        let view = Fixture.allUp(voters: 3, learners: 2)
        for first in everyReport[0] {
            for second in everyReport[1] {
                for third in everyReport[2] {
                    let reports = Fixture.reports([first, second, third].compactMap { $0 })
                    guard Self.check(view, reports, sample: Fixture.sample(), inRound: false) == 0 else { return }
                }
            }
        }
    }
}
