import MetricsServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct HostileClientTests {
    private static var quick: WebLimits {
        var limits = WebLimits()
        limits.requestTimeout = .milliseconds(300)
        limits.writeStallTimeout = .milliseconds(300)
        return limits
    }

    /// Limits that a busy machine does not reach between a connection and its first bytes.
    private static var patient: WebLimits {
        var limits = WebLimits()
        limits.requestTimeout = .seconds(2)
        return limits
    }

    @Test(arguments: [
        "\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "get / http/1.1\r\n\r\n", "\r\n\r\n\r\nx\r\n",
        "GET /metrics HTTP/1.1\r\nBad Header: x\r\n\r\n", "GET /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}\r\n",
    ])
    func `what is no request gets 400 or is cut off, and others are still served`(garbage: String) async throws {
        try await withServer([textRoute("/metrics")], limits: Self.patient) { server async throws in
            var client = try await server.connect()
            try await client.send(garbage)
            let answer = String(decoding: await client.everything(), as: UTF8.self)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400") || answer.hasPrefix("HTTP/1.1 404"), "\(answer)")
            #expect(try await server.get("/metrics").status == 200)
        }
    }

    @Test func `random bytes never stop the server`() async throws {
        try await withServer([textRoute("/metrics")], limits: Self.patient) { server async throws in
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15
            for _ in 0..<40 {
                var bytes: [UInt8] = Array("GET /metrics HTTP/1.1\r\nA: ".utf8.prefix(Int(state % 28)))
                for _ in 0..<200 {
                    state ^= state << 13
                    state ^= state >> 7
                    state ^= state << 17
                    bytes.append(UInt8(truncatingIfNeeded: state))
                }
                let client = try await server.connect()
                try await client.send(bytes)
                try await client.close()
            }
            #expect(try await server.get("/metrics").status == 200)
        }
    }

    @Test func `headers beyond the limit get 400`() async throws {
        var limits = WebLimits()
        limits.requestHeaderBytes = 2000
        try await withServer([textRoute("/metrics")], limits: limits) { server async throws in
            let long = String(repeating: "a", count: 2100)
            #expect(try await server.exchange("GET /metrics HTTP/1.1\r\nX: \(long)\r\n\r\n").status == 400)
            let many = (0..<101).map { "X\($0): 1\r\n" }.joined()
            #expect(try await server.exchange("GET /metrics HTTP/1.1\r\n\(many)\r\n").status == 400)
            #expect(try await server.get("/metrics").status == 200)
        }
    }

    @Test(arguments: ["", "GET /metrics HTTP/1.1\r\nX: ", "POST /p HTTP/1.1\r\nContent-Length: 99\r\n\r\n"])
    func `a client that drips or is mute is cut off`(start: String) async throws {
        try await withServer([textRoute("/metrics"), Route(.post, "/p") { _ in .text("") }], limits: Self.quick) { server async throws in
            // The server's limit runs from the opening of the connection, which it may see before this side does.
            let began = ContinuousClock.now
            var client = try await server.connect()
            try await client.send(start)
            let line = client.line
            let drip = Task {
                while !start.isEmpty {
                    try await line.send([0x61])
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            #expect(await client.everything().isEmpty)
            drip.cancel()
            let lasted = began.duration(to: .now)
            #expect(lasted >= .milliseconds(290) && lasted < .seconds(5), "\(lasted)")
        }
    }

    @Test func `a client that drips its second request is cut off, long before it would be as idle`() async throws {
        try await withServer([textRoute("/metrics")], limits: Self.patient) { server async throws in
            var client = try await server.connect()
            try await client.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.response().status == 200)
            let began = ContinuousClock.now
            try await client.send("GET /met")
            #expect(await client.everything().isEmpty)
            #expect(began.duration(to: .now) < .seconds(10))
        }
    }

    @Test func `a connection that is kept alive outlives the request's limit and ends with the idle limit`() async throws {
        var limits = Self.quick
        limits.requestTimeout = .milliseconds(1000)
        limits.idleTimeout = .milliseconds(2000)
        try await withServer([textRoute("/metrics")], limits: limits) { server async throws in
            var client = try await server.connect()
            for _ in 0..<3 {
                try await client.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().status == 200)
                try await Task.sleep(for: .milliseconds(500))
            }
            let began = ContinuousClock.now
            #expect(await client.everything().isEmpty)
            #expect(began.duration(to: .now) < .seconds(5))
        }
    }

    private static let large = [UInt8](repeating: 0x61, count: 24_000_000)
    private static let largeRoute = Route(.get, "/large") { _ in WebResponse(contentType: "text/plain", body: large) }

    @Test func `a client that does not read is cut off and its place is free again`() async throws {
        var limits = Self.quick
        limits.requests = 1
        try await withServer([Self.largeRoute], limits: limits) { server in
            let client = try await server.connect(readsItself: false)
            try await client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            await server.reports.added.wait()
            #expect(server.reports.all.allSatisfy { $0.duration > .milliseconds(250) && $0.duration < .seconds(10) })
            var head = try await server.connect()
            try await head.send("HEAD /large HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await head.response(toHead: true).status == 200)
            try await client.close()
        }
    }

    @Test func `a client that reads slowly but steadily gets everything`() async throws {
        var limits = WebLimits()
        limits.writeStallTimeout = .milliseconds(600)
        try await withServer([Self.largeRoute], limits: limits) { server in
            var client = try await server.connect(readsItself: false)
            try await client.send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let line = client.line
            let reading = Task {
                // 64 KiB a read, some 400 of them.
                while line.isOpen {
                    line.readOnce()
                    try await Task.sleep(for: .milliseconds(4))
                }
            }
            let began = ContinuousClock.now
            let response = try await client.response()
            reading.cancel()
            #expect(response.body.count == Self.large.count)
            #expect(began.duration(to: .now) > .milliseconds(600), "slower than one stall")
        }
    }

    @Test func `a response may not take for ever, however steadily it is read`() async throws {
        var limits = WebLimits()
        limits.responseTimeout = .milliseconds(400)
        try await withServer([Self.largeRoute], limits: limits) { server in
            let client = try await server.connect(readsItself: false)
            try await client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            let line = client.line
            let reading = Task {
                while line.isOpen {
                    line.readOnce()
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            await server.reports.added.wait()
            reading.cancel()
            #expect(server.reports.all.allSatisfy { $0.duration > .milliseconds(350) && $0.duration < .seconds(3) })
            try await client.close()
        }
    }
}
