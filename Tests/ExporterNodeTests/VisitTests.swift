import RaftCore
import Testing
import WireFormat

@testable import ClusterTransport
@testable import ExporterNode

@Suite struct VisitTests {
    private let visit = Visit(name: "d", address: "d:1")

    private func hello(_ name: String = "d", clusterID: ClusterID? = nil) -> Hello {
        Hello(
            protocolVersion: 1, clusterName: "test", clusterID: clusterID, memberName: name, incarnation: NodeID(9), boot: BootID(1),
            programVersion: "1", listenAddress: "other:1", webURL: "http://d:2", kind: .node, bootstrapped: clusterID != nil)
    }

    private func seen(_ hello: Hello, address: String = "d:1", _ direction: ConnectionDirection = .outbound) -> TransportEvent {
        .hello(HelloSeen(address: address, direction: direction, hello: hello))
    }

    private func cut(_ cause: RejectionCause, _ hello: Hello?) -> TransportEvent {
        .rejected(RejectedConnection(address: "d:1", direction: .outbound, cause: cause, text: "why", hello: hello))
    }

    private var found: Visit.Finding {
        .node(Membership.Member(id: NodeID(9), name: "d", role: .learner, address: "d:1", webURL: "http://d:2"))
    }

    @Test func aWaitingNodeIsFoundAtTheAddressThatTheOperatorGave() { #expect(visit.finding(in: seen(hello())) == found) }

    @Test func whatHappensElsewhereSaysNothing() {
        #expect(visit.finding(in: seen(hello(), address: "x:1")) == nil)
        #expect(visit.finding(in: seen(hello(), .inbound)) == nil)
        #expect(visit.finding(in: .dialRefused(PeerEndpoint(name: "d", address: "x:1"))) == nil)
        #expect(visit.finding(in: .contact(NodeID(9), roundTrip: nil)) == nil)
    }

    @Test func oneThatTakesThePlaceOfAMemberIsFoundThoughItsHelloWasTurnedDown() {
        #expect(visit.finding(in: cut(.incarnation, hello())) == found)
        #expect(visit.finding(in: cut(.memberName, hello("z"))) == .nothing("the node there calls itself z"))
        #expect(visit.finding(in: cut(.certificate, hello())) == .nothing("why"))
        #expect(visit.finding(in: cut(.garbage, nil)) == .nothing("why"))
    }

    @Test func oneThatBelongsToAClusterCannotBeTakenIn() {
        guard case .nothing(let reason)? = visit.finding(in: seen(hello(clusterID: ClusterID(high: 1, low: 1)))) else {
            return #expect(Bool(false), "it was found")
        }
        #expect(reason.contains("belongs to cluster"))
    }

    @Test func nobodyThereIsSaid() {
        let there = PeerEndpoint(name: nil, address: "d:1")
        #expect(visit.finding(in: .dialRefused(there)) == .nothing("connection refused: nobody listens there"))
        #expect(visit.finding(in: .dialFailed(there, problem: "no route")) == .nothing("no route"))
        let refusal = Rejection(reason: .otherCluster, text: "another")
        #expect(visit.finding(in: .refusedByPeer(there, refusal)) == .nothing("it refuses: another"))
    }
}
