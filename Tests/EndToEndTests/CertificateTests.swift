import ClusterHarness
import Foundation
import Testing

extension EndToEnd {
    /// Members that speak TLS to each other, with certificates of an authority of their own.
    @Suite(.serialized) struct MembersWithCertificates {
        /// Three founders and `d`, which is not started yet.
        private func withCertifiedCluster(
            by authorities: [String: String] = [:], _ body: (HarnessCluster) async throws -> Void
        ) async throws {
            let certificates = try CertificateFolder()
            for authority in ["ours", "theirs"] { try certificates.makeAuthority(authority) }
            var settings = try HarnessCluster.Settings(count: 3)
            settings.spares = 1
            for (name, days) in [("a", 11), ("b", 12), ("c", 13), ("d", 14)] {
                let files = try certificates.issue(
                    name, uri: "quorum://test/node/\(name)", by: authorities[name] ?? "ours", trusting: "ours", days: days)
                settings.ownFlags[name] = files.flags
            }
            let cluster = try HarnessCluster(settings)
            defer { cluster.tearDown() }
            try await body(cluster)
            withExtendedLifetime(certificates) {}
        }

        private func daysLeft(_ node: HarnessNode) async throws -> Int {
            let samples = try Samples(parsing: try await node.request("/metrics").body)
            let expiry = try #require(samples.value("quorum_tls_certificate_expiry_timestamp_seconds"))
            return Int(((expiry - Date().timeIntervalSince1970) / 86_400).rounded())
        }

        @Test func theyAgreeElectAnewAndTakeInAnother() async throws {
            try await withCertifiedCluster { cluster in
                try await cluster.startAll()
                for (node, days) in zip(cluster.nodes, [11, 12, 13]) { #expect(try await daysLeft(node) == days) }
                let (leader, newcomer) = (try await cluster.leader(), cluster.node("d"))
                leader.kill()
                _ = try await eventually("a view that shows the old leader down", within: .seconds(15)) {
                    try await cluster.serving()?.shows(leader.name, up: false) == true ? true : nil
                }
                try leader.start()
                try await cluster.settled()
                try newcomer.start()
                _ = try await eventually("a view of four", within: .seconds(20)) {
                    try await cluster.serving()?.showsUp(["a", "b", "c", "d"]) == true ? true : nil
                }
                let led = try await cluster.leader()
                let follower = cluster.nodes(except: led, newcomer)[0]
                let removal = try await follower.command(["members", "remove", "d"])
                #expect(removal.status == 0, "\(removal.text)")
                #expect(try await daysLeft(follower) > 10)
            }
        }

        @Test func aStrangersCertificateGetsNobodyIn() async throws {
            try await withCertifiedCluster(by: ["d": "theirs"]) { cluster in
                try await cluster.startAll()
                let newcomer = cluster.node("d")
                try newcomer.start()
                _ = try await eventually("a connection refused for its certificate", within: .seconds(10)) {
                    var refused = 0.0
                    for node in cluster.nodes(except: newcomer) {
                        let samples = try Samples(parsing: try await node.request("/metrics").body)
                        refused += samples.value("quorum_transport_rejected_connections_total", ["reason": "certificate"]) ?? 0
                    }
                    return refused > 0 ? true : nil
                }
                let list = try await cluster.nodes[0].command(["members", "list"]).text
                let members = list.split(separator: "\n").compactMap { $0.split(separator: " ").first }
                #expect(!members.contains("d") && members.contains("c"), "\(list)")
                #expect(try await cluster.serving()?.showsUp(["a", "b", "c"]) == true)
                #expect(newcomer.isRunning, "\(newcomer.lastLogLines)")
            }
        }
    }
}
