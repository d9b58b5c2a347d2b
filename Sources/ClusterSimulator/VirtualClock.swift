import ClusterHealth
import NodeReplica
import RaftCore

/// One machine's clocks as functions of true virtual time: a monotonic one that drifts and stands still while the machine is suspended, a
/// wall clock that may jump or freeze.
struct VirtualClock {
    private var anchorTrue: Int64 = 0
    private var anchorLocal: Int64
    /// Local nanoseconds a thousand true ones.
    private(set) var rate: Int64 = 1_000
    private(set) var isSuspended = false
    private var wallOffset: Int64 = 0
    private var wallFrozenAt: Int64?

    /// - Parameter origin: what the monotonic clock shows at true time zero.
    init(origin: Int64) { anchorLocal = origin }

    /// The monotonic clock at a true instant not before the last change.
    func monotonic(at instant: Int64) -> Int64 { isSuspended ? anchorLocal : anchorLocal + (instant - anchorTrue) * rate / 1_000 }

    /// The earliest true instant at which the monotonic clock shows at least so much; as if it were not suspended.
    func trueInstant(forLocal local: Int64) -> Int64 {
        local <= anchorLocal ? anchorTrue : anchorTrue + ((local - anchorLocal) * 1_000 + rate - 1) / rate
    }

    /// The wall clock in milliseconds since 1970 at a true instant.
    func wall(at instant: Int64) -> Int64 { wallFrozenAt ?? unfrozenWall(at: instant) }

    func moment(at instant: Int64) -> Moment {
        Moment(
            monotonic: MonotonicInstant(nanoseconds: monotonic(at: instant)), wall: WallTime(milliseconds: wall(at: instant)))
    }

    mutating func setRate(_ newRate: Int64, at instant: Int64) {
        moveAnchor(to: instant)
        rate = newRate
    }

    mutating func suspend(at instant: Int64) {
        moveAnchor(to: instant)
        isSuspended = true
    }

    mutating func resume(at instant: Int64) {
        moveAnchor(to: instant)
        isSuspended = false
    }

    mutating func jumpWall(byMilliseconds jump: Int64) { wallOffset += jump }

    mutating func freezeWall(at instant: Int64) { wallFrozenAt = wallFrozenAt ?? unfrozenWall(at: instant) }

    mutating func thawWall() { wallFrozenAt = nil }

    private func unfrozenWall(at instant: Int64) -> Int64 { 1_700_000_000_000 + instant / 1_000_000 + wallOffset }

    private mutating func moveAnchor(to instant: Int64) {
        anchorLocal = monotonic(at: instant)
        anchorTrue = instant
    }
}
