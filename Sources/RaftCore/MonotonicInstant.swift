/// An instant of the caller's monotonic clock, in nanoseconds from an origin of its own.
///
/// Only differences mean anything. The core reads no clock: each input carries the instant it happened at.
public struct MonotonicInstant: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Later than every instant a clock will show.
    public static let never = MonotonicInstant(nanoseconds: .max)

    public static func < (lhs: MonotonicInstant, rhs: MonotonicInstant) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    /// This instant moved by a duration; saturates at `never`.
    public static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        instant.moved(byNanoseconds: duration.wholeNanoseconds)
    }

    /// This instant moved by nanoseconds, where those are at hand: to make a `Duration` of them is dear. Saturates at `never`.
    public func moved(byNanoseconds duration: Int64) -> MonotonicInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration)
        return overflow ? .never : MonotonicInstant(nanoseconds: sum)
    }

    /// How much later this instant is than another; negative when it is earlier.
    public static func - (later: MonotonicInstant, earlier: MonotonicInstant) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }

    public var description: String { "\(nanoseconds)ns" }
}

extension Duration {
    /// The duration in nanoseconds, rounded towards zero; saturates at the bounds of `Int64`.
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }
}
