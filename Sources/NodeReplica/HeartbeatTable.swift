import RaftCore

/// Heartbeats a leader sent, by peer: how many, how many went unanswered for an interval, and the latest round trip.
struct HeartbeatTable: Equatable, Sendable {
    private var pending = NodeMap<Pending>()

    private struct Pending: Equatable, Sendable {
        var round: UInt64
        var sentAt: MonotonicInstant
        /// The oldest round without an answer, while there is one.
        var unansweredSince: MonotonicInstant?
    }

    mutating func sent(round: UInt64, to peer: NodeID, at now: MonotonicInstant, interval: Duration, counters: inout ReplicaCounters) {
        counters.heartbeats[peer, default: 0] += 1
        var entry = pending[peer] ?? Pending(round: round, sentAt: now, unansweredSince: nil)
        if let since = entry.unansweredSince, now - since >= interval {
            counters.heartbeatFailures[peer, default: 0] += 1
            entry.unansweredSince = now
        }
        entry.round = round
        entry.sentAt = now
        entry.unansweredSince = entry.unansweredSince ?? now
        pending[peer] = entry
    }

    mutating func answered(round: UInt64, by peer: NodeID, at now: MonotonicInstant, counters: inout ReplicaCounters) {
        guard var entry = pending[peer] else { return }
        entry.unansweredSince = nil
        if entry.round == round { counters.heartbeatRoundTrip[peer] = now - entry.sentAt }
        pending[peer] = entry
    }

    /// Leadership ended: what is still unanswered says nothing.
    mutating func reset() { pending = NodeMap() }
}
