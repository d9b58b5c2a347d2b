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
}
