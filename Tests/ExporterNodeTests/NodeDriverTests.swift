import ClusterHealth
import NIOCore
import NodeReplica
import RaftCore
import Testing

@testable import ExporterNode

@Suite struct NodeDriverTests {
    /// What comes behind the effect that ends a node is not carried out, as in the simulator.
    @Test(arguments: [ReplicaEffect.diverged("by a bit"), .removed])
    func nothingIsDoneBehindTheEffectThatEndsANode(end: ReplicaEffect) async throws {
        try await withDriver { driver in
            var before = driver.snapshot
            before.appliedIndex = LogIndex(5)
            var behind = before
            behind.appliedIndex = LogIndex(9)
            await driver.carryOut([.publish(before), end, .publish(behind)])
            #expect(driver.snapshot.appliedIndex == LogIndex(5))
            #expect(await driver.hasEnded)
            await #expect(throws: NodeFailure.self) { try await driver.failure.get() }
        }
    }
}
