import RaftCore
import Testing
import WireFormat

@testable import ClusterTransport

struct HelloCheckTests {
    private let ours = ClusterID(high: 1, low: 1)
    private let theirs = ClusterID(high: 2, low: 2)

    private func cause(
        _ hello: Hello, own: Hello = TestNode.hello("a", incarnation: 1), membership: [String: NodeID] = [:],
        isComplete: Bool = false, removed: [NodeID] = [],
        expected: PeerEndpoint? = nil
    ) -> RejectionCause? {
        HelloCheck(own: own, membership: membership, isComplete: isComplete, removed: removed, expected: expected).verdict(on: hello)?.cause
    }

    @Test func `a peer of the same cluster is let in`() {
        #expect(cause(TestNode.hello("b", incarnation: 2)) == nil)
        #expect(cause(TestNode.hello("b", incarnation: 2), membership: ["b": NodeID(2)]) == nil)
        #expect(cause(TestNode.hello("b", incarnation: 2), expected: PeerEndpoint(id: NodeID(2), name: "b", address: "")) == nil)
    }

    @Test func `versions outside of the supported range are refused`() {
        let newest = TransportConfiguration.supportedProtocolVersions.upperBound
        #expect(cause(TestNode.hello("b", incarnation: 2, version: newest + 1)) == .protocolVersion)
        #expect(cause(TestNode.hello("b", incarnation: 2, version: 0)) == .protocolVersion)
    }

    @Test func `another cluster is refused by name, and by identity when both have one`() {
        let own = TestNode.hello("a", incarnation: 1, clusterID: ours)
        #expect(cause(TestNode.hello("b", incarnation: 2, cluster: "other")) == .clusterName)
        #expect(cause(TestNode.hello("b", incarnation: 2, clusterID: theirs), own: own) == .clusterID)
        #expect(cause(TestNode.hello("b", incarnation: 2, clusterID: ours), own: own) == nil)
        #expect(cause(TestNode.hello("b", incarnation: 2), own: own) == nil)
        #expect(cause(TestNode.hello("b", incarnation: 2, clusterID: theirs)) == nil)
    }

    @Test func `the node itself, its name, an agent and an unexpected member are refused`() {
        let own = TestNode.hello("a", incarnation: 1)
        #expect(cause(own, own: own) == .selfConnection)
        #expect(cause(TestNode.hello("a", incarnation: 9), own: own) == .memberName)
        #expect(cause(TestNode.hello("b", incarnation: 2), expected: PeerEndpoint(name: "c", address: "")) == .memberName)
        var agent = TestNode.hello("b", incarnation: 2)
        agent.kind = .agent
        #expect(cause(agent) == .memberName)
    }

    @Test func `a wiped member is refused and told what to do`() {
        let check = HelloCheck(own: TestNode.hello("a", incarnation: 1), membership: ["b": NodeID(2)], expected: nil)
        let refusal = check.verdict(on: TestNode.hello("b", incarnation: 3))
        #expect(refusal?.cause == .incarnation)
        #expect(refusal?.text.contains("members remove b") == true)
        #expect(refusal?.text.contains("--cluster.join and an empty --storage.path") == true)
        #expect(cause(TestNode.hello("b", incarnation: 3), expected: PeerEndpoint(id: NodeID(2), name: "b", address: "")) == .incarnation)
    }

    @Test func `one that belonged and is no member now is told so by who knows all members, and by nobody else`() {
        let own = TestNode.hello("a", incarnation: 1, clusterID: ours)
        let belonged = TestNode.hello("z", incarnation: 7, clusterID: ours)
        let members = ["a": NodeID(1), "b": NodeID(2)]
        #expect(cause(belonged, own: own, membership: members, isComplete: true) == .removed)
        #expect(cause(belonged, own: own, membership: members) == nil, "it may have joined while this node was away, and lead by now")
        #expect(cause(belonged, own: own, isComplete: true) == nil)
        #expect(cause(TestNode.hello("z", incarnation: 7), own: own, membership: members, isComplete: true) == nil)
        #expect(cause(belonged, own: own, membership: ["z": NodeID(7)], isComplete: true) == nil)
        let joined = TestNode.hello("z", incarnation: 7)
        #expect(cause(joined, own: own, membership: members, isComplete: true, removed: [NodeID(7)]) == .removed, "its hello is of before")
    }

    @Test func `one that asks to join is not taken for removed by the entries it has, only by who saw it removed`() {
        let own = TestNode.hello("a", incarnation: 1, clusterID: ours)
        var newcomer = TestNode.hello("z", incarnation: 7, clusterID: ours)
        newcomer.asksToJoin = true
        let members = ["a": NodeID(1), "b": NodeID(2)]
        #expect(cause(newcomer, own: own, membership: members, isComplete: true) == nil)
        #expect(cause(newcomer, own: own, membership: members, isComplete: true, removed: [NodeID(7)]) == .removed)
    }

    @Test func `a known incarnation under another name is refused, an unknown member is not`() {
        #expect(cause(TestNode.hello("z", incarnation: 2), membership: ["b": NodeID(2)]) == .memberName)
        #expect(cause(TestNode.hello("new", incarnation: 7), membership: ["b": NodeID(2)]) == nil)
    }

    @Test func `a stranger that would be dialled where a member is, is refused and told what to do`() {
        var stranger = TestNode.hello("d", incarnation: 9)
        stranger.listenAddress = "c:1"
        let own = TestNode.hello("a", incarnation: 1)
        let members = ["a": NodeID(1), "c": NodeID(3)]
        var check = HelloCheck(own: own, membership: members, addresses: ["c:1": "c"], expected: nil)
        let refusal = check.verdict(on: stranger)
        #expect(refusal?.cause == .address)
        #expect(refusal?.text.contains("would be dialled at c:1, where member \"c\" is") == true)
        #expect(refusal?.text.contains("--cluster.advertise-address") == true)
        #expect(refusal?.text.contains("members remove c'") == true)
        var member = TestNode.hello("c", incarnation: 3)
        member.listenAddress = "c:1"
        #expect(check.verdict(on: member) == nil)
        check.addresses = ["c:1": "a"]
        #expect(check.verdict(on: member) == nil, "a member is judged by its name and its incarnation")
        let dialled = PeerEndpoint(name: "d", address: "c:1")
        let outbound = HelloCheck(own: own, membership: members, addresses: ["c:1": "c"], expected: dialled)
        #expect(outbound.verdict(on: stranger) == nil, "it is about to take the place of c, and is looked at before")
    }
}
