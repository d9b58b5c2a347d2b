import Exposition
import Foundation
import MetricsServer
import Testing
import Zlib

@Suite(.timeLimit(.minutes(1))) struct ScrapeTests {
    @Test(arguments: [
        ("10", 1000, 1000), ("1", 1000, 500), ("0.55", 1000, 100), ("0.01", 1000, 100), ("10.5", 20_000, 10_000),
        ("", 1000, 1000), ("abc", 1000, 1000), ("-5", 1000, 1000), ("nan", 1000, 1000), ("inf", 1000, 1000), ("1e9", 1000, 1000),
        ("0", 1000, 1000),
    ])
    func `a handler's patience follows the scrape's timeout`(header: String, limit: Int, expected: Int) async throws {
        let route = Route(.get, "/p") { request in
            let patience = request.patience(atMost: .milliseconds(limit))
            return .text("\(patience / .milliseconds(1))")
        }
        try await withServer([route]) { server async throws in
            let line = header.isEmpty ? "" : "X-Prometheus-Scrape-Timeout-Seconds: \(header)\r\n"
            #expect(try await server.get("/p", headers: line).text == "\(Double(expected))\n")
        }
    }

    @Test func `format and coding are chosen from the request's headers`() async throws {
        let route = Route(.get, "/f") { request in .text("\(request.textFormat) \(request.contentCoding)") }
        try await withServer([route]) { server async throws in
            #expect(try await server.get("/f").text == "text identity\n")
            let lines = "Accept: text/plain;q=0.1\r\nAccept: application/openmetrics-text\r\nAccept-Encoding: gzip\r\n"
            #expect(try await server.get("/f", headers: lines).text == "openMetrics gzip\n")
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")))
    func `curl unpacks a compressed scrape`() async throws {
        let family = MetricFamily("up", help: "Up.", .gauge((0..<5000).map { Sample(Labels(("member", "m\($0)")), .unsigned(1)) }))
        let plain = TextFormat.text.render([family])
        let route = Route(.get, "/metrics") { request in
            guard request.contentCoding == .gzip else { return WebResponse(contentType: TextFormat.text.contentType, body: plain) }
            return WebResponse(
                headers: [("Content-Type", TextFormat.text.contentType), ("Content-Encoding", "gzip")],
                body: .bytes(try gzip(plain)))
        }
        try await withServer([route]) { server async throws in
            for arguments in [["--compressed"], []] {
                let url = "http://127.0.0.1:\(server.port)/metrics"
                #expect(try await output(of: "/usr/bin/curl", ["-sS", "--max-time", "10"] + arguments + [url]) == plain)
            }
        }
    }

    private func output(of program: String, _ arguments: [String]) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let process = Process()
                        process.executableURL = URL(fileURLWithPath: program)
                        process.arguments = arguments
                        let pipe = Pipe()
                        process.standardOutput = pipe
                        try process.run()
                        let bytes = Array(try pipe.fileHandleForReading.readToEnd() ?? Data())
                        process.waitUntilExit()
                        return bytes
                    })
            }
        }
    }
}
