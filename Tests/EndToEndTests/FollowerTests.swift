import ClusterHarness
import Glibc
import ScrapeHistory
import Testing

extension EndToEnd {
    /// What is done to a node that does not lead.
    @Suite(.serialized) struct Follower {
        @Test func aKilledFollowerIsDownAloneAndUpAgainAndItsHistorySurvivesTheLeader() async throws {
            try await withWatchedTrio { cluster, watch in
                let leader = try await cluster.leader()
                let others = cluster.nodes(except: leader)
                let (victim, survivor) = (others[0], others[1])

                let killed = ContinuousClock.now
                victim.kill()
                try await watch.first("\(victim.name) down", askedAfter: killed, within: .seconds(3)) { $0.shows(victim.name, up: false) }
                try victim.start()
                let restarted = ContinuousClock.now
                let back = try await watch.first("\(victim.name) up", askedAfter: restarted, within: .seconds(8)) {
                    $0.shows(victim.name, up: true)
                }
                let before = try #require(back.view)
                #expect(before.transitions["\(victim.name) down"] == 1)
                #expect(before.transitions["\(victim.name) up"] == 2)
                expectNone(HistoryChecks.neverDown([leader.name, survivor.name], in: watch.observations))

                let left = ContinuousClock.now
                leader.kill()
                let next = try await watch.first("the next view", askedAfter: left, within: .seconds(4)) { $0.view != nil }
                #expect(next.node != leader.name)
                #expect(next.view?.transitions["\(victim.name) down"] == 1)
                #expect(next.view?.transitions["\(victim.name) up"] == 2)
            }
        }
    }
}
