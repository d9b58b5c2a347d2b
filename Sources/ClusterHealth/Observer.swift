public import RaftCore

/// What this node has had contact with: one observer of the cluster, as a value.
///
/// It is told of contacts, connections and refusals with the instant each happened, is ticked once an interval, and says of each
/// member it watches whether it has lost it. Received input must be handed in before the tick that follows it, so that a process
/// that was held up drains what has arrived before it judges anybody.
///
/// A member is lost
/// - by **silence**, when the last contact is `downAfter` of awake time old, stretched by the observer's patience (`AwakeClock`);
/// - by **refusal**, when `refusalDelay` of awake time has passed since its connection broke and a redial made since then was refused;
/// - by **closing**, for a member that dials in, when `closingDelay` has passed since its connection ended.
///
/// Any contact or connection cancels all three. No member is lost before `downAfter` after it was first watched: what an observer
/// that has just started has not heard of may well be there. A contact within that time is one, though, and is reported.
public struct Observer: Equatable, Sendable {
    public let configuration: ObserverConfiguration
    private var clock: AwakeClock
    /// Awake nanoseconds at the latest input; never falls.
    private var latest: Int64 = 0
    private var watched = NodeMap<Watched>()

    /// - Parameter startedAt: the instant of the process's own start, or any later one before its first input.
    public init(configuration: ObserverConfiguration = .standard, startedAt: MonotonicInstant) {
        self.configuration = configuration
        clock = AwakeClock(startedAt: startedAt, tickInterval: configuration.tickInterval, decayWindow: configuration.downAfter)
    }

    // MARK: - Inputs

    /// Replaces the members to watch. Those watched already keep what is known of them; new ones start without an opinion.
    ///
    /// - Parameters:
    ///   - members: in any order, without the observer itself.
    ///   - dialingIn: those among them that this node does not dial: their closed connection counts, not a refusal.
    public mutating func watch(members: [NodeID], dialingIn: [NodeID] = [], at now: MonotonicInstant) {
        advance(to: now)
        var kept = NodeMap<Watched>()
        for member in members {
            var entry = watched[member] ?? Watched(since: latest)
            entry.dialsIn = dialingIn.contains(member)
            kept[member] = entry
        }
        watched = kept
    }

    /// Anything received from the member.
    public mutating func contact(_ member: NodeID, at instant: MonotonicInstant) {
        advance(to: instant)
        watched[member]?.contact(at: clock.awake(at: instant))
    }

    /// A connection with the member's process is established: its hello was received.
    public mutating func connected(_ member: NodeID, at instant: MonotonicInstant) { contact(member, at: instant) }

    /// The last connection with the member's process has ended.
    public mutating func disconnected(_ member: NodeID, at instant: MonotonicInstant) {
        advance(to: instant)
        watched[member]?.broke(at: clock.awake(at: instant))
    }

    /// A dial was refused: the machine answers, nobody listens. Counts only after a connection broke.
    public mutating func dialRefused(_ member: NodeID, at instant: MonotonicInstant) {
        advance(to: instant)
        watched[member]?.refused()
    }

    /// One turn of the timer; due at `nextTick`.
    public mutating func tick(at instant: MonotonicInstant) {
        clock.tick(at: instant)
        advance(to: instant)
    }

    // MARK: - Answers

    /// 1000 while this observer keeps its own deadlines, at most 2000.
    public var patienceThousandths: UInt32 { clock.patienceThousandths }

    /// When to tick next: one interval after the last tick, or earlier when a report changes before that.
    public var nextTick: MonotonicInstant { min(clock.nextTick, nextChange ?? .never) }

    /// The earliest instant at which a report may change without any input but ticks; nil when none will.
    ///
    /// Exact within the current tick interval. Beyond it patience may fade and bring it forward, so ask again after each tick.
    public var nextChange: MonotonicInstant? {
        var earliest: Int64?
        for (_, entry) in watched {
            guard let due = entry.nextChange(configuration, patience: patienceThousandths, after: latest) else { continue }
            earliest = min(earliest ?? due, due)
        }
        return earliest.map(clock.earliest(awake:))
    }

    /// What this observer has to say as of its latest input, of every member it watches but itself.
    public func report(observer: NodeID) -> ObserverReport {
        var report = ObserverReport(observer: observer)
        for (member, entry) in watched where member != observer {
            report.observations[member] = entry.observation(configuration, patience: patienceThousandths, now: latest)
        }
        return report
    }

    private mutating func advance(to instant: MonotonicInstant) { latest = max(latest, clock.awake(at: instant)) }
}
