import ClusterHarness
import ScrapeHistory
import Testing

/// Real processes, judged by what scrapes of all of them say. One test at a time: each has the machine to itself.
@Suite(.serialized) struct EndToEnd {}

/// Runs a body with a cluster that is not started yet, and ends all of it afterwards.
func withCluster(
    of count: Int, spares: Int = 0, flags: [String] = [], _ body: (HarnessCluster) async throws -> Void
) async throws {
    var settings = try HarnessCluster.Settings(count: count)
    settings.flags += flags
    settings.spares = spares
    let cluster = try HarnessCluster(settings)
    defer { cluster.tearDown() }
    try await body(cluster)
}

/// Runs a body with three nodes that agree and are old enough to judge each other, while every one of them is scraped ten times a second;
/// then checks what must hold over all that they said.
/// - Parameter spares: further nodes, which are watched and not started.
func withWatchedTrio(spares: Int = 0, _ body: (HarnessCluster, Watch) async throws -> Void) async throws {
    try await withCluster(of: 3, spares: spares) { cluster in
        try await cluster.startAll()
        let watch = cluster.watch()
        do {
            // A node has no opinion of the others until `down-after`, three seconds, after its start.
            try await Task.sleep(for: .milliseconds(3_200))
            try await body(cluster, watch)
        } catch {
            await watch.stop()
            expectNone(HistoryChecks.all(watch.observations, removals: watch.removals))
            throw HarnessError("\(error)\n\(cluster.logs)")
        }
        await watch.stop()
        #expect(watch.observations.contains { $0.view != nil }, "the watch has seen no view at all")
        expectNone(HistoryChecks.all(watch.observations, removals: watch.removals))
    }
}

/// Expects that nothing is broken, and says what is: the first few.
func expectNone(_ broken: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(broken.isEmpty, "\(broken.count): \(broken.prefix(5).joined(separator: "\n"))", sourceLocation: sourceLocation)
}

extension Observation {
    /// Whether a proven view shows the member so.
    func shows(_ member: String, up isUp: Bool) -> Bool { view?.members[member]?.isUp == isUp }

    /// Whether a proven view shows every one of them up.
    func showsUp(_ members: [String]) -> Bool { members.allSatisfy { shows($0, up: true) } }
}
