import ClusterHarness
import ClusterTransport
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import RaftCore
import Testing
import WireFormat

struct TLSTests {
    private let fixture: CertificateFolder
    private let right: TransportSecurity

    init() throws {
        fixture = try CertificateFolder()
        try fixture.makeAuthority("authority")
        right = try fixture.security("a", uri: "quorum://test/node/a", by: "authority")
    }

    @Test func `members with certificates of one authority exchange frames`() async throws {
        let fixture = fixture
        let securities = ["a": right, "b": try fixture.security("b", uri: "quorum://test/node/b", by: "authority")]
        let nodes = try await TestNode.cluster(of: 2) { securities[$0] ?? .plaintext(beyondLoopback: false) }
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[1])
        _ = try await nodes[1].awaitOpen(.outbound, to: nodes[0])
        nodes[0].transport.send(bulky(2 << 20), to: NodeID(2))
        for number in 1...200 { nodes[0].transport.send(numbered(UInt64(number)), to: NodeID(2)) }
        try await nodes[1].events.await("the last frame") { $0 == .frame(from: NodeID(1), numbered(200)) }
        #expect(nodes[1].events.all.contains(.frame(from: NodeID(1), bulky(2 << 20))))
        let days = Double((nodes[0].transport.certificateExpirySeconds ?? 0)) / 86_400 - Date().timeIntervalSince1970 / 86_400
        #expect(days > 9 && days < 11)
        await TestNode.shutdown(nodes)
    }

    /// A dials B, whose TLS is as given but whose hello is b's.
    private func meet(_ other: TransportSecurity, name: String = "b", cluster: String = "test") async throws -> [TestNode] {
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1), security: right)
        let b = try TestNode(hello: TestNode.hello(name, incarnation: 2, cluster: cluster), security: other)
        let endpoints = [try await a.start(), try await b.start()]
        b.transport.setPeers(endpoints)
        return [a, b]
    }

    private func neverOpened(_ nodes: [TestNode]) -> Bool {
        nodes.allSatisfy { node in !node.events.all.contains { if case .linkOpened = $0 { true } else { false } } }
    }

    @Test func `a certificate of another authority is refused`() async throws {
        try fixture.makeAuthority("stranger")
        // It trusts the right authority, so that only its own certificate is at fault.
        let nodes = try await meet(try fixture.security("b", uri: "quorum://test/node/b", by: "stranger", trusting: "authority"))
        try await nodes[0].awaitRejection(.certificate)
        #expect(neverOpened(nodes))
        await TestNode.shutdown(nodes)
    }

    @Test func `a server whose authority is not trusted is refused by the dialler`() async throws {
        try fixture.makeAuthority("stranger")
        let nodes = try await meet(try fixture.security("b", uri: "quorum://test/node/b", by: "authority", trusting: "stranger"))
        try await nodes[1].awaitRejection(.certificate)
        #expect(neverOpened(nodes))
        await TestNode.shutdown(nodes)
    }

    @Test(
        "A certificate that speaks for somebody else is refused",
        arguments: [
            "quorum://test/node/c", "quorum://other/node/b", "quorum://test/agent/b", "quorum://test/node/b/x", "https://test/node/b",
        ])
    func wrongName(uri: String) async throws {
        let security = try fixture.security("b", uri: uri, by: "authority")
        guard case .mutualTLS(let files) = security else { return }
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1), security: right)
        let address = try await a.start().address
        let frames = try await TLSPeer.greet(address, files: files, hello: TestNode.hello("b", incarnation: 2))
        guard case .rejection(let rejection) = frames.first else {
            Issue.record("answered \(frames)")
            return
        }
        #expect(rejection.reason == .certificateMismatch)
        try await a.awaitRejection(.certificate)
        #expect(neverOpened([a]))
        await TestNode.shutdown([a])
    }

    @Test func `a dialler without a certificate is refused`() async throws {
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1), security: right)
        let address = try await a.start().address
        guard case .mutualTLS(let files) = right else { return }
        _ = try await TLSPeer.greet(address, files: files, hello: TestNode.hello("b", incarnation: 2), showing: false)
        try await a.awaitRejection(.certificate)
        #expect(neverOpened([a]))
        await TestNode.shutdown([a])
    }

    @Test func `plaintext against TLS is refused, in both directions`() async throws {
        let nodes = try await meet(.plaintext(beyondLoopback: false))
        try await nodes[0].awaitRejection(.plaintext)
        let endpoint = PeerEndpoint(name: "b", address: nodes[1].address)
        nodes[0].transport.setPeers([endpoint])
        try await nodes[1].awaitRejection(.unexpectedTLS)
        try await nodes[0].events.await("dial failed") { if case .dialFailed = $0 { true } else { false } }
        #expect(neverOpened(nodes))
        await TestNode.shutdown(nodes)
    }

    @Test func `files that cannot be used are named`() throws {
        guard case .mutualTLS(var files) = right else { return }
        let hello = TestNode.hello("a", incarnation: 1)
        let elsewhere = TestNode.hello("z", incarnation: 1)
        #expect { try TestNode(hello: elsewhere, security: right) } throws: {
            guard
                case TransportConfigurationError.foreignCertificate(files.certificate, "quorum://test/node/z", _)? = $0
                    as? TransportConfigurationError
            else { return false }
            return "\($0)".contains("quorum://test/node/a")
        }
        let key = files.key
        files.key += ".missing"
        #expect { try TestNode(hello: hello, security: .mutualTLS(files)) } throws: { "\($0)".contains(files.key) }
        files.key = key
        files.authority = key
        #expect { try TestNode(hello: hello, security: .mutualTLS(files)) } throws: { "\($0)".contains(key) }
    }
}

extension CertificateFolder {
    /// A certificate, as the transport is given it.
    fileprivate func security(
        _ file: String, uri: String, by authority: String, trusting trusted: String? = nil
    ) throws -> TransportSecurity {
        let files = try issue(file, uri: uri, by: authority, trusting: trusted)
        return .mutualTLS(.init(certificate: files.certificate, key: files.key, authority: files.authority))
    }
}
