/// A snapshot on its way to one follower: in chunks, a bounded number of them unanswered, resumed at what the follower has.
///
/// The first chunk goes alone: its answer tells how much the follower has already, from this leader or an earlier one.
struct SnapshotTransfer: Equatable, Sendable {
    let snapshot: Snapshot
    /// Bytes the follower is known to have.
    private(set) var acknowledged = 0
    /// Where the next chunk begins.
    private var next = 0
    /// Chunks on their way, ascending by where they end.
    private var inflight: [Inflight] = []
    /// Nothing is known of what the follower has.
    private var isProbing = true

    private struct Inflight: Equatable, Sendable {
        var end: Int
        var sentAt: MonotonicInstant
    }

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// Chunks sent and not yet answered.
    var chunksInFlight: Int { inflight.count }

    /// The next chunk, when one may be sent now; it counts as sent.
    mutating func takeChunk(limits: RaftConfiguration.Limits, now: MonotonicInstant) -> SnapshotChunk? {
        let total = snapshot.bytes.count
        guard inflight.count < (isProbing ? 1 : limits.snapshotChunksInFlight), next < total || (total == 0 && inflight.isEmpty) else {
            return nil
        }
        let end = min(next + limits.snapshotChunkBytes, total)
        let chunk = SnapshotChunk(
            position: snapshot.position, membership: snapshot.membership, membershipIndex: snapshot.membershipIndex,
            checksum: snapshot.checksum, totalBytes: total, offset: next, bytes: Array(snapshot.bytes[next..<end]))
        inflight.append(Inflight(end: end, sentAt: now))
        next = end
        return chunk
    }

    /// Notes how much the follower has, and goes on from there.
    ///
    /// A smaller number than one known already is an answer that was overtaken, unless it is none at all.
    ///
    /// - Returns: whether it has lost what it had: what arrived there was damaged, or it began anew.
    mutating func received(_ bytes: Int) -> Bool {
        let hasLost = bytes == 0 && acknowledged > 0
        guard bytes >= acknowledged || hasLost || isProbing else { return false }
        if hasLost || isProbing {
            isProbing = false
            restart(at: bytes)
        } else {
            acknowledged = bytes
            inflight.removeAll { $0.end <= bytes && $0.end < snapshot.bytes.count }
            next = max(next, bytes)
        }
        return hasLost
    }

    /// Gives up waiting for chunks sent before an instant: they count as lost, and one chunk asks where to go on.
    mutating func expire(sentBefore limit: MonotonicInstant) {
        guard let oldest = inflight.first, oldest.sentAt < limit else { return }
        restart(at: 0)
        isProbing = true
    }

    private mutating func restart(at offset: Int) {
        // A follower that has all but did not say it installed is sent the last byte again: that one it answers.
        acknowledged = offset
        next = min(offset, max(0, snapshot.bytes.count - 1))
        inflight = []
    }
}
