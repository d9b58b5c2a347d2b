import StatusDocuments

/// What changed between two pictures, in words.
enum DemoEvents {
    /// One line a change: who leads, and each member's state in the view.
    static func changes(from before: DemoPicture?, to now: DemoPicture) -> [String] {
        (leaderChange(before, now) + now.nodes.compactMap { stateChange($0.member.name, before, now) }).map(\.printable)
    }

    private static func leaderChange(_ before: DemoPicture?, _ now: DemoPicture) -> [String] {
        switch (before?.leader, now.leader) {
        case (let old, let new?) where old != new: return ["\(new) leads term \(now.view?.term ?? 0)"]
        case (let old?, nil): return ["no view: \(old) no longer serves it"]
        default: return []
        }
    }

    private static func stateChange(_ name: String, _ before: DemoPicture?, _ now: DemoPicture) -> String? {
        guard let state = now.state(of: name), state.state != before?.state(of: name)?.state else { return nil }
        // What a first view takes for granted, or a view after an election gap repeats, is no change.
        guard before?.view != nil || !["up", "unknown"].contains(state.state) else { return nil }
        let reason = state.downReason.map { " (\($0))" } ?? ""
        return "\(name) is \(state.state)\(reason), says \(now.leader ?? "the leader")"
    }
}
