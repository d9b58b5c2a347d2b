/// The cluster's own time in milliseconds: the previous round's plus monotonic time since. It never jumps and never falls.
///
/// Only differences mean anything; the first round starts it at the leader's wall clock.
public struct ClusterTime: Hashable, Comparable, Sendable {
    public let milliseconds: UInt64

    public init(milliseconds: UInt64) { self.milliseconds = milliseconds }

    public static func < (lhs: ClusterTime, rhs: ClusterTime) -> Bool { lhs.milliseconds < rhs.milliseconds }

    /// Milliseconds from an earlier time to this one; zero when the other is not earlier.
    public func millisecondsSince(_ earlier: ClusterTime) -> UInt64 {
        milliseconds > earlier.milliseconds ? milliseconds - earlier.milliseconds : 0
    }
}

/// Wall-clock time in milliseconds since 1970 UTC. Shown to people, never decided by.
public struct WallTime: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (lhs: WallTime, rhs: WallTime) -> Bool { lhs.milliseconds < rhs.milliseconds }
}
