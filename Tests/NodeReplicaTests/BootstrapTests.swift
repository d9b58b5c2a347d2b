import NodeReplica
import RaftCore
import Testing
import WireFormat

@Suite struct BootstrapTests {
    private func member(_ name: String, id: UInt64) -> Membership.Member {
        Membership.Member(id: NodeID(id), name: name, role: .voter, address: "\(name):1", webURL: "http://\(name):2")
    }

    private func hello(_ name: String, id: UInt64, clusterID: ClusterID? = nil) -> Hello {
        Hello(
            protocolVersion: 1, clusterName: "test", clusterID: clusterID, memberName: name, incarnation: NodeID(id), boot: BootID(id),
            programVersion: "1", listenAddress: "\(name):1", webURL: "http://\(name):2", kind: .node, bootstrapped: clusterID != nil)
    }

    @Test func theFirstByNameFoundsOnceEveryInitialMemberHasAnswered() {
        var bootstrap = Bootstrap(own: member("a", id: 1), initialNames: ["c", "a", "b"])
        #expect(bootstrap.founders == nil)
        bootstrap.take(hello("c", id: 3))
        #expect(bootstrap.founders == nil)
        bootstrap.take(hello("b", id: 2))
        #expect(bootstrap.founders == [member("a", id: 1), member("b", id: 2), member("c", id: 3)])
    }

    @Test func nobodyElseFounds() {
        var bootstrap = Bootstrap(own: member("b", id: 2), initialNames: ["a", "b"])
        bootstrap.take(hello("a", id: 1))
        #expect(bootstrap.founders == nil)
    }

    @Test func aNodeAloneFoundsAtOnce() {
        #expect(Bootstrap(own: member("a", id: 1), initialNames: ["a"]).founders == [member("a", id: 1)])
    }

    @Test func strangersDoNotCount() {
        var bootstrap = Bootstrap(own: member("a", id: 1), initialNames: ["a", "b"])
        bootstrap.take(hello("x", id: 9))
        #expect(bootstrap.founders == nil)
    }

    @Test func whoeverDoesNotFoundTakesNoOffenceAtAClusterFoundedMeanwhile() {
        var bootstrap = Bootstrap(own: member("b", id: 2), initialNames: ["a", "b"])
        bootstrap.take(hello("a", id: 1, clusterID: ClusterID(high: 1, low: 1)))
        #expect(bootstrap.refusal == nil)
    }

    @Test func oneThatBelongsToAClusterEndsIt() {
        var bootstrap = Bootstrap(own: member("a", id: 1), initialNames: ["a", "b", "c"])
        bootstrap.take(hello("b", id: 2))
        bootstrap.take(hello("c", id: 3, clusterID: ClusterID(high: 1, low: 1)))
        #expect(bootstrap.founders == nil)
        #expect(bootstrap.refusal?.contains("c already belongs to cluster") == true)
    }
}
