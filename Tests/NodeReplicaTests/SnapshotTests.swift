import RaftCore
import Testing

@testable import ClusterHealth
@testable import NodeReplica

@Suite struct SnapshotTests {
    private func tiny() -> RaftConfiguration.Limits {
        var limits = RaftConfiguration.Limits()
        limits.compactEntries = 5
        limits.tailEntries = 2
        limits.snapshotChunkBytes = 64
        limits.snapshotChunksInFlight = 2
        return limits
    }

    @Test func theLogStaysShortAndEveryoneRestartsFromASnapshot() throws {
        var cluster = try VirtualCluster(count: 3, limits: tiny())
        _ = cluster.run(for: .seconds(40))
        for (id, node) in cluster.nodes {
            #expect(node.snapshot.status.snapshotIndex > LogIndex(5), "\(id)")
            #expect(node.stored.state.entries.count < 20, "\(id) stores \(node.stored.state.entries.count) entries")
            #expect(node.snapshot.status.counters.snapshotsTaken > 2)
        }
        let before = try #require(cluster.nodes[NodeID(1)]?.snapshot.appliedIndex)
        for member in cluster.members.map(\.id) { cluster.kill(member) }
        for member in cluster.members.map(\.id) { try cluster.restart(member, number: 2) }
        #expect(cluster.nodes.values.allSatisfy { $0.replica.appliedIndex > .zero }, "the snapshot's state is there at once")
        #expect(cluster.run(for: .seconds(6)) { $0.everyoneIsUp && ($0.nodes[NodeID(1)]?.snapshot.appliedIndex ?? .zero) > before })
        #expect(cluster.divergences.isEmpty)
    }

    @Test func aFollowerThatMissedMoreThanTheLogHoldsGetsASnapshotInChunks() throws {
        var cluster = try VirtualCluster(count: 3, limits: tiny())
        #expect(cluster.run(for: .seconds(5)) { $0.everyoneIsUp })
        let leader = try #require(cluster.leader)
        let follower = try #require(cluster.members.map(\.id).last { $0 != leader })
        cluster.kill(follower)
        _ = cluster.run(for: .seconds(40))
        try cluster.restart(follower, number: 2)
        #expect(
            cluster.run(for: .seconds(5)) { cluster in
                cluster.everyoneIsUp && cluster.nodes[follower]?.snapshot.status.counters.snapshotsReceived == 1
            }, "\(cluster.states)")
        #expect(cluster.nodes[leader]?.snapshot.status.counters.snapshotsSent == 1)
        #expect(cluster.run(for: .seconds(1)) { $0.nodes[leader]?.snapshot.view == $0.nodes[follower]?.snapshot.view })
        #expect(cluster.divergences.isEmpty)
        cluster.kill(follower)
        try cluster.restart(follower, number: 3)
        #expect(cluster.run(for: .seconds(5)) { $0.everyoneIsUp })
    }

    @Test func aViewThatDiffersFromTheMajoritysStopsItsNode() throws {
        for victim in 1...3 {
            var cluster = try VirtualCluster(count: 3, limits: tiny())
            #expect(cluster.run(for: .seconds(5)) { $0.everyoneIsUp })
            cluster.damageView(of: NodeID(UInt64(victim))) { view in
                view.rows.updateEach { _, row in row.transitionsTo[1] += 1 }
            }
            #expect(cluster.run(for: .seconds(20)) { !$0.divergences.isEmpty })
            #expect(cluster.divergences.first?.contains("not the one that a majority") == true, "\(cluster.divergences)")
        }
    }
}
