extension HistoryChecks {
    /// Whenever a majority can talk to each other and nothing is done for as long as the bound: within it a round made since then is
    /// scraped, and every node that can talk to the one that served it knows of a leader and has applied that round.
    public static func recoversInTime(_ observations: [Observation], course: Course, timing: HistoryTiming) -> [String] {
        let ordered = observations.sorted { $0.ended < $1.ended }
        return judgedCalms(observations, course: course, timing: timing).compactMap { calm in
            let due = calm.from + timing.livenessBound
            let within = ordered.filter { $0.began >= calm.from && $0.ended <= due }
            guard !hasRecovered(within, before: ordered, calm) else { return nil }
            return "not well within \(timing.livenessBound) after \(calm.since.what): \(words(within, calm.situation))"
        }
    }

    /// The calms that last as long as the bound, with a majority that can talk to each other: without any, nothing was judged.
    public static func judgedCalms(_ observations: [Observation], course: Course, timing: HistoryTiming) -> [Course.Calm] {
        guard let end = observations.map(\.ended).max() else { return [] }
        return course.calms(until: end).filter { calm in
            calm.to >= calm.from + timing.livenessBound && !calm.situation.hasHeavyLoss && !calm.situation.quorums.isEmpty
        }
    }

    private static func hasRecovered(_ within: [Observation], before all: [Observation], _ calm: Course.Calm) -> Bool {
        // One round may have been under way when the deed ended; the one after it was made since.
        let known = all.prefix { $0.ended < calm.from }.compactMap { $0.view?.index }.max() ?? 0
        let served = within.filter { $0.view.map { $0.index >= known + 2 } ?? false }
        return served.contains { scrape in
            guard let index = scrape.view?.index else { return false }
            let joined = calm.situation.electorate.filter { $0 == scrape.node || calm.situation.areJoined($0, scrape.node) }
            return joined.allSatisfy { node in
                within.contains { $0.node == node && $0.picture.map { $0.hasLeader && $0.appliedIndex >= index } ?? false }
            }
        }
    }

    private static func words(_ within: [Observation], _ situation: Situation) -> String {
        situation.voters.map { node in
            guard let last = within.last(where: { $0.node == node }) else { return "\(node): not scraped" }
            switch last.outcome {
            case .failure(let failure): return "\(node): \(failure)"
            case .success(let picture):
                let serving = picture.view.map { "serves \($0.index)" } ?? "no view"
                return "\(node): term \(picture.term), leader \(picture.leader ?? "none"), applied \(picture.appliedIndex), \(serving)"
            }
        }.joined(separator: "; ")
    }

    /// Everything that must hold of a history whose course is known.
    public static func all(_ observations: [Observation], course: Course, timing: HistoryTiming) -> [String] {
        all(observations, removals: course.removals) + noViewIsOld(observations, timing: timing)
            + healthyStayUp(observations, course: course, timing: timing)
            + lostAreShownDown(observations, course: course, timing: timing)
            + recoversInTime(observations, course: course, timing: timing)
    }

    /// How often the view passed from one leader's term to another's.
    public static func leaderChanges(_ observations: [Observation]) -> Int {
        max(0, Set(observations.compactMap { $0.view?.term }).count - 1)
    }

    /// Rounds and other entries committed while they were watched: how far the view's index went.
    public static func entriesCommitted(_ observations: [Observation]) -> Int {
        let indices = observations.compactMap { $0.view?.index }
        return (indices.max() ?? 0) - (indices.min() ?? 0)
    }
}
