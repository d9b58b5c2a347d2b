import MetricsServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    @Test func `the 41st request at once is 503 while health still answers`() async throws {
        let (arrived, release) = (Signal(), Signal())
        let slow = Route(.get, "/metrics") { _ in
            arrived.fire()
            await release.wait()
            return .text("done")
        }
        try await withServer([slow, textRoute("/-/healthy", admission: .uncounted)]) { server async throws in
            try await withThrowingTaskGroup(of: RawResponse.self) { group in
                for _ in 0..<40 { group.addTask { try await server.get("/metrics") } }
                await arrived.wait(for: 40)
                let refused = try await server.get("/metrics")
                #expect(refused.status == 503)
                #expect(refused.header("retry-after") == "1")
                #expect(try await server.get("/-/healthy").status == 200)
                release.fire()
                for try await response in group { #expect(response.text == "done\n") }
            }
            #expect(try await server.get("/metrics").status == 200)
            #expect(arrived.count == 41)
        }
    }

    @Test func `streams have a limit of their own, and a client that goes gives its place back`() async throws {
        var limits = WebLimits()
        limits.streams = 2
        limits.requests = 1
        let ended = Signal()
        let events = Route(.get, "/events", admission: .stream) { _ in
            let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(4))
            continuation.onTermination = { _ in ended.fire() }
            continuation.yield(Array("data: hello\n\n".utf8))
            return .events(stream)
        }
        try await withServer([events, textRoute("/metrics")], limits: limits) { server async throws in
            var clients: [RawClient] = []
            for _ in 0..<2 {
                var client = try await server.connect()
                try await client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
                let start = await client.through("data: hello\n\n")
                #expect(start.contains("Content-Type: text/event-stream") || start.lowercased().contains("content-type: text/event-stream"))
                #expect(start.lowercased().contains("transfer-encoding: chunked"))
                clients.append(client)
            }
            #expect(try await server.get("/events").status == 503)
            #expect(try await server.get("/metrics").status == 200)
            // The stream is silent: only the end of what the client sends tells that it has gone.
            try await clients[0].finishSending()
            await ended.wait()
            await server.reports.added.wait(for: 3)
            var another = try await server.connect()
            try await another.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await another.through("data: hello\n\n").hasPrefix("HTTP/1.1 200"))
            for client in clients.dropFirst() { try await client.close() }
            try await another.close()
        }
    }

    @Test func `HEAD of a stream sends no body and ends the connection`() async throws {
        let events = Route(.get, "/events", admission: .stream) { _ in .events(AsyncStream { $0.yield([65]) }) }
        try await withServer([events]) { server async throws in
            var client = try await server.connect()
            try await client.send("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try await client.response(toHead: true)
            #expect(response.status == 200)
            #expect(response.header("connection") == "close")
        }
    }

    @Test func `a connection beyond the limit waits until another ends`() async throws {
        var limits = WebLimits()
        limits.connections = 2
        try await withServer([textRoute("/metrics")], limits: limits) { server async throws in
            var held: [RawClient] = []
            for _ in 0..<2 {
                var client = try await server.connect()
                try await client.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().status == 200)
                held.append(client)
            }
            var third = try await server.connect()
            try await third.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            try await Task.sleep(for: .milliseconds(200))
            #expect(server.reports.all.count == 2)
            try await held[0].close()
            #expect(try await third.response().status == 200)
            try await held[1].close()
            try await third.close()
        }
    }
}
