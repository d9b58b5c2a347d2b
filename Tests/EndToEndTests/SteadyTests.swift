import ClusterHarness
import Foundation
import ScrapeHistory
import Testing

extension EndToEnd {
    /// What holds while nothing happens.
    @Suite(.serialized) struct Steady {
        @Test func threeNodesAgreeAndExactlyOneServesTheView() async throws {
            try await withCluster(of: 3) { cluster in
                try await cluster.startAll()
                let all = try await cluster.observe()
                #expect(all.count == 3)
                #expect(all.filter { $0.picture?.isServing == true }.count == 1)
                #expect(Set(all.map { $0.picture?.leader }).count == 1)
                #expect(Set(all.map { $0.picture?.clusterID }).count == 1)
                let view = try #require(all.compactMap(\.view).first)
                #expect(view.members.mapValues(\.isUp) == ["a": true, "b": true, "c": true])
                #expect(view.members.values.allSatisfy { $0.state == "up" })
            }
        }

        @Test func aLoneNodeWithoutClusterFlagsLeadsAndIsUpWithinTwoSeconds() async throws {
            let folder = try TemporaryFolder.make()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let ports = try FreePorts.take(2)
            let process = try NodeProcess(
                executable: try Binary.locate(),
                arguments: [
                    "serve", "--web.listen-address=127.0.0.1:\(ports[0])", "--cluster.listen-address=127.0.0.1:\(ports[1])",
                    "--storage.path=\(folder)/data",
                ], logPath: folder + "/log")
            defer { process.killAndWait() }
            let view = try await eventually("the lone node's view; \(process.log)", within: .seconds(2)) { () -> NodePicture.View? in
                try await offload { Watch.observe(Watch.Target(name: "lone", port: ports[0])) }.view
            }
            let up = try await eventually("the lone node up", within: .seconds(2)) { () -> NodePicture.View? in
                let view = try await offload { Watch.observe(Watch.Target(name: "lone", port: ports[0])) }.view
                return view?.members.values.first?.isUp == true ? view : nil
            }
            #expect(view.members.count == 1)
            #expect(up.members.keys.first == ProcessInfo.processInfo.hostName)
        }
    }
}
