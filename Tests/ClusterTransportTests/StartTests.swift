import ClusterTransport
import NIOCore
import Testing

struct StartTests {
    @Test func `an address that is taken is named`() async throws {
        let a = try TestNode(hello: TestNode.hello("a", incarnation: 1))
        let address = try await a.start().address
        let b = try TestNode(hello: TestNode.hello("b", incarnation: 2), listen: address)
        await #expect { try await b.start() } throws: { error in
            guard case TransportConfigurationError.cannotListen(address, _)? = error as? TransportConfigurationError else { return false }
            return "\(error)".contains("cannot listen on \(address)")
        }
        await TestNode.shutdown([a, b])
    }

    @Test("Plaintext beyond loopback must be allowed", arguments: ["0.0.0.0:0", "[::]:0", "192.0.2.1:1", "a.example:1"])
    func beyondLoopback(address: String) throws {
        #expect(throws: TransportConfigurationError.plaintextBeyondLoopback(address)) {
            try TransportConfiguration(listenAddress: address)
        }
        _ = try TransportConfiguration(listenAddress: address, security: .plaintext(beyondLoopback: true))
    }

    @Test func `malformed addresses and impossible limits are named`() {
        #expect(throws: TransportConfigurationError.malformedAddress("nowhere")) { try TransportConfiguration(listenAddress: "nowhere") }
        #expect(throws: TransportConfigurationError.malformedAddress("x:0")) {
            try TransportConfiguration(listenAddress: "127.0.0.1:0", advertiseAddress: "x:0")
        }
        var limits = TransportConfiguration.Limits()
        limits.queuedBytes = 1
        #expect { try TransportConfiguration(listenAddress: "127.0.0.1:0", limits: limits) } throws: {
            "\($0)".hasPrefix("queuedBytes is 1")
        }
        var timing = TransportConfiguration.Timing()
        timing.ping = .zero
        #expect { try TransportConfiguration(listenAddress: "127.0.0.1:0", timing: timing) } throws: { "\($0)".hasPrefix("ping") }
    }

    @Test func `no event comes after the shutdown, and a second shutdown is harmless`() async throws {
        let nodes = try await TestNode.cluster(of: 2)
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[1])
        await nodes[0].transport.shutdown()
        let count = nodes[0].events.count
        await nodes[0].transport.shutdown()
        await nodes[1].transport.shutdown()
        #expect(nodes[0].events.count == count)
    }
}
