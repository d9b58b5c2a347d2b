extension HistoryChecks {
    /// No view is older than its bound: a leader whose last round was proposed longer ago than `down-after` does not serve it.
    ///
    /// Of each view both are asked: the wall time of its round, where the clocks are known to agree, and how long its index had been seen
    /// already when the scrape began.
    public static func noViewIsOld(_ observations: [Observation], timing: HistoryTiming) -> [String] {
        // The time stamp has milliseconds, and wall and monotonic clock are not read at the same instant.
        let bound = timing.downAfter + .milliseconds(20)
        var firstSeen: [Int: ContinuousClock.Instant] = [:]
        var broken: [String] = []
        for observation in observations.sorted(by: { $0.ended < $1.ended }) {
            guard let view = observation.view else { continue }
            let seen = firstSeen[view.index] ?? observation.ended
            firstSeen[view.index] = seen
            let age = max(seen.duration(to: observation.began), observation.roundAt.map { $0.duration(to: observation.began) } ?? .zero)
            if age > bound { broken.append("\(observation.node) served index \(view.index) when it was \(age) old") }
        }
        return broken
    }
}
