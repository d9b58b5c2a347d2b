import NIOCore

/// The waits between the dials of one peer: none, then 10 ms doubling up to a maximum.
///
/// The first dial after a connection broke comes at once, because its outcome tells a crash from a lost connection. A peer that accepts
/// and breaks again and again gets that at most once a second.
struct Backoff {
    private let maximum: TimeAmount
    private var step = 0
    private var lastReset: NIODeadline?

    static let base: TimeAmount = .milliseconds(10)
    static let resetInterval: TimeAmount = .seconds(1)

    init(maximum: TimeAmount) { self.maximum = maximum }

    /// The wait before the next dial.
    ///
    /// - Parameter jitter: from 0 to 1; the wait is shortened by up to half of it, so that peers do not dial in step.
    mutating func next(jitter: Double) -> TimeAmount {
        defer { step = min(step + 1, 32) }
        guard step > 0 else { return .zero }
        let doubled = Backoff.base.nanoseconds << Int64(min(step - 1, 24))
        let full = min(doubled, maximum.nanoseconds)
        return .nanoseconds(full - Int64(Double(full) / 2 * min(max(jitter, 0), 1)))
    }

    /// An established connection broke.
    mutating func connectionBroke(at now: NIODeadline) {
        if let lastReset, now - lastReset < Backoff.resetInterval { return }
        lastReset = now
        step = 0
    }

    /// The peer refused this node in words: asking again soon is of no use.
    mutating func peerRefused() { step = 32 }
}
