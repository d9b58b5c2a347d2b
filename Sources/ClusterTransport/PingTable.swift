/// When the last pings of a link were sent.
///
/// A round trip is measured by what this node remembers: what the other side echoes may be anything.
struct PingTable {
    private var lastSequence: UInt64 = 0
    /// Ascending by sequence; those without an answer yet.
    private var unanswered: [(sequence: UInt64, sent: Int64)] = []

    /// An answer that is later than so many pings measures nothing any more.
    static let maximumUnanswered = 32

    /// - Returns: the sequence number of a ping that is sent now.
    mutating func begin(at sent: Int64) -> UInt64 {
        lastSequence += 1
        if unanswered.count == PingTable.maximumUnanswered { unanswered.removeFirst() }
        unanswered.append((lastSequence, sent))
        return lastSequence
    }

    /// - Returns: the time since the ping was sent; nil when none with that number waits for its answer.
    mutating func end(_ sequence: UInt64, at now: Int64) -> Duration? {
        guard let position = unanswered.firstIndex(where: { $0.sequence == sequence }) else { return nil }
        let sent = unanswered[position].sent
        // Answers come in the order of the pings: what is older has been lost.
        unanswered.removeFirst(position + 1)
        return .nanoseconds(max(0, now - sent))
    }
}
