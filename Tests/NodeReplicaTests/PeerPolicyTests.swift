import NodeReplica
import RaftCore
import Testing

/// Whom a node talks to when what it knows of the cluster is long out of date.
@Suite struct PeerPolicyTests {
    private func member(_ id: UInt64, _ name: String) -> Membership.Member {
        Membership.Member(id: NodeID(id), name: name, role: .voter, address: "\(name):1", webURL: "")
    }

    private func peer(_ id: UInt64, _ name: String) -> PeerPolicy.Peer { PeerPolicy.Peer(id: NodeID(id), name: name, address: "\(name):1") }

    /// Node 1, named c, in a cluster of a, b and c.
    private func policy() -> PeerPolicy {
        var policy = PeerPolicy(id: NodeID(1))
        let members = [member(1, "c"), member(2, "a"), member(3, "b")]
        policy.connect(Array(members.dropFirst()), governing: Membership(clusterID: ClusterID(high: 1, low: 1), members: members))
        return policy
    }

    @Test func aWipedMemberIsTurnedDownByWhoeverFollowsALeader() {
        var policy = policy()
        _ = policy.follows(NodeID(2))
        #expect(policy.known(by: "b", other: NodeID(9)) == NodeID(3))
        #expect(policy.known(by: "b", other: NodeID(3)) == nil)
        #expect(policy.known(by: "d", other: NodeID(9)) == nil)
    }

    @Test func aNodeWithoutALeaderTurnsNobodyDown() {
        var policy = policy()
        #expect(policy.known(by: "b", other: NodeID(9)) == nil)
        let isNew = policy.greeted(by: peer(9, "b"))
        #expect(isNew)
        #expect(policy.peers == [peer(9, "b"), peer(2, "a")])
    }

    @Test func aLeaderThatHasAMembersNameIsTalkedToInItsPlace() {
        var policy = policy()
        _ = policy.greeted(by: peer(9, "b"))
        _ = policy.follows(NodeID(9))
        #expect(policy.known(by: "b", other: NodeID(9)) == nil)
        #expect(policy.known(by: "b", other: NodeID(3)) == NodeID(9))
        #expect(policy.peers == [peer(9, "b"), peer(2, "a")])
        _ = policy.follows(NodeID(2))
        #expect(policy.known(by: "b", other: NodeID(9)) == NodeID(3))
        #expect(policy.peers == [peer(2, "a"), peer(3, "b")])
    }

    @Test func aLeaderStaysAPeerWhenAnOlderConfigurationIsReplayed() {
        var policy = policy()
        _ = policy.follows(NodeID(2))
        let older = [member(1, "c"), member(3, "b"), member(4, "a")]
        policy.connect([member(3, "b"), member(4, "a")], governing: Membership(clusterID: ClusterID(high: 1, low: 1), members: older))
        #expect(policy.peers == [peer(2, "a"), peer(3, "b")])
        #expect(policy.known(by: "a", other: NodeID(2)) == nil)
    }

    @Test func aGuestGoesWithItsConnectionAndBecomesAMemberWithAChange() {
        var policy = policy()
        _ = policy.greeted(by: peer(7, "d"))
        _ = policy.greeted(by: peer(8, "e"))
        let hasGone = policy.parted(NodeID(7))
        let hasGoneAgain = policy.parted(NodeID(7))
        #expect(hasGone && !hasGoneAgain)
        let members = [member(1, "c"), member(2, "a"), member(3, "b"), member(8, "e")]
        policy.connect(Array(members.dropFirst()), governing: Membership(clusterID: ClusterID(high: 1, low: 1), members: members))
        #expect(policy.peers == [peer(2, "a"), peer(3, "b"), peer(8, "e")])
    }

    /// Seed 6816: two nodes had appended the removal of a third and dropped their connections with it; it became the leader with the
    /// vote of a fourth, its own connections to them still stood, and they could not answer what it sent.
    @Test func aMemberThatAChangeDropsStaysAPeerWhileItsConnectionStands() {
        var policy = policy()
        // Started with other options since, it calls itself by an address that nobody else may know.
        let isNew = policy.greeted(by: PeerPolicy.Peer(id: NodeID(2), name: "a", address: "elsewhere:1"))
        #expect(!isNew)
        let without = Membership(clusterID: ClusterID(high: 1, low: 1), members: [member(1, "c"), member(3, "b")])
        policy.connect([member(3, "b")], governing: without)
        #expect(policy.peers == [peer(2, "a"), peer(3, "b")])
        let members = [member(1, "c"), member(2, "a"), member(3, "b")]
        policy.connect(Array(members.dropFirst()), governing: Membership(clusterID: ClusterID(high: 1, low: 1), members: members))
        #expect(policy.peers == [peer(2, "a"), peer(3, "b")])
        policy.connect([member(3, "b")], governing: without)
        let hasGone = policy.parted(NodeID(2))
        #expect(hasGone)
        #expect(policy.peers == [peer(3, "b")])
    }

