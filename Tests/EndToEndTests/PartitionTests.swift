import ClusterHarness
import Foundation
import Glibc
import ScrapeHistory
import Testing

extension EndToEnd {
    /// Nodes in network namespaces of their own: their links can be cut while they are scraped over others.
    @Suite(.serialized) struct Partition {
        @Test(.enabled(if: NamespaceNetwork.isAvailable, "needs root and network namespaces"))
        func aLeaderThatIsCutOffFallsSilentAndTheOthersGoOnWithoutIt() async throws {
            try await withNamespaces { network, cluster in
                for node in cluster.nodes { try node.start() }
                try await cluster.settled()
                let watch = cluster.watch()
                do {
                    try await Task.sleep(for: .milliseconds(3_200))
                    try await cutOffTheLeader(network, cluster, watch)
                } catch {
                    await watch.stop()
                    expectNone(HistoryChecks.all(watch.observations))
                    throw HarnessError("\(error)\n\(cluster.logs)")
                }
                await watch.stop()
                expectNone(HistoryChecks.all(watch.observations))
            }
        }

        private func cutOffTheLeader(_ network: NamespaceNetwork, _ cluster: HarnessCluster, _ watch: Watch) async throws {
            let leader = try await cluster.leader()
            let others = cluster.nodes(except: leader).map(\.name)
            try await network.cut(leader.name)
            let cut = ContinuousClock.now

            try await watch.first("another leader", askedAfter: cut, within: .seconds(6)) { $0.view != nil && $0.node != leader.name }
            // An election timeout of one second, and one more.
            let silent = cut + .seconds(2)
            try await watch.first("\(leader.name) down", askedAfter: cut, within: .seconds(7)) { $0.shows(leader.name, up: false) }
            try await Task.sleep(until: cut + .seconds(5))
            let late = watch.observations(askedAfter: silent).filter { $0.node == leader.name }
            #expect(late.contains { $0.picture?.hasLeader == false }, "the cut-off node answers, and knows that it has no leader")
            expectNone(late.compactMap { $0.view.map { "\(leader.name) served index \($0.index) while it was cut off" } })

            try await network.heal(leader.name)
            let healed = ContinuousClock.now
            try await watch.first("all up", askedAfter: healed, within: .seconds(10)) { $0.showsUp(["a", "b", "c"]) }
            try await watch.first("\(leader.name) level", askedAfter: healed, within: .seconds(5)) { seen in
                let newest = watch.observations.compactMap { $0.view?.index }.max() ?? 0
                return seen.node == leader.name && seen.picture.map { $0.hasLeader && $0.appliedIndex >= newest - 2 } == true
            }
            expectNone(HistoryChecks.neverDown(others, in: watch.observations))
        }

        private func withNamespaces(_ body: (NamespaceNetwork, HarnessCluster) async throws -> Void) async throws {
            let network = NamespaceNetwork(names: ["a", "b", "c"])
            var settings = try HarnessCluster.Settings(count: 3)
            settings.flags += ["--cluster.allow-plaintext"]
            let cluster = try HarnessCluster(settings, network: network)
            do {
                try await network.build()
                try await body(network, cluster)
            } catch {
                cluster.tearDown()
                network.remove()
                throw error
            }
            cluster.tearDown()
            network.remove()
        }
    }
}
