import ClusterHealth
import RaftCore

extension Replica {
    mutating func received(_ message: Message, health: HealthAttachment?, from sender: NodeID) {
        contact(sender, roundTrip: nil)
        if case .heartbeatReply(let reply) = message.body, message.term == raft.currentTerm, raft.isLeader {
            heartbeats.answered(round: reply.round, by: sender, at: now, counters: &counters)
            if isMember(sender) { note(health, of: sender) }
        }
        raft.receive(message, from: sender, now: now)
        if let digest = health?.digest { take(digest, of: message, from: sender) }
    }

    private mutating func note(_ health: HealthAttachment?, of member: NodeID) {
        if let sample = health?.sample { planner?.note(sample, of: member) }
        // Nobody speaks for another observer.
        let instant = now
        if let report = health?.report, report.observer == member { planner?.note(report, at: instant) }
    }

    /// Of others nothing is kept: anybody may say hello, under any number of names.
    private func isMember(_ node: NodeID) -> Bool { raft.membership?.member(node) != nil }

    mutating func contact(_ peer: NodeID, roundTrip: Duration?) {
        observer.contact(peer, at: now)
        if isMember(peer) { lastContact[peer] = moment.wall }
        if let roundTrip { links.measured(peer, roundTrip: roundTrip) }
    }

    mutating func linkOpened(_ peer: NodeID, boot: BootID, direction: LinkDirection) {
        isStale = true
        take(links.opened(peer, boot: boot, direction: direction), of: peer)
        observer.connected(peer, at: now)
        if direction == .outbound { raft.peerConnected(peer, now: now) }
    }

    mutating func linkClosed(_ peer: NodeID, boot: BootID, direction: LinkDirection) {
        take(links.closed(peer, boot: boot, direction: direction), of: peer)
        if !isMember(peer), peer != raft.currentLeader { links.forget(peer) }
    }

    mutating func dialRefused(_ peer: NodeID) {
        observer.dialRefused(peer, at: now)
        take(links.refused(peer), of: peer)
    }

    mutating func take(_ news: LinkTable.News, of peer: NodeID) {
        isStale = true
        switch news {
        case .nothing: break
        case .disconnected: observer.disconnected(peer, at: now)
        case .processGone:
            observer.disconnected(peer, at: now)
            observer.dialRefused(peer, at: now)
            raft.processGone(peer, slot: campaignSlot, now: now)
        }
    }

    /// How long a survivor waits for each one of lower rank: time for its campaign to reach everybody.
    ///
    /// Four times a round trip and a write, at least 20 ms, at most a quarter of the election timeout.
    private var campaignSlot: Duration {
        let measured = (links.slowestRoundTrip + counters.syncDuration.upperBound(ofQuantile: 0.99)) * 4
        return min(max(.milliseconds(20), measured), configuration.raft.electionTimeout / 4)
    }

    mutating func measured(_ newSample: HealthSample) {
        measuredSample = newSample
        var stamped = newSample
        stamped.stopping = isStopping
        if raft.isDiskStalled { stamped.degradedReasons.append(Replica.stalledStorage) }
        stamped.raft = HealthSample.RaftCounters(
            term: raft.currentTerm.rawValue, electionsStarted: raft.electionCounts.started, electionsWon: raft.electionCounts.won,
            appliedIndex: appliedIndex.rawValue)
        sample = stamped
        sampleSentTo = nil
        planner?.note(stamped, of: id)
    }

    /// What a sample says of a disk that does not keep up.
    private static let stalledStorage = "storage"

    /// Something that the sample says beside the measurements has changed.
    mutating func stampAgain() {
        if let measuredSample { measured(measuredSample) }
    }

    mutating func bootstrap(_ membership: Membership) {
        do {
            try raft.bootstrap(membership, now: now)
        } catch {
            // A leader's entries came first: this node has joined its cluster.
        }
    }

    /// Hands leadership over if it leads, and lets the next heartbeat reply say that the stop is deliberate.
    mutating func stop() {
        isStopping = true
        stampAgain()
        guard raft.isLeader else { return }
        do {
            try raft.transferLeadership(to: nil, now: now)
        } catch {
            effects.append(.transferRefused(error))
        }
    }
}
