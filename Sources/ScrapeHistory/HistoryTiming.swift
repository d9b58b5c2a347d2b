/// The settings of the cluster that was watched, and what follows from them.
public struct HistoryTiming: Sendable {
    public var electionTimeout: Duration
    public var downAfter: Duration

    public init(electionTimeout: Duration = .seconds(1), downAfter: Duration = .seconds(3)) {
        self.electionTimeout = electionTimeout
        self.downAfter = downAfter
    }

    /// Within which all is well again once faults have healed: three maximum election timeouts, each twice the configured one, plus 2 s.
    public var livenessBound: Duration { electionTimeout * 6 + .seconds(2) }

    /// For how long a path may be broken without any consequence.
    public var harmlessBreak: Duration { downAfter / 2 }

    /// How long after a fault has healed it may still explain that a member is called down: the connection is noticed to be dead, is
    /// dialled again after the longest pause, and reports made before that are still fresh.
    public var aftermath: Duration { downAfter + .seconds(2) }

    /// Within which a member that is gone is shown down by whoever serves, when nothing else happens.
    /// - Parameter patience: how far observers stretched theirs, 1 to 2.
    public func detectionBound(patience: Double) -> Duration { downAfter * patience + .seconds(1) }
}