    @Test func aRemovedMemberThatIsStillSeenOffKeepsItsConnection() {
        var policy = policy()
        _ = policy.greeted(by: PeerPolicy.Peer(id: NodeID(2), name: "a", address: "elsewhere:1"))
        let without = Membership(clusterID: ClusterID(high: 1, low: 1), members: [member(1, "c"), member(3, "b")])
        policy.connect([member(2, "a"), member(3, "b")], governing: without)
        #expect(policy.peers == [peer(2, "a"), peer(3, "b")])
    }

    @Test func aMemberWhoseConnectionHasEndedIsDroppedWithTheChange() {
        var policy = policy()
        _ = policy.greeted(by: peer(2, "a"))
        let wasGuest = policy.parted(NodeID(2))
        #expect(!wasGuest)
        policy.connect(
            [member(3, "b")], governing: Membership(clusterID: ClusterID(high: 1, low: 1), members: [member(1, "c"), member(3, "b")]))
        #expect(policy.peers == [peer(3, "b")])
    }

    @Test func aMemberTakesThePlaceOfAGuestAtItsAddress() {
        var policy = policy()
        _ = policy.greeted(by: peer(9, "b"))
        #expect(policy.peers == [peer(9, "b"), peer(2, "a")])
        let isNew = policy.greeted(by: peer(3, "b"))
        #expect(isNew)
        #expect(policy.peers == [peer(2, "a"), peer(3, "b")])
    }

    @Test func strangersLeaveRoomForAMemberThatIsDropped() {
        var policy = policy()
        for number in 0..<100 { _ = policy.greeted(by: peer(UInt64(100 + number), "guest\(number)")) }
        _ = policy.greeted(by: peer(2, "a"))
        policy.connect(
            [member(3, "b")], governing: Membership(clusterID: ClusterID(high: 1, low: 1), members: [member(1, "c"), member(3, "b")]))
        #expect(policy.peers.contains(peer(2, "a")))
    }

    @Test func guestsAreBounded() {
        var policy = policy()
        for number in 0..<100 { _ = policy.greeted(by: peer(UInt64(100 + number), "guest\(number)")) }
        #expect(policy.peers.count == PeerPolicy.maximumGuests + 2)
    }

    /// One mistyped newcomer took a voter away: whoever it greeted dropped that one, took its connection for the newcomer's and cut it.
    @Test func aStrangerDoesNotTakeTheAddressOfAMemberThatIsConnected() {
        var policy = policy()
        _ = policy.greeted(by: peer(3, "b"))
        _ = policy.greeted(by: PeerPolicy.Peer(id: NodeID(9), name: "d", address: "b:1"))
        #expect(policy.peers == [peer(2, "a"), peer(3, "b")])
        // The other way round, too.
        _ = policy.greeted(by: PeerPolicy.Peer(id: NodeID(10), name: "e", address: "a:1"))
        #expect(policy.peers == [PeerPolicy.Peer(id: NodeID(10), name: "e", address: "a:1"), peer(3, "b")])
        let isOther = policy.greeted(by: peer(2, "a"))
        #expect(isOther)
        #expect(policy.peers == [peer(2, "a"), peer(3, "b")])
    }

    @Test func aStrangerDoesNotTakeTheAddressOfThisVeryNode() {
        var policy = policy()
        _ = policy.greeted(by: PeerPolicy.Peer(id: NodeID(9), name: "d", address: "c:1"))
        #expect(policy.peers == [peer(2, "a"), peer(3, "b")])
    }

    /// The member may have been removed, and the stranger been taken in at its address, all while this node was away.
    @Test func aStrangerAtTheAddressOfAMemberThatIsNotConnectedIsDialledBack() {
        var policy = policy()
        let stranger = PeerPolicy.Peer(id: NodeID(9), name: "d", address: "b:1")
        _ = policy.greeted(by: peer(3, "b"))
        _ = policy.greeted(by: stranger)
        let isOther = policy.parted(NodeID(3))
        #expect(isOther)
        #expect(policy.peers == [stranger, peer(2, "a")])
    }

    @Test func aLeaderIsDialledBackWhoeverWasAtItsAddress() {
        var policy = policy()
        let stranger = PeerPolicy.Peer(id: NodeID(9), name: "d", address: "b:1")
        _ = policy.greeted(by: peer(3, "b"))
        _ = policy.greeted(by: stranger)
        _ = policy.follows(NodeID(9))
        #expect(policy.peers == [stranger, peer(2, "a")])
        #expect(policy.addresses.map(\.address) == ["c:1", "a:1"])
    }

    @Test func addressesAreVouchedForByALeaderOnly() {
        var policy = policy()
        #expect(policy.addresses.isEmpty)
        _ = policy.follows(NodeID(2))
        #expect(policy.addresses.map(\.name) == ["c", "a", "b"])
    }
}
