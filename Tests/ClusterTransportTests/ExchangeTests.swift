import ClusterTransport
import NIOCore
import RaftCore
import Testing
import WireFormat

struct ExchangeTests {
    @Test func `two nodes connect in both directions and measure round trips`() async throws {
        let nodes = try await TestNode.cluster(of: 2)
        for (one, other) in [(nodes[0], nodes[1]), (nodes[1], nodes[0])] {
            _ = try await one.awaitOpen(.outbound, to: other)
            _ = try await one.awaitOpen(.inbound, to: other)
            try await one.events.await("round trip") {
                if case .contact(other.hello.incarnation, let roundTrip?) = $0 { return roundTrip > .zero && roundTrip < .seconds(5) }
                return false
            }
            try await one.events.await("hello") {
                if case .hello(let seen) = $0 { return seen.hello.memberName == other.hello.memberName && seen.direction == .outbound }
                return false
            }
        }
        let peer = try #require(try await nodes[0].transport.statistics().peers.first)
        #expect(peer.outboundOpen && peer.inboundOpen && peer.roundTrip != nil)
        #expect(peer.programVersion == "0", "what its hello told")
        #expect(peer.endpoint.id == NodeID(2) && peer.sentFrames > 0 && peer.receivedBytes > 0)
        await TestNode.shutdown(nodes)
    }

    @Test func `three nodes all hear each other, and nobody hears what was meant for another`() async throws {
        let nodes = try await TestNode.cluster(of: 3)
        for one in nodes { for other in nodes where other !== one { _ = try await one.awaitOpen(.outbound, to: other) } }
        for one in nodes {
            for other in nodes where other !== one {
                one.transport.send(
                    numbered(one.hello.incarnation.rawValue * 10 + other.hello.incarnation.rawValue), to: other.hello.incarnation)
            }
        }
        for one in nodes {
            for other in nodes where other !== one {
                let number = other.hello.incarnation.rawValue * 10 + one.hello.incarnation.rawValue
                try await one.events.await("frame") { $0 == .frame(from: other.hello.incarnation, numbered(number)) }
            }
            let frames = one.events.all.filter { if case .frame = $0 { true } else { false } }
            #expect(frames.count == 2)
        }
        await TestNode.shutdown(nodes)
    }

    @Test func `frames stay in order, large and small`() async throws {
        let nodes = try await TestNode.cluster(of: 2)
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[1])
        let count: UInt64 = 900
        for number in 1...count {
            nodes[0].transport.send(numbered(number), to: NodeID(2))
            if number % 300 == 0 { nodes[0].transport.send(bulky(3 << 20), to: NodeID(2)) }
        }
        try await nodes[1].events.await("the last frame", within: .seconds(30)) { $0 == .frame(from: NodeID(1), numbered(count)) }
        let frames = nodes[1].events.all.compactMap { event -> Frame? in
            if case .frame(_, let frame) = event { return frame }
            return nil
        }
        var expected: [Frame] = []
        for number in 1...count {
            expected.append(numbered(number))
            if number % 300 == 0, number < count { expected.append(bulky(3 << 20)) }
        }
        #expect(frames.prefix(expected.count).elementsEqual(expected))
        #expect(try await nodes[0].transport.statistics().peers.first?.droppedFrames == 0)
        await TestNode.shutdown(nodes)
    }

    @Test func `members without a cluster identity see each other's hellos, known by address only`() async throws {
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1))
        let b = try TestNode(hello: TestNode.hello("b", incarnation: 2, clusterID: ClusterID(high: 3, low: 4)))
        _ = try await a.start()
        let address = try await b.start().address
        a.transport.setPeers([PeerEndpoint(name: nil, address: address)])
        try await a.events.await("hello of b") {
            guard case .hello(let seen) = $0 else { return false }
            return seen.address == address && seen.hello.bootstrapped && seen.hello.clusterID == ClusterID(high: 3, low: 4)
                && seen.hello.listenAddress == address
        }
        try await b.events.await("hello of a") {
            guard case .hello(let seen) = $0 else { return false }
            return seen.direction == .inbound && seen.hello.memberName == "a" && seen.hello.clusterID == nil
        }
        a.transport.send(numbered(5), to: NodeID(2))
        try await b.events.await("frame routed by the learned identity") { $0 == .frame(from: NodeID(1), numbered(5)) }
        await TestNode.shutdown([a, b])
    }

    @Test func `a frame for a stranger is counted and dropped`() async throws {
        let nodes = try await TestNode.cluster(of: 2)
        nodes[0].transport.send(numbered(1), to: NodeID(99))
        #expect(try await nodes[0].transport.statistics().unroutableFrames == 1)
        await TestNode.shutdown(nodes)
    }

    @Test func `a peer that is removed is let go, and one that is added is dialled`() async throws {
        let nodes = try await TestNode.cluster(of: 3)
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[1])
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[2])
        let before = try await nodes[0].transport.statistics().peers
        let position = nodes[0].events.count
        nodes[0].transport.setPeers(before.map(\.endpoint).filter { $0.name != "b" })
        try await nodes[0].events.await("b let go", from: position) {
            $0 == .linkClosed(NodeID(2), boot: nodes[1].hello.boot, direction: .outbound)
        }
        nodes[0].transport.setPeers(before.map(\.endpoint))
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[1], from: position)
        let closed = nodes[0].events.all[position...].filter { if case .linkClosed(NodeID(3), _, .outbound) = $0 { true } else { false } }
        #expect(closed.isEmpty)
        await TestNode.shutdown(nodes)
    }
}
