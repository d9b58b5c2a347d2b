import ClusterTransport
import NIOCore
import RaftCore
import Testing
import WireFormat

struct LossTests {
    @Test func `a peer that dies is seen closed in both directions, and the immediate redial refused`() async throws {
        let nodes = try await TestNode.cluster(of: 2)
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[1])
        _ = try await nodes[0].awaitOpen(.inbound, to: nodes[1])
        let position = nodes[0].events.count
        let start = NIODeadline.now()
        await nodes[1].transport.shutdown()
        let boot = nodes[1].hello.boot
        let closed = try await nodes[0].events.await("closed", from: position) {
            $0 == .linkClosed(NodeID(2), boot: boot, direction: .outbound)
        }
        try await nodes[0].events.await("closed", from: position) { $0 == .linkClosed(NodeID(2), boot: boot, direction: .inbound) }
        let refused: @Sendable (TransportEvent) -> Bool = {
            if case .dialRefused(let peer) = $0 { return peer.id == NodeID(2) }
            return false
        }
        let first = try await nodes[0].events.await("refused", from: closed, within: .seconds(2), where: refused)
        #expect(NIODeadline.now() - start < .seconds(2))
        try await nodes[0].events.await("each refusal is told", from: first, where: refused)
        nodes[0].transport.send(numbered(1), to: NodeID(2))
        await TestNode.shutdown([nodes[0]])
    }

    @Test func `a peer that returns on the same port is found again, as another boot`() async throws {
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1))
        let b = try TestNode(hello: TestNode.hello("b", incarnation: 2))
        let endpoints = [try await a.start(), try await b.start()]
        a.transport.setPeers(endpoints)
        b.transport.setPeers(endpoints)
        _ = try await a.awaitOpen(.outbound, to: b)
        await b.transport.shutdown()
        let position = try await a.events.await("refused") { if case .dialRefused = $0 { true } else { false } }
        let again = try TestNode(hello: TestNode.hello("b", incarnation: 2), listen: endpoints[1].address)
        _ = try await again.start()
        again.transport.setPeers(endpoints)
        let open = try await a.awaitOpen(.outbound, to: again, from: position)
        _ = try await again.awaitOpen(.inbound, to: a)
        a.transport.send(numbered(8), to: NodeID(2))
        try await again.events.await("frame") { $0 == .frame(from: NodeID(1), numbered(8)) }
        _ = open
        await TestNode.shutdown([a, again])
    }

    @Test func `a probe dials at once where the next dial is far away`() async throws {
        var timing = TestNode.fastTiming
        timing.maximumBackoff = .minutes(30)
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1), timing: timing)
        let gone = try TestNode(hello: TestNode.hello("b", incarnation: 2))
        let endpoint = try await gone.start()
        await gone.transport.shutdown()
        _ = try await a.start()
        a.transport.setPeers([endpoint])
        let refused: @Sendable (TransportEvent) -> Bool = { if case .dialRefused = $0 { true } else { false } }
        var position = 0
        for _ in 0..<9 { position = try await a.events.await("refused", from: position, where: refused) }
        // The next dial is due in 640 to 1,280 ms.
        a.transport.probe(NodeID(2))
        try await a.events.await("refused on demand", from: position, within: .milliseconds(500), where: refused)
        await TestNode.shutdown([a])
    }

    @Test func `a probe of a connected peer brings a contact`() async throws {
        var timing = TestNode.fastTiming
        timing.ping = .minutes(10)
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1), timing: timing)
        let b = try TestNode(hello: TestNode.hello("b", incarnation: 2), timing: timing)
        let endpoints = [try await a.start(), try await b.start()]
        a.transport.setPeers(endpoints)
        b.transport.setPeers(endpoints)
        _ = try await a.awaitOpen(.outbound, to: b)
        _ = try await a.awaitOpen(.inbound, to: b)
        let position = a.events.count
        a.transport.probe(NodeID(2))
        try await a.events.await("answer", from: position) {
            if case .contact(NodeID(2), roundTrip: .some) = $0 { return true }
            return false
        }
        await TestNode.shutdown([a, b])
    }

    @Test func `a peer that reads nothing costs a bounded queue, and the oldest frames`() async throws {
        let greeting = RawPeer.framed(.hello(TestNode.hello("b", incarnation: 2)))
        let sink = try await RawPeer.listen(reading: false, answer: greeting)
        var limits = TransportConfiguration.Limits()
        limits.frameBytes = 128 << 10
        limits.queuedBytes = 256 << 10
        limits.queuedFrames = 50
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1), limits: limits)
        _ = try await a.start()
        let address = try #require(sink.localAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" })
        a.transport.setPeers([PeerEndpoint(id: NodeID(2), name: "b", address: address)])
        try await a.events.await("open") { if case .linkOpened(NodeID(2), _, .outbound) = $0 { true } else { false } }
        for _ in 0..<1_000 { a.transport.send(bulky(100 << 10), to: NodeID(2)) }
        let peer = try #require(try await a.transport.statistics().peers.first)
        #expect(peer.queuedBytes <= 256 << 10 && peer.queuedFrames <= 50)
        #expect(peer.droppedFrames > 900)
        a.transport.send(bulky(200 << 10), to: NodeID(2))
        let after = try #require(try await a.transport.statistics().peers.first)
        #expect(after.droppedFrames == peer.droppedFrames + 1)
        await TestNode.shutdown([a])
        try await sink.close()
    }

    @Test func `an inbound connection that falls silent is let go`() async throws {
        var timing = TestNode.fastTiming
        timing.inboundSilence = .milliseconds(100)
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1), timing: timing)
        let address = try await a.start().address
        let silent = try await RawPeer.dial(address, saying: RawPeer.framed(.hello(TestNode.hello("b", incarnation: 2))))
        let frames = try await silent.framesUntilClosed()
        #expect(frames.count == 1)
        try await a.events.await("closed") { if case .linkClosed(NodeID(2), _, .inbound) = $0 { true } else { false } }
        await TestNode.shutdown([a])
    }

    @Test func `a peer that dials in is dialled at once, however far away the next dial was`() async throws {
        var timing = TestNode.fastTiming
        timing.maximumBackoff = .minutes(30)
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1), timing: timing)
        let gone = try TestNode(hello: TestNode.hello("b", incarnation: 2))
        let endpoint = try await gone.start()
        await gone.transport.shutdown()
        let own = try await a.start()
        a.transport.setPeers([endpoint])
        var position = 0
        // The tenth refusal sets the next dial to 2.5 to 5 seconds later.
        for _ in 0..<11 {
            position = try await a.events.await("refused", from: position) { if case .dialRefused = $0 { true } else { false } }
        }
        let back = try TestNode(hello: TestNode.hello("b", incarnation: 2), listen: endpoint.address)
        _ = try await back.start()
        back.transport.setPeers([own])
        let inbound = try await a.awaitOpen(.inbound, to: back)
        try await a.events.await("dialled", from: inbound - 1, within: .seconds(2)) {
            $0 == .linkOpened(NodeID(2), boot: back.hello.boot, direction: .outbound)
        }
        await TestNode.shutdown([a, back])
    }

    @Test func `a second connection of one peer ends the first, closed before opened`() async throws {
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1))
        let address = try await a.start().address
        let boots = [TestNode.hello("b", incarnation: 2), TestNode.hello("b", incarnation: 2)]
        let first = try await RawPeer.dial(address, saying: RawPeer.framed(.hello(boots[0])))
        try await a.events.await("first") { $0 == .linkOpened(NodeID(2), boot: boots[0].boot, direction: .inbound) }
        let second = try await RawPeer.dial(address, saying: RawPeer.framed(.hello(boots[1])))
        _ = try await first.framesUntilClosed()
        try await a.events.await("second") { $0 == .linkOpened(NodeID(2), boot: boots[1].boot, direction: .inbound) }
        let links = a.events.all.filter {
            switch $0 {
            case .linkOpened, .linkClosed: true
            default: false
            }
        }
        #expect(
            links == [
                .linkOpened(NodeID(2), boot: boots[0].boot, direction: .inbound),
                .linkClosed(NodeID(2), boot: boots[0].boot, direction: .inbound),
                .linkOpened(NodeID(2), boot: boots[1].boot, direction: .inbound),
            ])
        try await second.close()
        await TestNode.shutdown([a])
    }
}
