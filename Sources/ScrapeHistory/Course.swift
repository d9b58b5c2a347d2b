/// What was done to a cluster, and when: the truth that its scrapes are held against.
public struct Course: Sendable {
    /// Before the first deed all run, and everything passes.
    public let voters: [String]
    public private(set) var deeds: [Deed] = []

    /// Something done. It took effect some time between its two instants; afterwards the situation is the one given.
    public struct Deed: Sendable {
        public let what: String
        public let began: ContinuousClock.Instant
        public let ended: ContinuousClock.Instant
        public let situation: Situation
    }

    /// Between two deeds nothing happens.
    public struct Calm: Sendable {
        public let since: Deed
        public let from: ContinuousClock.Instant
        public let to: ContinuousClock.Instant

        public var duration: Duration { from.duration(to: to) }
        public var situation: Situation { since.situation }

        public func contains(_ observation: Observation) -> Bool { observation.began >= from && observation.ended <= to }
    }

    public init(voters: [String]) { self.voters = voters.sorted() }

    /// The situation after the last deed.
    public var situation: Situation { deeds.last?.situation ?? Situation(voters: voters) }

    /// Adds a deed; deeds follow each other.
    public mutating func add(
        _ what: String, from began: ContinuousClock.Instant, to ended: ContinuousClock.Instant, _ change: (inout Situation) -> Void
    ) {
        precondition(began <= ended && deeds.last.map { $0.ended <= began } ?? true, "deeds follow each other: \(what)")
        var next = situation
        change(&next)
        deeds.append(Deed(what: what, began: began, ended: ended, situation: next))
    }

    /// The times between the deeds, in order, the last one up to the given instant.
    public func calms(until end: ContinuousClock.Instant) -> [Calm] {
        deeds.indices.map { at in
            Calm(since: deeds[at], from: deeds[at].ended, to: at + 1 < deeds.count ? deeds[at + 1].began : max(end, deeds[at].ended))
        }
    }

    /// When members were taken out.
    public var removals: [Removal] {
        zip([Situation(voters: voters)] + deeds.map(\.situation), deeds).flatMap { before, deed in
            deed.situation.removed.subtracting(before.removed).map { Removal(of: $0, during: deed.began...deed.ended) }
        }
    }

    /// The times in which something held, as widely as what is known of the deeds allows: from the beginning of the deed that made it so
    /// to the end of the one that made it otherwise; the last one without end.
    public func spans(where holds: (Situation) -> Bool) -> [ClosedRange<ContinuousClock.Instant>] {
        var spans: [ClosedRange<ContinuousClock.Instant>] = []
        var start: ContinuousClock.Instant?
        for deed in deeds {
            switch (start, holds(deed.situation)) {
            case (nil, true): start = deed.began
            case (let began?, false):
                spans.append(began...deed.ended)
                start = nil
            case (nil, false), (.some, true): break
            }
        }
        if let start { spans.append(start...(start + .seconds(1_000_000))) }
        return spans
    }
}

/// A member was taken out of the cluster some time within these instants. Its counters end then, and begin anew should the name come back.
public struct Removal: Sendable {
    public let member: String
    public let during: ClosedRange<ContinuousClock.Instant>

    public init(of member: String, during: ClosedRange<ContinuousClock.Instant>) {
        self.member = member
        self.during = during
    }

    /// Whether it may lie between what two scrapes showed.
    func mayLie(between earlier: Observation, and later: Observation) -> Bool {
        during.lowerBound <= later.ended && during.upperBound >= earlier.began
    }
}
