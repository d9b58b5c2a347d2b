import ClusterHarness
import Testing

/// Real processes, judged by what scrapes of all of them say. One test at a time: each has the machine to itself.
@Suite(.serialized) struct EndToEnd {}

/// Runs a body with a cluster that is not started yet, and ends all of it afterwards.
func withCluster(
    of count: Int, flags: [String] = [], _ body: (HarnessCluster) async throws -> Void
) async throws {
    var settings = try HarnessCluster.Settings(count: count)
    settings.flags += flags
    let cluster = try HarnessCluster(settings)
    defer { cluster.tearDown() }
    try await body(cluster)
}

/// Expects that nothing is broken, and says what is: the first few.
func expectNone(_ broken: [String], _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(broken.isEmpty, "\(broken.count): \(broken.prefix(5).joined(separator: "\n"))", sourceLocation: sourceLocation)
}
