import MetricsServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct ShutdownTests {
    private static let large = [UInt8](repeating: 0x61, count: 24_000_000)

    @Test func `an open, silent stream and an idle connection do not hold up a shutdown`() async throws {
        let events = Route(.get, "/events", admission: .stream) { _ in
            .events(AsyncStream { $0.yield(Array("data: x\n\n".utf8)) })
        }
        let began = ContinuousClock.now
        try await withServer([events, textRoute("/metrics")]) { server async throws in
            var idle = try await server.connect()
            try await idle.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await idle.response()
            var client = try await server.connect()
            try await client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = await client.through("data: x\n\n")
            await server.shutDown()
            let rest = String(decoding: await client.everything(), as: UTF8.self)
            #expect(rest.hasSuffix("0\r\n\r\n"), "the stream ends as chunked bodies do")
            #expect(await idle.everything().isEmpty)
        }
        #expect(began.duration(to: .now) < .seconds(3))
    }

    @Test func `a request under way is answered, and no connection is taken any more`() async throws {
        let (arrived, release) = (Signal(), Signal())
        let slow = Route(.get, "/slow") { _ in
            arrived.fire()
            await release.wait()
            return .text("done")
        }
        try await withServer([slow]) { server async throws in
            async let answer = server.get("/slow")
            await arrived.wait()
            await server.shutDown()
            await #expect(throws: (any Error).self) {
                for _ in 0..<200 {
                    let late = try await server.connect()
                    try await late.close()
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            release.fire()
            #expect(try await answer.text == "done\n")
        }
    }

    @Test func `a large response on its way when the shutdown comes arrives whole`() async throws {
        try await withServer([Route(.get, "/large") { _ in WebResponse(contentType: "text/plain", body: Self.large) }]) {
            server async throws in
            var client = try await server.connect(readsItself: false)
            try await client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            client.line.readOnce()
            _ = await client.through("HTTP/1.1 200")
            await server.shutDown()
            try await Task.sleep(for: .milliseconds(100))
            try await client.readAll()
            let rest = await client.everything()
            #expect(rest.count > Self.large.count)
        }
    }

    @Test func `a request that never ends is cut off when the grace is over`() async throws {
        var limits = WebLimits()
        limits.shutdownGrace = .milliseconds(300)
        let arrived = Signal()
        let endless = Route(.get, "/endless") { _ in
            arrived.fire()
            try await Task.sleep(for: .seconds(1000))
            return .text("never")
        }
        let began = ContinuousClock.now
        try await withServer([endless], limits: limits) { server async throws in
            let client = try await server.connect()
            try await client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
            await arrived.wait()
        }
        #expect(began.duration(to: .now) < .seconds(5))
    }
}
