import RaftCore

/// What an observer holds of one member; all instants are awake nanoseconds.
struct Watched: Equatable, Sendable {
    /// When it was first watched.
    let since: Int64
    /// This node does not dial it.
    var dialsIn = false
    private var lastContact: Int64?
    private var brokenAt: Int64?
    private var refusedSinceBreak = false

    init(since: Int64) { self.since = since }

    /// A contact made before the connection broke does not mend it.
    mutating func contact(at instant: Int64) {
        lastContact = max(lastContact ?? instant, instant)
        guard let broken = brokenAt, instant >= broken else { return }
        brokenAt = nil
        refusedSinceBreak = false
    }

    mutating func broke(at instant: Int64) {
        guard brokenAt == nil else { return }
        brokenAt = instant
    }

    mutating func refused() {
        if brokenAt != nil { refusedSinceBreak = true }
    }

    func observation(_ configuration: ObserverConfiguration, patience: UInt32, now: Int64) -> Observation {
        if let due = refusalDue(configuration), now >= due { return mayLose(configuration, now: now) ? .lostByRefusal : .noOpinion }
        if let due = closingDue(configuration), now >= due { return mayLose(configuration, now: now) ? .lostByClosing : .noOpinion }
        if now >= silenceDue(configuration, patience: patience) { return .lostBySilence }
        return lastContact == nil ? .noOpinion : .reaching
    }

    /// The earliest instant after another at which `observation` may change by itself; nil when it will not.
    func nextChange(_ configuration: ObserverConfiguration, patience: UInt32, after instant: Int64) -> Int64? {
        var earliest: Int64?
        func note(_ due: Int64?) {
            if let due, due > instant { earliest = min(earliest ?? due, due) }
        }
        note(silenceDue(configuration, patience: patience))
        let (refusal, closing) = (refusalDue(configuration), closingDue(configuration))
        note(refusal)
        note(closing)
        if refusal != nil || closing != nil { note(firstOpinionDue(configuration)) }
        return earliest
    }

    private func silenceDue(_ configuration: ObserverConfiguration, patience: UInt32) -> Int64 {
        (lastContact ?? since) + configuration.downAfterNanoseconds / 1_000 * Int64(patience)
    }

    private func refusalDue(_ configuration: ObserverConfiguration) -> Int64? {
        guard let brokenAt, refusedSinceBreak else { return nil }
        return brokenAt + configuration.refusalDelay.wholeNanoseconds
    }

    private func closingDue(_ configuration: ObserverConfiguration) -> Int64? {
        guard let brokenAt, dialsIn else { return nil }
        return brokenAt + configuration.closingDelay.wholeNanoseconds
    }

    private func firstOpinionDue(_ configuration: ObserverConfiguration) -> Int64 { since + configuration.downAfterNanoseconds }

    private func mayLose(_ configuration: ObserverConfiguration, now: Int64) -> Bool { now >= firstOpinionDue(configuration) }
}
