import ClusterHarness
import ScrapeHistory
import Testing

extension EndToEnd {
    /// Two nodes with one address: only one of them can be dialled there.
    @Suite(.serialized) struct Addresses {
        @Test func aNewcomerAtADeadMembersAddressIsToldToHaveItRemovedAndThenTakenIn() async throws {
            try await withWatchedTrio(spares: 1) { cluster, watch in
                let (leader, newcomer) = (try await cluster.leader(), cluster.node("d"))
                let victim = cluster.nodes(except: leader, newcomer)[0]
                victim.kill()
                try newcomer.start(["--cluster.listen-address=\(victim.clusterAddress)", "--cluster.join=\(leader.clusterAddress)"])
                _ = try await eventually("the refusal", within: .seconds(10)) {
                    newcomer.log.contains("would be dialled at \(victim.clusterAddress), where member") ? true : nil
                }
                #expect(newcomer.log.contains("members remove \(victim.name)'"), "\(newcomer.lastLogLines)")
                #expect(try await !leader.command(["members", "list"]).text.contains("\nd "))

                watch.willRemove(victim.name)
                let removal = try await leader.command(["members", "remove", victim.name])
                #expect(removal.status == 0, "\(removal.text)")
                let removed = ContinuousClock.now
                try await watch.first("d up", askedAfter: removed, within: .seconds(15)) { $0.shows("d", up: true) }
            }
        }

        @Test func aNewcomerThatGivesALivingMembersAddressTakesNobodyAway() async throws {
            try await withWatchedTrio(spares: 1) { cluster, watch in
                let (leader, newcomer) = (try await cluster.leader(), cluster.node("d"))
                let others = cluster.nodes(except: leader, newcomer)
                try newcomer.start([
                    "--cluster.advertise-address=\(others[0].clusterAddress)", "--cluster.join=\(others[1].clusterAddress)",
                ])
                _ = try await eventually("the refusal", within: .seconds(10)) {
                    newcomer.log.contains("would be dialled at \(others[0].clusterAddress), where member") ? true : nil
                }
                #expect(newcomer.log.contains("--cluster.advertise-address"), "\(newcomer.lastLogLines)")
                // Long enough for a voter that was taken away to be called down.
                let refused = ContinuousClock.now
                try await watch.first("a later view", askedAfter: refused + .seconds(5), within: .seconds(10)) {
                    $0.showsUp(["a", "b", "c"])
                }
                expectNone(HistoryChecks.neverDown(["a", "b", "c"], in: watch.observations))
                #expect(watch.observations.last { $0.view != nil }?.view?.members["d"] == nil)
                #expect(!leader.log.contains("answers where"), "\(leader.lastLogLines)")
                #expect(!others[1].log.contains("answers where"), "\(others[1].lastLogLines)")
            }
        }
    }
}
