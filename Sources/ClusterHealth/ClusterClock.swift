public import RaftCore

/// Tells the cluster time on one node: the previous round's plus monotonic time since it was proposed here or applied here.
///
/// Every node carries it on from each round it applies, so that whoever leads next continues where the last one stood: a change of
/// leader neither stops it nor makes it jump. Only the very first round of a cluster starts it at the wall clock.
public struct ClusterClock: Equatable, Sendable {
    private var anchor: Anchor?

    private struct Anchor: Equatable, Sendable {
        var time: ClusterTime
        var instant: MonotonicInstant
        var isProposal: Bool
    }

    public init() {}

    /// The cluster time at an instant; the wall clock (not below 1970) before any round is known.
    public func time(at now: MonotonicInstant, wall: WallTime) -> ClusterTime {
        guard let anchor else { return ClusterTime(milliseconds: UInt64(max(0, wall.milliseconds))) }
        let elapsed = UInt64(max(0, (now - anchor.instant).wholeNanoseconds)) / 1_000_000
        let (sum, overflow) = anchor.time.milliseconds.addingReportingOverflow(elapsed)
        return ClusterTime(milliseconds: overflow ? .max : sum)
    }

    /// This node has proposed a round of that time.
    public mutating func proposed(_ time: ClusterTime, at now: MonotonicInstant) {
        guard time >= anchor?.time ?? time else { return }
        anchor = Anchor(time: time, instant: now, isProposal: true)
    }

    /// This node has applied a round, after which the view's cluster time is that. Its own proposal counts from when it was proposed.
    public mutating func applied(_ time: ClusterTime, at now: MonotonicInstant) {
        if let anchor, anchor.isProposal, anchor.time == time { return }
        anchor = Anchor(time: time, instant: now, isProposal: false)
    }
}
