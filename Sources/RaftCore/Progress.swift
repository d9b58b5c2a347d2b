/// What a leader knows of one other node's log, and what it may send it.
///
/// Legal transitions: probe → replicate on an acknowledgement; replicate → probe on a rejection or a lost append; probe or replicate →
/// snapshot when the next entry is no longer held; snapshot → replicate on an acknowledgement of the snapshot or what lies beyond.
/// Source: Raft, extended version, §5.3 (nextIndex, matchIndex) and §7.
struct Progress: Equatable, Sendable {
    /// The greatest index known to be durable there.
    private(set) var match: LogIndex = .zero
    /// The next index to send.
    private(set) var next: LogIndex
    private(set) var mode: Mode = .probe(sentAt: nil)
    /// The send time of the newest heartbeat it acknowledged.
    var acknowledgedSentAt: MonotonicInstant?
    /// The newest proof round it acknowledged; 0 for none.
    var acknowledgedRound: UInt64 = 0
    /// When the oldest entry it lacks was appended here; nil when it is level.
    var behindSince: MonotonicInstant?
    /// Set for a node that a change has removed: it is told of that, then forgotten.
    var departure: Departure?

    struct Departure: Equatable, Sendable {
        /// The entry that removed it.
        var index: LogIndex
        /// When it is given up; nil until the entry is committed.
        var deadline: MonotonicInstant?
    }

    enum Mode: Equatable, Sendable {
        /// Where the logs agree is unknown: one append at a time.
        case probe(sentAt: MonotonicInstant?)
        /// Appends are pipelined within the bounds.
        case replicate(inflight: [Inflight])
        /// It lacks entries that are held no longer: a snapshot is on its way, and nothing else.
        case snapshot(SnapshotTransfer)
    }

    /// One append on its way.
    struct Inflight: Equatable, Sendable {
        var last: LogIndex
        var bytes: Int
        var sentAt: MonotonicInstant
    }

    init(next: LogIndex) { self.next = next }

    /// Whether another append may be sent now.
    func maySend(limits: RaftConfiguration.Limits) -> Bool {
        switch mode {
        case .probe(let sentAt): return sentAt == nil
        case .replicate(let inflight):
            return inflight.count < limits.inflightMessages && inflight.reduce(0) { $0 + $1.bytes } < limits.inflightBytes
        case .snapshot: return false
        }
    }

    /// Notes an append with entries through `last`; an empty one when `last` is the entry before `next`.
    mutating func sent(through last: LogIndex, bytes: Int, now: MonotonicInstant) {
        switch mode {
        case .probe: mode = .probe(sentAt: now)
        case .replicate(var inflight):
            guard last >= next else { return }
            inflight.append(Inflight(last: last, bytes: bytes, sentAt: now))
            mode = .replicate(inflight: inflight)
            next = last.next
        case .snapshot: break
        }
    }

    /// Notes that everything through `index` is durable there. Tells whether that is news.
    mutating func acknowledged(through index: LogIndex) -> Bool {
        let advanced = index > match
        match = max(match, index)
        next = max(next, match.next)
        switch mode {
        case .probe: mode = .replicate(inflight: [])
        case .replicate(let inflight): mode = .replicate(inflight: inflight.filter { $0.last > match })
        case .snapshot(let transfer):
            if match >= transfer.snapshot.position.index { mode = .replicate(inflight: []) }
        }
        return advanced
    }

    /// Notes that the append before `rejected` found no agreement; `resume` is where to try next.
    ///
    /// - Returns: false for a late answer that says nothing new.
    mutating func rejected(at rejected: LogIndex, resume: LogIndex) -> Bool {
        switch mode {
        case .probe: guard rejected == next.previous else { return false }
        case .replicate: guard rejected > match else { return false }
        case .snapshot: return false
        }
        next = max(match.next, min(resume, rejected))
        mode = .probe(sentAt: nil)
        return true
    }

    /// Gives up waiting for an append sent before an instant: it counts as lost.
    mutating func expire(sentBefore limit: MonotonicInstant) {
        switch mode {
        case .probe(let sentAt?) where sentAt < limit: mode = .probe(sentAt: nil)
        case .replicate(let inflight):
            guard let oldest = inflight.first, oldest.sentAt < limit else { return }
            next = match.next
            mode = .probe(sentAt: nil)
        case .snapshot(var transfer):
            transfer.expire(sentBefore: limit)
            mode = .snapshot(transfer)
        case .probe: break
        }
    }

    /// Begins to send a snapshot: entries go on behind it.
    mutating func beginSnapshot(_ snapshot: Snapshot) {
        mode = .snapshot(SnapshotTransfer(snapshot))
        next = max(match, snapshot.position.index).next
    }

    /// The snapshot on its way, if one is.
    var transfer: SnapshotTransfer? {
        get {
            switch mode {
            case .snapshot(let transfer): return transfer
            case .probe, .replicate: return nil
            }
        }
        set {
            if let newValue, transfer != nil { mode = .snapshot(newValue) }
        }
    }
}
