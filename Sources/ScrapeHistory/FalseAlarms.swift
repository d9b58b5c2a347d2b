/// A member that was called down, held against what was true of it.
public struct DownCall: Sendable, Equatable {
    public enum Ground: Sendable, Equatable {
        /// It was gone or frozen, or its paths to too many observers were broken, then or shortly before.
        case fault
        /// Nothing but heavily lost packets can explain it: reported, not forbidden.
        case heavyLoss
        /// Nothing explains it.
        case none
    }

    public let member: String
    public let ground: Ground
    public let text: String
}

extension HistoryChecks {
    /// Every change of a member to down that views show, with its ground.
    ///
    /// A member is healthy while it runs and its paths to a majority of observers, itself included, have not been broken for half of
    /// `down-after`. The decision fell after the last scrape that still showed it up was asked, and before the first one that showed it
    /// down was answered; a fault counts for `HistoryTiming.aftermath` beyond its end.
    public static func downCalls(_ observations: [Observation], course: Course, timing: HistoryTiming) -> [DownCall] {
        let views = observations.compactMap { observation in observation.view.map { (observation, $0) } }
            .sorted { ($0.1.index, $0.0.began) < ($1.1.index, $1.0.began) }
        return course.voters.flatMap { member -> [DownCall] in
            let grounds = Grounds(of: member, course: course, timing: timing)
            var calls: [DownCall] = []
            for (earlier, later) in zip(views, views.dropFirst()) where !earlier.1.showsDown(member) && later.1.showsDown(member) {
                let decided = earlier.0.began...max(earlier.0.began, later.0.ended)
                let reason = later.1.members[member]?.reason ?? "no reason"
                calls.append(
                    DownCall(
                        member: member, ground: grounds.ground(decided),
                        text: "\(later.0.node) showed \(member) down (\(reason)) at index \(later.1.index)"))
            }
            return calls
        }
    }

    /// A healthy member is never called down.
    public static func healthyStayUp(_ observations: [Observation], course: Course, timing: HistoryTiming) -> [String] {
        downCalls(observations, course: course, timing: timing).filter { $0.ground == .none }
            .map { "\($0.text), and it was healthy" }
    }
}

/// The times at which there was a reason to call a member down.
private struct Grounds {
    private let absences: [ClosedRange<ContinuousClock.Instant>]
    private let breaks: [[ClosedRange<ContinuousClock.Instant>]]
    private let losses: [ClosedRange<ContinuousClock.Instant>]
    private let majority: Int
    private let aftermath: Duration

    init(of member: String, course: Course, timing: HistoryTiming) {
        absences = course.spans { !$0.runs(member) }
        breaks = course.voters.filter { $0 != member }.map { other in
            course.spans { !$0.isOpen(member, other) }.filter { $0.lowerBound.duration(to: $0.upperBound) >= timing.harmlessBreak }
        }
        losses = course.spans { $0.hasHeavyLoss }
        majority = Situation(voters: course.voters).majority
        aftermath = timing.aftermath
    }

    func ground(_ decided: ClosedRange<ContinuousClock.Instant>) -> DownCall.Ground {
        let window = (decided.lowerBound - aftermath)...decided.upperBound
        if absences.contains(where: { $0.overlaps(window) }) { return .fault }
        if breaks.count(where: { $0.contains { $0.overlaps(window) } }) >= majority { return .fault }
        return losses.contains { $0.overlaps(window) } ? .heavyLoss : .none
    }
}
