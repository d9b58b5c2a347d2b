import ClusterTransport
import NIOCore
import RaftCore
import Testing
import WireFormat

struct RejectionTests {
    private func node(
        timing: TransportConfiguration.Timing = TestNode.fastTiming, limits: TransportConfiguration.Limits = .init(),
        clusterID: ClusterID? = nil
    ) throws -> TestNode {
        try TestNode(hello: TestNode.hello("a", incarnation: 1, clusterID: clusterID), limits: limits, timing: timing)
    }

    @Test(
        "Bytes that are no hello are cut off and counted",
        arguments: [
            ([0, 0, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF], RejectionCause.garbage),
            ([0, 0, 0, 0], .garbage),
            (RawPeer.framed(.ping(Ping(sequence: 1, sentNanoseconds: 1))), .garbage),
            ([0x7F, 0xFF, 0xFF, 0xFF], .oversized),
            (Array("GET / HTTP/1.1\r\n\r\n".utf8), .oversized),
            ([0x16, 0x03, 0x01, 0x02, 0x00, 0x01], .unexpectedTLS),
            (Array(RawPeer.framed(.hello(TestNode.hello("b", incarnation: 2))).dropLast(3)), .helloTimeout),
            ([], .helloTimeout),
        ])
    func strangers(bytes: [UInt8], cause: RejectionCause) async throws {
        let a = try node(timing: cause == .helloTimeout ? TestNode.impatientTiming : TestNode.fastTiming)
        let address = try await a.start().address
        let stranger = try await RawPeer.dial(address, saying: bytes)
        #expect(try await stranger.framesUntilClosed().isEmpty)
        try await a.awaitRejection(cause)
        let statistics = try await a.transport.statistics()
        #expect(statistics.rejectedConnections[cause] == 1)
        #expect(statistics.rejectedConnections.values.reduce(0, +) == 1)
        #expect(statistics.rejectedConnections.count == RejectionCause.allCases.count)
        await TestNode.shutdown([a])
    }

    @Test func `a connection that ends within its hello is garbage, one that says nothing is not`() async throws {
        let a = try node()
        let address = try await a.start().address
        try await RawPeer.dial(address, saying: []).close()
        try await RawPeer.dial(address, saying: [0, 0, 0, 9, 1]).close()
        try await a.awaitRejection(.garbage)
        #expect(try await a.transport.statistics().rejectedConnections.values.reduce(0, +) == 1)
        await TestNode.shutdown([a])
    }

