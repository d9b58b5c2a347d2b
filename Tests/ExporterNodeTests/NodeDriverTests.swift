import ClusterHealth
import Foundation
import LogStorage
import Logging
import NIOCore
import NIOPosix
import NodeReplica
import RaftCore
import Testing

@testable import ExporterNode

@Suite struct NodeDriverTests {
    /// What comes behind the effect that ends a node is not carried out, as in the simulator.
    @Test(arguments: [ReplicaEffect.diverged("by a bit"), .removed])
    func nothingIsDoneBehindTheEffectThatEndsANode(end: ReplicaEffect) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/driver-\(UUID().uuidString)"
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (store, recovered) = try LogStore.open(path: path, cluster: "test", member: "a", incarnation: NodeID(7))
        let replica = try Replica(
            id: NodeID(7),
            configuration: ReplicaConfiguration(
                raft: try RaftConfiguration(heartbeatInterval: .milliseconds(100), electionTimeout: .seconds(1)), observer: .standard,
                rounds: .standard, verdict: VerdictSettings()),
            recovered: recovered.state, seed: 1, at: SystemClock.moment())
        let own = Membership.Member(id: NodeID(7), name: "a", role: .voter, address: "a:1", webURL: "")
        let driver = NodeDriver(
            eventLoop: group.next(), replica: replica, snapshot: replica.currentSnapshot, own: own, store: store, bootstrap: nil,
            joining: nil, peers: [], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var before = replica.currentSnapshot
        before.appliedIndex = LogIndex(5)
        var behind = before
        behind.appliedIndex = LogIndex(9)
        await driver.carryOut([.publish(before), end, .publish(behind)])
        #expect(driver.snapshot.appliedIndex == LogIndex(5))
        #expect(await driver.hasEnded)
        await #expect(throws: NodeFailure.self) { try await driver.failure.get() }
        try store.close()
        try await group.shutdownGracefully()
        try FileManager.default.removeItem(atPath: path)
    }
}
