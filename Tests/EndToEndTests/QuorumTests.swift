import ClusterHarness
import Glibc
import ScrapeHistory
import Testing

extension EndToEnd {
    /// What is done to a majority.
    @Suite(.serialized) struct Quorum {
        @Test(arguments: [false, true])
        func withoutAQuorumNobodyServesTheViewAndNothingIsForgotten(theLeaderSurvives: Bool) async throws {
            try await withWatchedTrio { cluster, watch in
                let leader = try await cluster.leader()
                let survivor = theLeaderSurvives ? leader : cluster.nodes(except: leader)[0]
                let victims = cluster.nodes(except: survivor)
                let before = try #require(watch.observations.last { $0.view != nil })
                for victim in victims { victim.kill() }
                let lost = ContinuousClock.now

                try await watch.first("\(survivor.name) without a leader", askedAfter: lost, within: .seconds(4)) {
                    $0.node == survivor.name && $0.picture?.hasLeader == false && $0.view == nil
                }
                let silent = ContinuousClock.now
                try await expectNoView(of: survivor)
                // Long enough for several elections that nobody can win.
                try await Task.sleep(for: .seconds(3))
                let meanwhile = watch.observations(askedAfter: silent)
                #expect(meanwhile.contains { $0.picture?.hasLeader == false })
                #expect(!meanwhile.contains { $0.view != nil })

                for victim in victims { try victim.start() }
                let restarted = ContinuousClock.now
                let after = try await watch.first("all up again", askedAfter: restarted, within: .seconds(10)) {
                    $0.showsUp(["a", "b", "c"])
                }
                #expect(after.picture?.clusterID == before.picture?.clusterID)
                #expect(after.view?.index ?? 0 > before.view?.index ?? 0)
                #expect(after.view?.term ?? 0 > before.view?.term ?? 0)
                expectNone(HistoryChecks.neverDown([survivor.name], in: watch.observations))
            }
        }

        @Test func aClusterThatIsKilledAltogetherGoesOnWhereItWas() async throws {
            try await withWatchedTrio { cluster, watch in
                let victim = cluster.nodes(except: try await cluster.leader())[0]
                let first = ContinuousClock.now
                victim.kill()
                try await watch.first("\(victim.name) down", askedAfter: first, within: .seconds(3)) { $0.shows(victim.name, up: false) }
                let before = try #require(watch.observations.last { $0.view != nil })
                for node in cluster.nodes { node.kill() }
                for node in cluster.nodes { try node.start() }
                let restarted = ContinuousClock.now
                let after = try await watch.first("all up again", askedAfter: restarted, within: .seconds(10)) {
                    $0.showsUp(["a", "b", "c"])
                }
                #expect(after.picture?.clusterID == before.picture?.clusterID)
                #expect(after.picture?.appliedIndex ?? 0 >= before.picture?.appliedIndex ?? 0)
                #expect(after.picture?.term ?? 0 > before.picture?.term ?? 0)
                #expect(after.view?.transitions["\(victim.name) down"] == 1)
                #expect(after.view?.transitions["\(victim.name) up"] == 2)
            }
        }

        private func expectNoView(of node: HarnessNode) async throws {
            let view = try await node.request("/cluster/metrics")
            #expect(view.status == 503)
            #expect(view["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            let own = try await node.request("/metrics")
            #expect(own.status == 200)
            let samples = try Samples(parsing: own.body)
            #expect(samples.value("quorum_view_serving") == 0)
            #expect(samples.value("quorum_raft_has_leader") == 0)
            #expect(samples.matching("quorum_member_up").isEmpty)
            #expect(samples.matching("quorum_member_info").count == 3)
            #expect(try await node.request("/-/healthy").status == 200)
            #expect(try await node.request("/-/ready").status == 200)
        }
    }
}
