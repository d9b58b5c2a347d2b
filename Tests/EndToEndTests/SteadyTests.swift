import ClusterHarness
import Testing

extension EndToEnd {
    @Suite struct Steady {
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
    }
}
