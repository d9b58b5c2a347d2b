/// What one scrape said, as far as the cluster's course is concerned.
public struct NodePicture: Sendable {
    public let clusterID: String?
    public let term: Int
    public let appliedIndex: Int
    public let hasLeader: Bool
    public let isLeader: Bool
    /// The leader that this node knows.
    public let leader: String?
    /// `quorum_view_serving`.
    public let isServing: Bool
    /// The proven view, where there was one.
    public let view: View?

    /// A proven view.
    public struct View: Sendable, Equatable {
        public let term: Int
        public let index: Int
        /// By name.
        public let members: [String: Member]
        /// By `name to`.
        public let transitions: [String: Int]
    }

    /// A member's row.
    public struct Member: Sendable, Equatable {
        /// Nil while unknown.
        public let isUp: Bool?
        public let state: String
        /// Why it is down, while it is.
        public let reason: String?
    }

    /// - Throws: `HarnessError` for a line that is no sample, for a metric that every node must have and this one has not, and for a
    ///   view that is half there.
    public init(body: [UInt8]) throws {
        let samples = try Samples(parsing: body, only: NodePicture.wanted)
        func required(_ name: String) throws -> Int {
            guard let value = samples.value(name) else { throw HarnessError("a scrape without \(name)") }
            return Int(value)
        }
        clusterID = samples.matching("quorum_cluster_info").first?.labels["id"]
        term = try required("quorum_raft_term")
        appliedIndex = try required("quorum_raft_applied_index")
        hasLeader = try required("quorum_raft_has_leader") == 1
        isLeader = try required("quorum_raft_is_leader") == 1
        leader = samples.matching("quorum_raft_leader_info").first?.labels["member"]
        isServing = try required("quorum_view_serving") == 1
        let hasView = samples.value("quorum_view_index") != nil
        guard hasView == isServing else { throw HarnessError("quorum_view_serving \(isServing) with a view: \(hasView)") }
        view = hasView ? View(samples, term: try required("quorum_view_term"), index: try required("quorum_view_index")) : nil
    }

    private static let wanted: Set<String> = [
        "quorum_cluster_info", "quorum_raft_term", "quorum_raft_applied_index", "quorum_raft_has_leader", "quorum_raft_is_leader",
        "quorum_raft_leader_info", "quorum_view_serving", "quorum_view_index", "quorum_view_term", "quorum_member_up",
        "quorum_member_state", "quorum_member_down_info", "quorum_member_transitions_total",
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
