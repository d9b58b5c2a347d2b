import ClusterHarness
import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// The bundled configuration and rules in a real Prometheus, in a hurry.
    @Suite(.serialized) struct Alerting {
        @Test func aDeadMemberIsOneAlertThatSurvivesLeaderChangesAndEndsOnce() async throws {
            try await withWatchedTrio { cluster, watch in
                let prometheus = try await PrometheusServer(cluster)
                defer { prometheus.stop() }
                try await prometheus.waitForValue("sum(up) == 3", within: .seconds(15))
                try await prometheus.waitForValue("count(member:quorum_member_state:code == 1) == 3", within: .seconds(10))

                // Before its first scrape Prometheus rightly says that it sees nothing; shortened as it is, the alert may have fired.
                try await prometheus.waitForValue("absent(ALERTS)", within: .seconds(10))
                let began = Date().timeIntervalSince1970

                // The leader dies: its own alert comes through a change of leader.
                let victim = try await cluster.leader()
                victim.kill()
                try await prometheus.waitForValue(
                    "ALERTS{alertname=\"QuorumNodeDown\",alertstate=\"firing\",member=\"\(victim.name)\"}", within: .seconds(20))
                try victim.start()
                let restarted = ContinuousClock.now
                try await watch.first("all up", askedAfter: restarted, within: .seconds(10)) { $0.showsUp(["a", "b", "c"]) }
                try await prometheus.waitForValue("absent(ALERTS{alertname=\"QuorumNodeDown\"})", within: .seconds(20))

                // Another change of leader, in an orderly way and back at once: nothing may come again.
                let next = try await cluster.leader()
                next.signal(SIGTERM)
                #expect(try await next.current?.waitForEnd(within: .seconds(10)) == .exited(0))
                try next.start()
                try await Task.sleep(for: .seconds(8))

                let alerts = try await prometheus.firings(since: began)
                let down = alerts.filter { $0.name == "QuorumNodeDown" }
                #expect(down.map(\.member) == [victim.name], "\(alerts)")
                #expect(down.first?.spells == 1, "\(alerts)")
                expectNone(alerts.filter { $0.severity == "critical" && $0.name != "QuorumNodeDown" }.map { "\($0)" })
            }
        }
    }
}

/// A Prometheus with the bundled files, all intervals shortened.
final class PrometheusServer: Sendable {
    private let process: NodeProcess
    private let folder: String
    private let port: UInt16

    /// One alert's time of firing.
    struct Firing: Sendable {
        var name: String
        var member: String
        var severity: String
        /// How many times it began to fire.
        var spells: Int
    }

    init(_ cluster: HarnessCluster) async throws {
        let executable = "/usr/bin/prometheus"
        guard unsafe access(executable, X_OK) == 0 else { throw HarnessError("\(executable) is missing: install the package prometheus") }
        folder = cluster.folder + "/prometheus"
        port = try FreePorts.take(1)[0]
        try PrometheusServer.writeFiles(into: folder, targets: cluster.nodes.map { "127.0.0.1:\($0.webPort)" })
        process = try NodeProcess(
            executable: executable,
            arguments: [
                "--config.file=\(folder)/prometheus.yml", "--storage.tsdb.path=\(folder)/data", "--web.listen-address=127.0.0.1:\(port)",
            ], logPath: folder + "/log")
        do {
            try await eventually("Prometheus ready", within: .seconds(20), every: .milliseconds(100)) {
                (try? await get("/-/ready"))?.status == 200 ? () : nil
            }
        } catch {
            process.killAndWait()
            throw HarnessError("\(error): \(process.log)")
        }
    }

    func stop() { process.killAndWait() }

    /// Waits until an instant query has an answer.
    func waitForValue(_ query: String, within limit: Duration) async throws {
        try await eventually("\(query) in Prometheus", within: limit, every: .milliseconds(200)) {
            try await self.query("query", ["query": query]).isEmpty ? nil : ()
        }
    }

