import ClusterHarness

/// What one scrape says that the measurements ask for.
struct Glimpse {
    let term: Int
    let commitIndex: Int
    let lastLogIndex: Int
    /// The term of the view; nil without a view.
    let viewTerm: Int?
    /// In the view: each member's `quorum_member_up`; one whose state is unknown is missing.
    let up: [String: Bool]
    /// In the view: the state of each member.
    let states: [String: String]

    /// - Throws: `HarnessError` for a scrape that cannot be read.
    init(body: [UInt8]) throws {
        let samples = try Samples(parsing: body, only: Glimpse.wanted)
        func required(_ name: String) throws -> Int {
            guard let value = samples.value(name) else { throw HarnessError("a scrape without \(name)") }
            return Int(value)
        }
        term = try required("quorum_raft_term")
        commitIndex = try required("quorum_raft_commit_index")
        lastLogIndex = try required("quorum_raft_last_log_index")
        viewTerm = samples.value("quorum_view_term").map { Int($0) }
        var up: [String: Bool] = [:]
        for sample in samples.matching("quorum_member_up") { up[sample.labels["member"] ?? "?"] = sample.value == 1 }
        self.up = up
        var states: [String: String] = [:]
        for sample in samples.matching("quorum_member_state") where sample.value == 1 {
            states[sample.labels["member"] ?? "?"] = sample.labels["state"]
        }
        self.states = states
    }

    private static let wanted: Set<String> = [
        "quorum_raft_term", "quorum_raft_commit_index", "quorum_raft_last_log_index", "quorum_view_term",
        "quorum_member_up", "quorum_member_state",
    ]
}

/// One scrape of one node: what it said, and when.
struct Sighting {
    let node: String
    /// In which periods since its poller's start it was asked and the answer was awaited: nodes polled together are asked in step.
    let steps: ClosedRange<Int>
    /// When the answer was there: what it says was so at this moment at the latest.
    let ended: ContinuousClock.Instant
    /// Nil when there was no answer.
    let glimpse: Glimpse?

    var hasView: Bool { glimpse?.viewTerm != nil }
}