    @Test(
        "A hello that does not fit is answered by a rejection",
        arguments: [
            (TestNode.hello("b", incarnation: 2, cluster: "other"), RejectionCause.clusterName, Rejection.Reason.otherCluster),
            (TestNode.hello("b", incarnation: 2, clusterID: ClusterID(high: 7, low: 7)), .clusterID, .otherCluster),
            (TestNode.hello("b", incarnation: 2, version: 99), .protocolVersion, .protocolVersion),
            (TestNode.hello("b", incarnation: 3), .incarnation, .nameTaken),
            (TestNode.hello("a", incarnation: 4), .memberName, .unknownMember),
        ])
    func hellos(hello: Hello, cause: RejectionCause, reason: Rejection.Reason) async throws {
        let a = try node(clusterID: ClusterID(high: 1, low: 1))
        a.transport.setMembership(["a": NodeID(1), "b": NodeID(2)])
        let address = try await a.start().address
        let peer = try await RawPeer.dial(address, saying: RawPeer.framed(.hello(hello)))
        let frames = try await peer.framesUntilClosed()
        guard case .rejection(let rejection) = frames.first, frames.count == 1 else {
            Issue.record("answered \(frames)")
            return
        }
        #expect(rejection.reason == reason)
        if cause == .incarnation { #expect(rejection.text.contains("members remove b")) }
        try await a.awaitRejection(cause)
        #expect(try await a.transport.statistics().rejectedConnections[cause] == 1)
        #expect(!a.events.all.contains { if case .linkOpened = $0 { true } else { false } })
        await TestNode.shutdown([a])
    }

    @Test func `after the hellos garbage ends the link, and frames before it have arrived`() async throws {
        let a = try node()
        let address = try await a.start().address
        let hello = RawPeer.framed(.hello(TestNode.hello("b", incarnation: 2)))
        let peer = try await RawPeer.dial(
            address, saying: hello + RawPeer.framed(numbered(3)) + [0, 0, 0, 1, 0xFF] + RawPeer.framed(numbered(4)))
        #expect(try await peer.framesUntilClosed().count == 1)
        try await a.awaitRejection(.garbage)
        try await a.events.await("closed") { if case .linkClosed(NodeID(2), _, .inbound) = $0 { true } else { false } }
        #expect(a.events.all.contains(.frame(from: NodeID(2), numbered(3))))
        #expect(!a.events.all.contains(.frame(from: NodeID(2), numbered(4))))
        await TestNode.shutdown([a])
    }

    @Test func `a frame above the limit is refused at its length, also after the hellos`() async throws {
        var limits = TransportConfiguration.Limits()
        limits.frameBytes = 32 << 10
        let a = try node(limits: limits)
        let address = try await a.start().address
        let hello = RawPeer.framed(.hello(TestNode.hello("b", incarnation: 2)))
        let peer = try await RawPeer.dial(address, saying: hello + RawPeer.framed(bulky(30 << 10)) + [0, 0, 0x80, 1])
        _ = try await peer.framesUntilClosed()
        try await a.awaitRejection(.oversized)
        #expect(a.events.all.contains(.frame(from: NodeID(2), bulky(30 << 10))))
        await TestNode.shutdown([a])
    }

    @Test func `a node that dials itself is cut off`() async throws {
        let a = try node()
        let address = try await a.start().address
        a.transport.setPeers([PeerEndpoint(name: "someone", address: address)])
        try await a.awaitRejection(.selfConnection)
        try await a.events.await("told on the dialling side") { if case .refusedByPeer = $0 { true } else { false } }
        #expect(!a.events.all.contains { if case .linkOpened = $0 { true } else { false } })
        await TestNode.shutdown([a])
    }

    @Test func `whoever floods a node with connections that say nothing displaces itself`() async throws {
        var limits = TransportConfiguration.Limits()
        limits.strangerConnections = 2
        let a = try node(limits: limits)
        let address = try await a.start().address
        let hello = RawPeer.framed(.hello(TestNode.hello("b", incarnation: 2)))
        let other = try await RawPeer.dial(address, saying: hello)
        try await a.events.await("the hello of b") { if case .linkOpened = $0 { true } else { false } }
        let silent = try await RawPeer.dial(address, saying: [])
        _ = try await RawPeer.dial(address, saying: [])
        _ = try await RawPeer.dial(address, saying: [])
        _ = try await silent.framesUntilClosed()
        try await a.awaitRejection(.tooManyConnections)
        #expect(try await a.transport.statistics().inboundConnections == 3)
        // Who has said hello keeps its place, and the next one gets one.
        let next = try await RawPeer.dial(address, saying: RawPeer.framed(.hello(TestNode.hello("c", incarnation: 3))))
        try await a.events.await("the hello of c") { if case .linkOpened(NodeID(3), _, _) = $0 { true } else { false } }
        #expect(other.channel.isActive && next.channel.isActive)
        await TestNode.shutdown([a])
    }

    @Test func `a member has room beside any number of guests`() async throws {
        var limits = TransportConfiguration.Limits()
        limits.guestConnections = 1
        let a = try node(limits: limits)
        a.transport.setMembership(["a": NodeID(1), "c": NodeID(3)])
        let address = try await a.start().address
        func greet(_ name: String, _ incarnation: UInt64) async throws -> RawPeer {
            try await RawPeer.dial(address, saying: RawPeer.framed(.hello(TestNode.hello(name, incarnation: incarnation))))
        }
        let guest = try await greet("b", 2)
        try await a.events.await("the guest") { if case .linkOpened(NodeID(2), _, _) = $0 { true } else { false } }
        let frames = try await (try await greet("d", 4)).framesUntilClosed()
        guard case .rejection(let rejection)? = frames.first else {
            Issue.record("answered \(frames)")
            return
        }
        #expect(rejection.reason == .tooManyConnections)
        let member = try await greet("c", 3)
        try await a.events.await("the member") { if case .linkOpened(NodeID(3), _, _) = $0 { true } else { false } }
        #expect(guest.channel.isActive && member.channel.isActive)
        await TestNode.shutdown([a])
    }

    @Test(
        "An answer to a ping that was never sent ends nothing and measures nothing", arguments: [Int64.min, -1, 0, 1, .max],
        [0, 1, 2, .max] as [UInt64])
    func pongs(echoed: Int64, sequence: UInt64) async throws {
        let a = try node()
        let address = try await a.start().address
        let b = try await RawPeer.listen(answer: nil)
        let place = b.localAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" } ?? ""
        a.transport.setPeers([PeerEndpoint(id: NodeID(2), name: "b", address: place)])
        let hello = RawPeer.framed(.hello(TestNode.hello("b", incarnation: 2)))
        let pong = RawPeer.framed(.pong(Pong(to: Ping(sequence: sequence, sentNanoseconds: echoed))))
        _ = try await RawPeer.dial(address, saying: hello + pong)
        try await a.events.await("the pong") { $0 == .contact(NodeID(2), roundTrip: nil) }
        #expect(try await a.transport.statistics().peers.first?.roundTrip == nil)
        try await b.close()
        await TestNode.shutdown([a])
    }

    @Test func `one kind of rejection of one peer is logged once and counted each time`() async throws {
        let a = try node()
        let address = try await a.start().address
        for _ in 0..<5 {
            let hello = TestNode.hello("b", incarnation: 2, cluster: "other")
            _ = try await RawPeer.dial(address, saying: RawPeer.framed(.hello(hello))).framesUntilClosed()
        }
        #expect(try await a.transport.statistics().rejectedConnections[.clusterName] == 5)
        #expect(a.log.warnings(containing: "connection cut off") == 1)
        await TestNode.shutdown([a])
    }

    @Test func `a membership learned later ends the connections that contradict it`() async throws {
        let nodes = try await TestNode.cluster(of: 2)
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[1])
        _ = try await nodes[0].awaitOpen(.inbound, to: nodes[1])
        let position = nodes[0].events.count
        nodes[0].transport.setMembership(["a": NodeID(1), "b": NodeID(20)])
        for direction in ConnectionDirection.allCases {
            try await nodes[0].events.await("closed", from: position) {
                $0 == .linkClosed(NodeID(2), boot: nodes[1].hello.boot, direction: direction)
            }
        }
        try await nodes[1].events.await("told so") {
            if case .refusedByPeer(_, let rejection) = $0 { return rejection.reason == .nameTaken }
            return false
        }
        await TestNode.shutdown(nodes)
    }

    @Test func `a cluster identity learned later is told in the next hello and held against others`() async throws {
        let nodes = try await TestNode.cluster(of: 2)
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[1])
        nodes[0].transport.setIdentity(ClusterID(high: 1, low: 1))
        nodes[1].transport.setIdentity(ClusterID(high: 2, low: 2))
        let stranger = try TestNode(hello: TestNode.hello("c", incarnation: 3))
        _ = try await stranger.start()
        let endpoint = try #require(try await nodes[1].transport.statistics().peers.first?.endpoint)
        stranger.transport.setPeers([endpoint])
        try await stranger.events.await("hello with the identity") {
            if case .hello(let seen) = $0 { return seen.hello.clusterID == ClusterID(high: 1, low: 1) && seen.hello.bootstrapped }
            return false
        }
        await TestNode.shutdown(nodes + [stranger])
    }
}
