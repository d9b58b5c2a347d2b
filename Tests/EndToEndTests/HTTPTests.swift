import ClusterHarness
import Foundation
import Testing

extension EndToEnd {
    /// What HTTP clients and Prometheus find at real nodes.
    @Suite(.serialized) struct Web {
        @Test func theRulesOfHTTPHoldAtARealNode() async throws {
            try await withCluster(of: 3) { cluster in
                try await cluster.startAll()
                let leader = try await cluster.leader()

                let plain = try await leader.request("/metrics")
                #expect(plain["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
                #expect(plain["content-encoding"] == nil)
                #expect(plain["vary"]?.lowercased().contains("accept-encoding") == true)
                #expect(plain["content-length"] == "\(plain.body.count)")

                let packed = try await leader.request("/metrics", headers: [("Accept-Encoding", "gzip")])
                #expect(packed["content-encoding"] == "gzip")
                #expect(packed.body.count < plain.body.count / 2)
                let unpacked = try await Tool.run("/usr/bin/gunzip", ["-c"], input: packed.body)
                #expect(unpacked.status == 0)
                #expect(try Samples(parsing: unpacked.output).value("quorum_view_serving") == 1)
                let refused = try await leader.request("/metrics", headers: [("Accept-Encoding", "gzip;q=0")])
                #expect(refused["content-encoding"] == nil)

                let open = try await leader.request("/metrics", headers: [("Accept", "application/openmetrics-text;version=1.0.0")])
                #expect(open["content-type"]?.hasPrefix("application/openmetrics-text; version=1.0.0") == true)
                #expect(open.text.hasSuffix("\n# EOF\n"))
                #expect(!plain.text.contains("# EOF"))

                let head = try await leader.request("/metrics", method: "HEAD")
                #expect(head.status == 200)
                #expect(head.body.isEmpty)
                let posted = try await leader.request("/metrics", method: "POST")
                #expect(posted.status == 405)
                #expect(posted["allow"]?.contains("GET") == true)
                #expect(try await leader.request("/no/such/path").status == 404)
            }
        }

        @Test func promtoolAcceptsTheScrapeOfEveryNodeAndNoSeriesComesTwice() async throws {
            try await withCluster(of: 3) { cluster in
                try await cluster.startAll()
                for node in cluster.nodes {
                    let scrape = try await node.request("/metrics")
                    let samples = try Samples(parsing: scrape.body)
                    expectNone(samples.duplicates)
                    expectNone(samples.all.filter { $0.value.isNaN }.map(\.name))
                    let checked = try await Tool.run("/usr/bin/promtool", ["check", "metrics"], input: scrape.body)
                    #expect(checked.status == 0, "\(checked.text)")
                    let open = try await node.request("/metrics", headers: [("Accept", "application/openmetrics-text;version=1.0.0")])
                    expectNone(try Samples(parsing: open.body).duplicates)
                }
            }
        }

        @Test func whoAsksTheWrongNodeIsToldTheLeaderAndDiscoveryNamesAll() async throws {
            try await withCluster(of: 3) { cluster in
                try await cluster.startAll()
                let leader = try await cluster.leader()
                let view = try await leader.request("/cluster/metrics")
                #expect(view.status == 200)
                #expect(try Samples(parsing: view.body).matching("quorum_member_up").count == 3)
                for node in cluster.nodes(except: leader) {
                    let answer = try await node.request("/cluster/metrics")
                    #expect(answer.status == 503)
                    #expect(answer["x-quorum-leader"]?.contains(":\(leader.webPort)") == true)
                    let found = try await node.request("/http_sd")
                    #expect(found.status == 200)
                    for other in cluster.nodes { #expect(found.text.contains(":\(other.webPort)\"")) }
                }
            }
        }
    }
}

/// Programs of the system that judge what the nodes answer.
enum Tool {
    struct Outcome: Sendable {
        var status: Int32
        var output: [UInt8]
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Runs one with an input; its output and errors together.
    static func run(_ executable: String, _ arguments: [String], input: [UInt8] = []) async throws -> Outcome {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let source = folder + "/input"
        try Data(input).write(to: URL(filePath: source))
        let command = ([executable] + arguments).map { "'\($0)'" }.joined(separator: " ") + " < '\(source)'"
        let process = try NodeProcess(executable: "/bin/sh", arguments: ["-c", command], logPath: folder + "/output")
        let ending = try await process.waitForEnd(within: .seconds(20))
        let output = [UInt8](try Data(contentsOf: URL(filePath: folder + "/output")))
        switch ending {
        case .exited(let status): return Outcome(status: status, output: output)
        case .killed(let signal): throw HarnessError("\(executable) was killed by signal \(signal)")
        }
    }
}
