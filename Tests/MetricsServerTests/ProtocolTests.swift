import MetricsServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct ProtocolTests {
    @Test func `an answer has length, date, vary and no-store`() async throws {
        try await withServer([textRoute("/metrics", "hello")]) { server async throws in
            let response = try await server.get("/metrics")
            #expect(response.status == 200)
            #expect(response.text == "hello\n")
            #expect(response.header("content-length") == "6")
            #expect(response.header("vary") == "Accept, Accept-Encoding")
            #expect(response.header("cache-control") == "no-store")
            #expect(response.header("content-type") == "text/plain; charset=utf-8")
            #expect(response.header("date")?.hasSuffix(" GMT") == true)
            #expect(response.header("connection") == "close")
        }
    }

    @Test func `HEAD is GET without the body and with its length`() async throws {
        try await withServer([textRoute("/metrics", "hello")]) { server async throws in
            var client = try await server.connect()
            try await client.send("HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            let head = try await client.response(toHead: true)
            #expect(head.status == 200)
            #expect(head.header("content-length") == "6")
            let next = try await client.response()
            #expect(next.head.hasPrefix("HTTP/1.1 200"))
            #expect(next.text == "hello\n")
        }
    }

    @Test func `another method is 405 and names those allowed`() async throws {
        let routes = [
            textRoute("/metrics"), Route(.post, "/metrics") { _ in .text("posted") }, Route(.delete, "/thing") { _ in .text("") },
        ]
        try await withServer(routes) { server async throws in
            let put = try await server.exchange("PUT /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
            #expect(put.status == 405)
            #expect(put.header("allow") == "GET, HEAD, POST")
            let get = try await server.get("/thing")
            #expect(get.status == 405)
            #expect(get.header("allow") == "DELETE")
            let head = try await server.exchange("HEAD /thing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(head.status == 405)
            let post = try await server.exchange("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            #expect(post.text == "posted\n")
        }
    }

    @Test(arguments: ["/", "/metric", "/metrics/", "//metrics", "/metrics/../metrics", "/Metrics", "/%6detrics", "*", "metrics"])
    func `an unknown path is 404 and never redirects`(path: String) async throws {
        try await withServer([textRoute("/metrics")]) { server async throws in
            let response = try await server.get(path)
            #expect([400, 404].contains(response.status))
            #expect(response.header("location") == nil)
        }
    }

    @Test func `a query does not change the path and an absolute target is understood`() async throws {
        let echo = Route(.get, "/events") { request in .text(request.queryValue("after") ?? "none") }
        try await withServer([echo]) { server async throws in
            #expect(try await server.get("/events?x=1&after=a%20b+c%zz&after=2").text == "a b c%zz\n")
            #expect(try await server.get("http://x:1/events?after=9").text == "9\n")
            #expect(try await server.get("/events").text == "none\n")
        }
    }

    @Test func `requests in one packet are answered in order`() async throws {
        try await withServer([textRoute("/a", "one"), textRoute("/b", "two")]) { server async throws in
            var client = try await server.connect()
            let requests = ["/a", "/b", "/nowhere", "/a"].map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }
            try await client.send(requests.joined())
            #expect(try await client.response().text == "one\n")
            #expect(try await client.response().text == "two\n")
            #expect(try await client.response().status == 404)
            #expect(try await client.response().text == "one\n")
            try await client.close()
        }
    }

    @Test func `a client that closes its side still gets its answer`() async throws {
        try await withServer([textRoute("/a", "one")]) { server async throws in
            var client = try await server.connect()
            try await client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            try await client.finishSending()
            #expect(try await client.response().text == "one\n")
            #expect(await client.everything().isEmpty)
        }
    }

    @Test func `a body within the limit reaches the handler and a larger one is 413`() async throws {
        var limits = WebLimits()
        limits.requestBodyBytes = 10
        let echo = Route(.post, "/echo") { request in .json(request.body) }
        try await withServer([echo], limits: limits) { server async throws in
            let fits = try await server.exchange(
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789")
            #expect(fits.text == "0123456789")
            let announced = try await server.exchange("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n")
            #expect(announced.status == 413)
            #expect(announced.header("connection") == "close")
            let chunked = try await server.exchange(
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n")
            #expect(chunked.status == 413)
        }
    }

    @Test func `a handler that throws is 500 and the next request is answered`() async throws {
        struct Failure: Error {}
        try await withServer([Route(.get, "/bad") { _ in throw Failure() }, textRoute("/good")]) { server async throws in
            #expect(try await server.get("/bad").status == 500)
            #expect(try await server.get("/good").status == 200)
        }
    }

    @Test func `requests are reported with label and status`() async throws {
        let routes = [Route(.get, "/metrics", label: "metrics") { _ in .text("") }]
        try await withServer(routes) { server async throws in
            _ = try await server.get("/metrics")
            _ = try await server.get("/nowhere")
            _ = try await server.exchange("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            _ = try await server.exchange("garbage\r\n\r\n")
            await server.reports.added.wait(for: 4)
            #expect(server.reports.all.map { "\($0.label) \($0.status)" } == ["metrics 200", "unknown 404", "unknown 405", "invalid 400"])
            #expect(server.reports.all.allSatisfy { $0.duration >= .zero && $0.duration < .seconds(20) })
        }
    }

    @Test func `the last of several headers that both set wins for the handler`() async throws {
        let route = Route(.get, "/x") { _ in WebResponse(headers: [("Cache-Control", "max-age=5"), ("Bad Name", "x")], body: .bytes([65])) }
        try await withServer([route]) { server async throws in
            let response = try await server.get("/x")
            #expect(response.header("cache-control") == "max-age=5")
            #expect(response.text == "A")
        }
    }
}
