import ClusterHealth
import RaftCore

extension Replica {
    /// Moves writes through the gate; tells whether one became durable on the way.
    mutating func passGate() -> Bool {
        switch gate.next() {
        case nil: return false
        case .store(let batch):
            effects.append(.write(batch))
            return false
        case .durable(let batch):
            release(batch)
            return true
        }
    }

    mutating func written(_ number: WriteNumber, duration: Duration) {
        let batch = gate.confirmed(number)
        invariant(batch != nil, "write \(number) was confirmed, but another one is under way")
        counters.syncDuration.record(duration)
        if let batch { release(batch) }
    }

    /// A batch is durable: the core may count on it, and what waited for it leaves.
    private mutating func release(_ batch: StorageBatch) {
        for outbound in batch.writes.flatMap(\.messages) { send(outbound) }
        raft.written(batch.number, now: now)
    }

    /// Sends a message, with what this node has to say about health when it answers a heartbeat.
    mutating func send(_ outbound: OutboundMessage) {
        switch outbound.message.body {
        case .heartbeat(let heartbeat):
            heartbeats.sent(
                round: heartbeat.round, to: outbound.to, at: now, interval: configuration.raft.heartbeatInterval, counters: &counters)
            let agreed = digests.agreed.map { HealthAttachment(digest: $0) }
            effects.append(.send(outbound.message, health: agreed, to: outbound.to))
        case .heartbeatReply:
            effects.append(.send(outbound.message, health: attachment(for: outbound), to: outbound.to))
        case .preVoteRequest, .preVoteReply, .voteRequest, .voteReply, .append, .appendReply, .timeoutNow, .snapshotChunk, .snapshotReply:
            effects.append(.send(outbound.message, health: nil, to: outbound.to))
        }
    }

    private mutating func attachment(for outbound: OutboundMessage) -> HealthAttachment {
        let isVoter = raft.membership?.member(id)?.role == .voter
        let report = isVoter ? observer.report(observer: id) : nil
        let known = sampleSentTo.map { $0.leader == outbound.to && $0.term == outbound.message.term } ?? false
        guard !known, let sample else { return HealthAttachment(report: report, digest: digests.newest) }
        sampleSentTo = (outbound.to, outbound.message.term)
        if sample.stopping { effects.append(.stopAnnounced) }
        return HealthAttachment(sample: sample, report: report, digest: digests.newest)
    }
}
