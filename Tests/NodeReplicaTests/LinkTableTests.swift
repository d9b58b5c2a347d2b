import RaftCore
import Testing

@testable import NodeReplica

/// A node that joins takes in configurations of before its peer belonged, while the two are connected already.
@Suite struct LinkTableTests {
    @Test func aConnectionOutlastsConfigurationsWithoutItsPeer() {
        var links = LinkTable()
        let peer = NodeID(2)
        _ = links.opened(peer, boot: BootID(7), direction: .outbound)
        links.keep([NodeID(3)])
        links.keep([peer, NodeID(3)])
        #expect(links.peerLinks[peer]?.isUp == true)
        #expect(links.closed(peer, boot: BootID(7), direction: .outbound) == .disconnected)
        links.keep([NodeID(3)])
        #expect(links.peerLinks[peer] == nil)
    }

    @Test func aPeerIsForgottenOnceItIsNotConnected() {
        var links = LinkTable()
        let peer = NodeID(2)
        links.measured(peer, roundTrip: .milliseconds(1))
        #expect(links.peerLinks.isEmpty, "nothing is kept of a peer that was never connected")
        _ = links.opened(peer, boot: BootID(7), direction: .inbound)
        links.forget(peer)
        #expect(links.peerLinks[peer] != nil)
        _ = links.closed(peer, boot: BootID(7), direction: .inbound)
        links.forget(peer)
        #expect(links.peerLinks[peer] == nil)
    }
}
