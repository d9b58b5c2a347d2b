import ClusterTransport
import NIOCore
import RaftCore
import Testing
import WireFormat

struct DiallerTests {
    private func dial(_ answer: [UInt8]?, peer: (String) -> PeerEndpoint) async throws -> (TestNode, any Channel) {
        let server = try await RawPeer.listen(answer: answer)
        let timing = answer == nil ? TestNode.impatientTiming : TestNode.fastTiming
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1), timing: timing)
        _ = try await a.start()
        a.transport.setPeers([peer(server.localAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" } ?? "")])
        return (a, server)
    }

    @Test(
        "An answer that does not fit is cut off by the dialler",
        arguments: [
            (Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), RejectionCause.oversized),
            ([0, 0, 0, 2, 0xFF, 0xFF], .garbage),
            (RawPeer.framed(numbered(1)), .garbage),
            (RawPeer.framed(.hello(TestNode.hello("c", incarnation: 2))), .memberName),
            (RawPeer.framed(.hello(TestNode.hello("b", incarnation: 3))), .incarnation),
            (RawPeer.framed(.hello(TestNode.hello("b", incarnation: 2, cluster: "other"))), .clusterName),
        ])
    func answers(answer: [UInt8], cause: RejectionCause) async throws {
        let (a, server) = try await dial(answer) { PeerEndpoint(id: NodeID(2), name: "b", address: $0) }
        try await a.awaitRejection(cause)
        try await a.events.await("dial failed") { if case .dialFailed = $0 { true } else { false } }
        #expect(!a.events.all.contains { if case .linkOpened = $0 { true } else { false } })
        await TestNode.shutdown([a])
        try await server.close()
    }

    @Test func `a peer that accepts and says nothing is given up`() async throws {
        let (a, server) = try await dial(nil) { PeerEndpoint(name: "b", address: $0) }
        try await a.events.await("dial failed") {
            if case .dialFailed(_, let problem) = $0 { return problem.contains("no hello") }
            return false
        }
        await TestNode.shutdown([a])
        try await server.close()
    }

    @Test func `a frame of a later version is passed over`() async throws {
        let greeting = RawPeer.framed(.hello(TestNode.hello("b", incarnation: 2)))
        // Field 99, a string of one byte.
        let (a, server) = try await dial(greeting + [0, 0, 0, 4, 0x9A, 0x06, 0x01, 0x41]) { PeerEndpoint(name: "b", address: $0) }
        let open = try await a.events.await("open") { if case .linkOpened = $0 { true } else { false } }
        #expect(try await a.transport.statistics().peers.first?.outboundOpen == true)
        #expect(a.events.all[open...].allSatisfy { if case .hello = $0 { true } else { false } })
        await TestNode.shutdown([a])
        try await server.close()
    }
}