    /// Every alert that has fired since a time, in seconds since 1970.
    func firings(since began: Double) async throws -> [Firing] {
        let series = try await query(
            "query_range",
            [
                "query": "ALERTS{alertstate=\"firing\"}", "start": "\(began)", "end": "\(Date().timeIntervalSince1970)", "step": "1",
            ])
        return series.map { one in
            let times = (one.values ?? []).map(\.time)
            // The evaluations are a second apart; two that are further apart than three have a time of silence between them.
            let spells = zip(times, times.dropFirst()).filter { $1 - $0 > 3 }.count + 1
            let labels = one.metric
            return Firing(
                name: labels["alertname"] ?? "", member: labels["member"] ?? "", severity: labels["severity"] ?? "", spells: spells)
        }
    }

    private func query(_ kind: String, _ parameters: [String: String]) async throws -> [Answer.Series] {
        var components = URLComponents()
        components.queryItems = parameters.map { URLQueryItem(name: $0.key, value: $0.value) }
        let encoded = (components.percentEncodedQuery ?? "").replacingOccurrences(of: "+", with: "%2B")
        let response = try await get("/api/v1/\(kind)?\(encoded)")
        guard response.status == 200 else { throw HarnessError("Prometheus: \(response.text)") }
        return try JSONDecoder().decode(Answer.self, from: Data(response.body)).data.result
    }

    private func get(_ path: String) async throws -> HTTPClient.Response {
        try await offload { [port] in
            try HTTPClient.request(port: port, path: path, timeout: .seconds(5))
        }
    }

    private struct Answer: Decodable {
        var data: Result

        struct Result: Decodable {
            var result: [Series]
        }

        struct Series: Decodable {
            var metric: [String: String]
            var values: [Point]?
        }

        struct Point: Decodable {
            var time: Double

            init(from decoder: any Decoder) throws {
                var pair = try decoder.unkeyedContainer()
                time = try pair.decode(Double.self)
            }
        }
    }
}

extension PrometheusServer {
    /// The bundled files with other targets and shorter times. Whatever is to be replaced must be there, or the test would not test them.
    fileprivate static func writeFiles(into folder: String, targets: [String]) throws {
        try FileManager.default.createDirectory(atPath: folder + "/rules", withIntermediateDirectories: true)
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let list = targets.map { "\"\($0)\"" }.joined(separator: ", ")
        let configuration = try replaced(
            try String(contentsOf: root.appending(path: "prometheus.yml"), encoding: .utf8),
            [
                ("scrape_interval: 5s", "scrape_interval: 1s"), ("scrape_timeout: 4s", "scrape_timeout: 900ms"),
                ("evaluation_interval: 5s", "evaluation_interval: 1s"),
                ("- targets: [\"127.0.0.1:10310\", \"127.0.0.1:10320\", \"127.0.0.1:10330\"]", "- targets: [\(list)]"),
            ])
        try configuration.write(toFile: folder + "/prometheus.yml", atomically: true, encoding: .utf8)
        // A minute of the rules' time is about three seconds here, an hour stays one.
        let rules = try replaced(
            try String(contentsOf: root.appending(path: "rules/quorum.rules.yml"), encoding: .utf8),
            [
                ("[2m]", "[12s]"), ("[3m]", "[12s]"), ("[15m]", "[45s]"), ("for: 90s", "for: 5s"), ("for: 2m", "for: 4s"),
                ("for: 3m", "for: 9s"), ("for: 5m", "for: 15s"),
            ])
        try rules.write(toFile: folder + "/rules/quorum.rules.yml", atomically: true, encoding: .utf8)
    }

    private static func replaced(_ text: String, _ changes: [(from: String, to: String)]) throws -> String {
        try changes.reduce(text) { text, change in
            guard text.contains(change.from) else { throw HarnessError("the bundled files no longer contain \(change.from)") }
            return text.replacingOccurrences(of: change.from, with: change.to)
        }
    }
}
