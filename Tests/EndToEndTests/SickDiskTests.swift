import ClusterHarness
import ScrapeHistory
import Testing

extension EndToEnd {
    /// Disks on which every write hangs: their machines are well, and their processes answer.
    @Suite(.serialized, .enabled(if: FreezableDisk.isPossible, "needs loop devices")) struct MembersWithSickDisks {
        private let names = ["a", "b", "c"]

        /// Three nodes that agree, each on a disk of its own, watched while the body runs.
        private func withFreezableTrio(_ body: (HarnessCluster, [String: FreezableDisk], Watch) async throws -> Void) async throws {
            try await withCluster(of: 3) { cluster in
                var disks: [String: FreezableDisk] = [:]
                for node in cluster.nodes { disks[node.name] = try cluster.giveFreezableDisk(node) }
                try await cluster.startAll()
                let watch = cluster.watch()
                try await Task.sleep(for: .milliseconds(3_200))
                do {
                    try await body(cluster, disks, watch)
                } catch {
                    await watch.stop()
                    throw HarnessError("\(error)\n\(cluster.logs)")
                }
                await watch.stop()
                expectNone(HistoryChecks.all(watch.observations, removals: []))
                let fallen = watch.observations.filter { observation in names.contains { observation.shows($0, up: false) } }
                #expect(fallen.isEmpty, "a sick disk is not a sick machine: \(fallen.prefix(3))")
            }
        }

        /// Waits for the view that shows a member in a state.
        private func awaitState(_ state: String, of member: String, in cluster: HarnessCluster) async throws {
            _ = try await eventually("\(member) \(state)", within: .seconds(15)) {
                try await cluster.serving()?.view?.members[member]?.state == state ? true : nil
            }
        }

        @Test func aFollowerWhoseDiskHangsIsDegradedAndTheOthersGoOn() async throws {
            try await withFreezableTrio { cluster, disks, _ in
                let leader = try await cluster.leader()
                let victim = cluster.nodes(except: leader)[0]
                let disk = try #require(disks[victim.name])
                try disk.freeze()
                try await awaitState("degraded", of: victim.name, in: cluster)
                let before = try #require(try await cluster.serving()?.view)
                // Longer than `down-after`: it is heard all the same.
                try await Task.sleep(for: .seconds(4))
                let after = try #require(try await cluster.serving()?.view)
                #expect(after.index >= before.index + 4 && after.term == before.term, "\(before) then \(after)")
                #expect(after.members[victim.name]?.state == "degraded")
                try disk.thaw()
                try await awaitState("up", of: victim.name, in: cluster)
            }
        }

        @Test func aLeaderWhoseDiskHangsHandsOver() async throws {
            try await withFreezableTrio { cluster, disks, watch in
                let leader = try await cluster.leader()
                let disk = try #require(disks[leader.name])
                try disk.freeze()
                let frozen = ContinuousClock.now
                _ = try await eventually("another leader", within: .seconds(10)) {
                    try await cluster.serving().flatMap { $0.node == leader.name ? nil : true }
                }
                try await awaitState("degraded", of: leader.name, in: cluster)
                try await Task.sleep(for: .seconds(4))
                let led = watch.observations(askedAfter: frozen + .seconds(5)).filter { $0.view != nil }.map(\.node)
                #expect(!led.isEmpty && !led.contains(leader.name), "\(Set(led))")
                try disk.thaw()
                try await awaitState("up", of: leader.name, in: cluster)
            }
        }
    }
}
