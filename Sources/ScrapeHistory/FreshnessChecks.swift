extension HistoryChecks {
    /// No view is older than its bound: a leader whose last round was proposed longer ago than `down-after` does not serve it.
    ///
    /// Of each view both are asked: the wall time of its round, where the clocks are known to agree, and how long its index had been seen
    /// already when the scrape began.
    public static func noViewIsOld(_ observations: [Observation], timing: HistoryTiming) -> [String] {
        var check = Freshness(timing: timing)
        return views(observations).compactMap { check.take($0, $1) }
    }
}
