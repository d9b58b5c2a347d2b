import Logging
import MetricsServer
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(1))) struct ListeningTests {
    @Test func `several addresses are bound and told in order`() async throws {
        try await withServer([textRoute("/a")], listening: ["127.0.0.1:0", ":0", "localhost:0"]) { server async throws in
            #expect(server.addresses.count == 3)
            #expect(server.addresses[0].host == "127.0.0.1")
            #expect(["::", "0.0.0.0"].contains(server.addresses[1].host))
            #expect(server.addresses.allSatisfy { $0.port > 0 })
            for address in server.addresses.prefix(2) {
                var client = try await RawClient(port: address.port)
                try await client.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                #expect(try await client.response().status == 200)
            }
        }
    }

    @Test func `an address in use is named`() async throws {
        try await withServer([]) { first in
            let taken = "127.0.0.1:\(first.port)"
            let second = try MetricsServer(
                listenAddresses: ["127.0.0.1:0", taken], routes: [], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            await #expect(throws: MetricsServerError.cannotListen(taken, reason: "the address is in use")) { try await second.run() }
        }
    }

    @Test func `an address of another machine is named`() async throws {
        let server = try MetricsServer(
            listenAddresses: ["192.0.2.1:0"], routes: [], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let expected = MetricsServerError.cannotListen("192.0.2.1:0", reason: "the address is not this machine's")
        await #expect(throws: expected) { try await server.run() }
    }

    @Test(arguments: [
        (":10310", ListenAddress(host: "", port: 10310)), ("127.0.0.1:0", ListenAddress(host: "127.0.0.1", port: 0)),
        ("[::1]:9", ListenAddress(host: "::1", port: 9)), ("name.example:65535", ListenAddress(host: "name.example", port: 65535)),
    ])
    func `a listen address is read and written back`(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(text) == address)
        #expect(address.description == text)
    }

    @Test(arguments: ["", "10310", "host", "host:", "host:65536", "host:-1", "host:+1", "::1:80", "[]:80", "http://x:80", "a b:1", ":١"])
    func `a listen address that is none is refused`(text: String) {
        #expect(throws: MetricsServerError.self) { try ListenAddress(text) }
    }

    @Test func `routes that clash, odd paths and no address are refused`() {
        let logger = Logger(label: "test")
        #expect(throws: MetricsServerError.repeatedRoute("GET /a")) {
            try MetricsServer(listenAddresses: [":0"], routes: [textRoute("/a"), textRoute("/a")], logger: logger)
        }
        for path in ["", "a", "/a?b", "/a b", "/#"] {
            #expect(throws: MetricsServerError.invalidPath(path)) {
                try MetricsServer(listenAddresses: [":0"], routes: [textRoute(path)], logger: logger)
            }
        }
        #expect(throws: MetricsServerError.noListenAddress) { try MetricsServer(listenAddresses: [], routes: [], logger: logger) }
    }
}
