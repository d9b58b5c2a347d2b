import ClusterHarness
import ScrapeHistory
import Testing

extension EndToEnd {
    /// A log that is compacted while the cluster runs.
    @Suite(.serialized) struct Snapshots {
        @Test func aFollowerThatMissedWhatIsGoneGetsASnapshotAndAllCarryOnFromTheirsAfterAPowerCut() async throws {
            var settings = try HarnessCluster.Settings(count: 3)
            settings.flags = ["--health.interval=100ms", "--raft.snapshot-entries=100"]
            let cluster = try HarnessCluster(settings)
            defer { cluster.tearDown() }
            try await cluster.startAll()
            let leader = try await cluster.leader()
            let victim = cluster.nodes(except: leader)[0]
            victim.kill()
            let held = try await samples(of: leader).value("quorum_raft_last_log_index") ?? 0
            _ = try await eventually("a log that begins behind what the killed node holds", within: .seconds(40)) { () -> Bool? in
                try await samples(of: leader).value("quorum_raft_first_log_index") ?? 0 > held + 1 ? true : nil
            }
            let before = try await samples(of: leader)
            #expect(before.value("quorum_snapshots_taken_total") ?? 0 >= 1)
            #expect(before.value("quorum_storage_snapshot_size_bytes") ?? 0 > 0)
            #expect(before.value("quorum_storage_log_entries") ?? .infinity < 160)

            try victim.start()
            _ = try await eventually("a snapshot received", within: .seconds(10)) { () -> Bool? in
                guard let answer = try? await samples(of: victim) else { return nil }
                return answer.value("quorum_snapshots_received_total") == 1 ? true : nil
            }
            try await cluster.settled()
            let level = try #require(try await cluster.serving()?.view)
            #expect(level.transitions["\(victim.name) up"] == 2)

            for node in cluster.nodes { node.kill() }
            for node in cluster.nodes { try node.start() }
            try await cluster.settled()
            let after = try #require(try await cluster.serving()?.view)
            #expect(after.index > level.index)
            #expect(after.transitions["\(victim.name) down"] ?? 0 >= 1)
            #expect(after.transitions["\(victim.name) up"] ?? 0 >= 2)
        }

        private func samples(of node: HarnessNode) async throws -> Samples {
            try Samples(parsing: try await node.request("/metrics").body)
        }
    }
}
