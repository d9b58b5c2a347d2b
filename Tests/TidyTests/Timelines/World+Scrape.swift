extension World {
    /// What has been committed by this time reaches those that follow.
    mutating func advance(to seconds: Int) {
        guard isCommitting else { return }
        let (members, states, index) = (members, states, indexAhead + seconds)
        let wall = seconds + clockAhead
        change({ $0.follows }) { node in
            node.applied = index
            node.roundAt = wall
            node.knows = members
            node.view = node.isLeader ? View(term: node.term, states: states) : nil
        }
    }

    /// All series of one scrape of all targets, by their full names.
    func scrape(number: Int) -> [String: Int] {
        var series: [String: Int] = [:]
        for (at, node) in nodes.enumerated() where node.isTarget {
            let fails = !node.answers || (failsEvery > 0 && (number + 3 * at) % failsEvery == 0)
            series["up{\(target(node))}"] = fails ? 0 : 1
            if !fails { series.merge(exposition(of: node)) { $1 } }
        }
        return series
    }

    private func exposition(of node: Node) -> [String: Int] {
        let target = target(node)
        var series = [
            "quorum_build_info{\(target),version=\"1.0.0\"}": 1,
            "quorum_cluster_info{\(target),name=\"c\",id=\"\(id)\"}": 1,
            "quorum_raft_applied_index{\(target)}": node.applied,
            "quorum_raft_term{\(target)}": node.term,
            "quorum_raft_has_leader{\(target)}": node.hasLeader ? 1 : 0,
            "quorum_raft_is_leader{\(target)}": node.isLeader ? 1 : 0,
            "quorum_round_timestamp_seconds{\(target)}": node.roundAt,
        ]
        for member in node.knows {
            series["quorum_member_info{\(target),member=\"\(member.name)\",role=\"\(member.role)\",address=\"\(member.name):10311\"}"] = 1
        }
        guard node.servesView, let view = node.view else { return series }
        series["quorum_view_term{\(target)}"] = view.term
        for (member, state) in view.states {
            let labels = target + ",member=\"" + member + "\""
            if let up = state.up { series["quorum_member_up{\(labels)}"] = up }
            for label in ["up", "suspect", "degraded", "down", "maintenance", "unknown"] {
                series["quorum_member_state{\(labels),state=\"\(label)\"}"] = label == state.name ? 1 : 0
            }
        }
        return series
    }

    /// The labels that Prometheus adds to whatever a node says.
    private func target(_ node: Node) -> String {
        (cluster.map { "cluster=\"\($0)\"," } ?? "") + "job=\"" + job + "\",instance=\"" + node.name + ":10310\""
    }
}
