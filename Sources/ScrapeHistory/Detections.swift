/// How long it took until a member that was lost was shown down, or that it was not.
public struct Detection: Sendable, Equatable {
    public let member: String
    /// What was done to it.
    public let deed: String
    /// From the deed to the answer of the first scrape that showed the member down; nil when none did before it was there again.
    public let after: Duration?
    /// How long it was lost.
    public let lasted: Duration

    public init(member: String, deed: String, after: Duration?, lasted: Duration) {
        self.member = member
        self.deed = deed
        self.after = after
        self.lasted = lasted
    }
}

extension HistoryChecks {
    /// Every loss of a member that a view had shown up, with how soon it was seen.
    public static func detections(_ observations: [Observation], course: Course, until end: ContinuousClock.Instant) -> [Detection] {
        let views = observations.filter { $0.view != nil }.sorted { $0.ended < $1.ended }
        return course.voters.flatMap { member -> [Detection] in
            course.spans { $0.isLost(member) }.compactMap { span in
                guard let before = views.last(where: { $0.ended < span.lowerBound }), before.view?.showsDown(member) == false,
                    let deed = course.deeds.first(where: { $0.began == span.lowerBound })
                else { return nil }
                let over = min(span.upperBound, end)
                let shown = views.first { $0.began >= span.lowerBound && $0.began <= over && $0.view?.showsDown(member) == true }
                return Detection(
                    member: member, deed: deed.what, after: shown.map { span.lowerBound.duration(to: $0.ended) },
                    lasted: span.lowerBound.duration(to: over))
            }
        }
    }

    /// Whoever serves the view after the bound has passed since anything was last done shows every lost member down.
    ///
    /// Observers that have only just started, and a new leader, have their time: the bound runs from the last deed, whatever it was, and
    /// a leader is given a second from its first view on. A path broken in one direction is noticed later, by the sender's patience with
    /// what is not acknowledged.
    public static func lostAreShownDown(_ observations: [Observation], course: Course, timing: HistoryTiming) -> [String] {
        let ordered = observations.sorted { $0.ended < $1.ended }
        guard let end = ordered.last?.ended else { return [] }
        var firstServed: [Int: ContinuousClock.Instant] = [:]
        for observation in ordered {
            if let term = observation.view?.term, firstServed[term] == nil { firstServed[term] = observation.ended }
        }
        var broken: [String] = []
        for calm in course.calms(until: end) where !calm.situation.hasHeavyLoss {
            let lost = course.voters.filter { calm.situation.isLost($0) }
            guard !lost.isEmpty else { continue }
            let within = ordered.filter { calm.contains($0) }
            let patience = within.compactMap { $0.picture?.patience }.max() ?? 1
            let oneWay = calm.situation.cut.isEmpty ? Duration.zero : timing.downAfter / 2
            let due = calm.from + timing.detectionBound(patience: patience) + oneWay
            for observation in within where observation.began >= due {
                guard let view = observation.view, let first = firstServed[view.term], observation.began >= first + .seconds(1) else {
                    continue
                }
                broken += lost.filter { !view.showsDown($0) }.map {
                    "\(observation.node) showed \($0) \(view.members[$0]?.state ?? "not at all") at index \(view.index), "
                        + "\(calm.from.duration(to: observation.began)) after \(calm.since.what)"
                }
            }
        }
        return broken
    }
}
