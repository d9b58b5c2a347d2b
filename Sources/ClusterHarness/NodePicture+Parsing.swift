public import ScrapeHistory

extension NodePicture {
    /// - Throws: `HarnessError` for a line that is no sample, for a metric that every node must have and this one has not, and for a
    ///   view that is half there.
    public init(body: [UInt8]) throws {
        let samples = try Samples(parsing: body, only: NodePicture.wanted)
        func required(_ name: String) throws -> Int {
            guard let value = samples.value(name) else { throw HarnessError("a scrape without \(name)") }
            return Int(value)
        }
        let isServing = try required("quorum_view_serving") == 1
        let hasView = samples.value("quorum_view_index") != nil
        guard hasView == isServing else { throw HarnessError("quorum_view_serving \(isServing) with a view: \(hasView)") }
        self.init(
            clusterID: samples.matching("quorum_cluster_info").first?.labels["id"], term: try required("quorum_raft_term"),
            appliedIndex: try required("quorum_raft_applied_index"),
            lastLogIndex: samples.value("quorum_raft_last_log_index").map { Int($0) },
            hasLeader: try required("quorum_raft_has_leader") == 1, isLeader: try required("quorum_raft_is_leader") == 1,
            leader: samples.matching("quorum_raft_leader_info").first?.labels["member"],
            roundTimestampSeconds: samples.value("quorum_round_timestamp_seconds"),
            patience: samples.value("quorum_observer_patience_ratio"),
            view: hasView ? View(samples, term: try required("quorum_view_term"), index: try required("quorum_view_index")) : nil)
    }

    private static let wanted: Set<String> = [
        "quorum_cluster_info", "quorum_raft_term", "quorum_raft_applied_index", "quorum_raft_has_leader", "quorum_raft_is_leader",
        "quorum_raft_leader_info", "quorum_view_serving", "quorum_view_index", "quorum_view_term", "quorum_member_up",
        "quorum_member_state", "quorum_member_down_info", "quorum_member_transitions_total", "quorum_raft_last_log_index",
        "quorum_round_timestamp_seconds", "quorum_observer_patience_ratio",
    ]
}

extension NodePicture.View {
    fileprivate init(_ samples: Samples, term: Int, index: Int) {
        var members: [String: NodePicture.Member] = [:]
        for sample in samples.matching("quorum_member_state") where sample.value == 1 {
            guard let name = sample.labels["member"], let state = sample.labels["state"] else { continue }
            members[name] = NodePicture.Member(
                isUp: samples.value("quorum_member_up", ["member": name]).map { $0 == 1 }, state: state,
                reason: samples.matching("quorum_member_down_info", ["member": name]).first?.labels["reason"])
        }
        var transitions: [String: Int] = [:]
        for sample in samples.matching("quorum_member_transitions_total") {
            transitions["\(sample.labels["member"] ?? "?") \(sample.labels["to"] ?? "?")"] = Int(sample.value)
        }
        self.init(term: term, index: index, members: members, transitions: transitions)
    }
}
