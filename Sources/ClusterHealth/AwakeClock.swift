import RaftCore

/// Time during which this process could have heard somebody, and how well it has kept its own deadlines lately.
///
/// It is ticked once an interval. A gap between two ticks beyond one interval is time in which the process was frozen, starved or
/// suspended: only one interval of it counts, so that a frozen observer does not wake up to call everyone else dead.
///
/// The deadlines it missed also stretch its patience, since the observer that finds everybody late may be the late one itself.
/// Ten missed deadlines stretch it to its double, never further; kept deadlines let that fade by a factor of e in each decay window.
///
/// Source: Lifeguard (arXiv 1707.00788), local health. Deviation: the score counts only this process's own late timers, not missing
/// answers, which one sick link would cause too; and the majority of observers does what Lifeguard's further rules are for.
struct AwakeClock: Equatable, Sendable {
    private let interval: Int64
    private let decayWindow: Int64
    private var lastTick: MonotonicInstant
    /// Awake nanoseconds at the last tick.
    private var awakeAtTick: Int64 = 0
    /// 0 with every deadline kept, `fullLateness` with patience at its double.
    private var lateness: Int64 = 0

    private static let fullLateness: Int64 = 1_000_000
    private static let latenessPerMissedDeadline: Int64 = 100_000

    init(startedAt: MonotonicInstant, tickInterval: Duration, decayWindow: Duration) {
        interval = tickInterval.wholeNanoseconds
        self.decayWindow = max(1, decayWindow.wholeNanoseconds)
        lastTick = startedAt
    }

    /// 1000 when deadlines are kept, at most 2000.
    var patienceThousandths: UInt32 { 1_000 + UInt32(lateness * 1_000 / AwakeClock.fullLateness) }

    /// When the next tick is due.
    var nextTick: MonotonicInstant { lastTick.moved(byNanoseconds: interval) }

    /// The awake nanoseconds at an instant not before the last tick; beyond one interval after it they stand still.
    func awake(at instant: MonotonicInstant) -> Int64 { awakeAtTick + counted(gap(to: instant)) }

    /// The earliest instant at which the awake time can reach a value: when every tick until then is kept.
    func earliest(awake: Int64) -> MonotonicInstant { lastTick.moved(byNanoseconds: awake - awakeAtTick) }

    /// One turn of the timer. Ticking early is allowed and counts what has passed.
    mutating func tick(at instant: MonotonicInstant) {
        let gap = gap(to: instant)
        fade(over: counted(gap))
        if gap > interval + interval / 2 {
            let missed = min(max(1, gap / interval - 1), AwakeClock.fullLateness / AwakeClock.latenessPerMissedDeadline)
            lateness = min(AwakeClock.fullLateness, lateness + missed * AwakeClock.latenessPerMissedDeadline)
        }
        awakeAtTick += counted(gap)
        lastTick = max(lastTick, instant)
    }

    private mutating func fade(over nanoseconds: Int64) {
        guard lateness > 0, nanoseconds > 0 else { return }
        lateness = max(0, lateness - max(1, lateness * nanoseconds / decayWindow))
    }

    private func gap(to instant: MonotonicInstant) -> Int64 { max(0, instant.nanoseconds - lastTick.nanoseconds) }

    private func counted(_ gap: Int64) -> Int64 { min(gap, interval) }
}
