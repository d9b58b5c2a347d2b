import ClusterHealth
import RaftCore
import WireFormat

extension Replica {
    mutating func note(_ fact: RaftFact) {
        isStale = true
        effects.append(.log(fact))
        switch fact {
        case .becameLeader: startLeading()
        case .steppedDown(_, let reason):
            stopLeading()
            answerRequestsOnStepDown(reason)
        case .membershipChanged(let membership): membershipChanged(membership)
        case .departed, .leaderChanged: mayDropPeers = true
        case .removed: effects.append(.removed)
        case .storageStalled: stampAgain()
        case .becameFollower, .startedPreVote, .startedElection, .preVoteRefused, .logTruncated, .malformedMessage, .logCompacted,
            .snapshotSendingStarted, .snapshotReceived, .snapshotRefused, .snapshotTooLarge:
            break
        }
    }

    private mutating func startLeading() {
        planner = RoundPlanner(configuration: configuration.rounds, settings: configuration.verdict, leadingSince: now)
        roundInFlight = nil
        digests.forgetOthers()
        if let sample { planner?.note(sample, of: id) }
    }

    private mutating func stopLeading() {
        planner = nil
        roundInFlight = nil
        heartbeats.reset()
        proofs.leadershipLost()
    }

    mutating func membershipChanged(_ membership: Membership) {
        let others = membership.members.filter { $0.id != id }
        observer.watch(members: others.map(\.id), at: now)
        links.keep(others.map(\.id))
        lastContact.keep { peer, _ in membership.member(peer) != nil }
        planner?.keep(membership)
        connectPeers()
    }

    /// Asks no longer for the connections that are not needed; once what was to be said on them has been handed over.
    mutating func dropPeers() {
        guard mayDropPeers else { return }
        mayDropPeers = false
        if peers.contains(where: { raft.membership?.member($0.id) == nil }) { connectPeers() }
    }

    /// The peers to hold connections with: the other members, and those that must still hear of their removal. A leader that a change
    /// removes is answered until another one leads: without the answers it could never commit the change (thesis §4.2.2).
    private mutating func connectPeers() {
        guard let membership = raft.membership else { return }
        let departing = raft.departing
        let outgoing = peers.filter { departing.contains($0.id) || $0.id == raft.currentLeader }
        peers = membership.members.filter { $0.id != id } + outgoing.filter { membership.member($0.id) == nil }
        effects.append(.connect(peers))
    }

    /// Whether a round may be proposed: with none in flight and everything applied that is in the log, since decisions are drawn from
    /// the view before.
    var mayPlan: Bool {
        raft.isLeader && roundInFlight == nil && appliedIndex == raft.lastLogIndex && appliedTerm == raft.currentTerm
    }

    /// Proposes a round when one is due.
    mutating func planRound() {
        let instant = now
        guard mayPlan, planner?.isSpaced(at: instant) ?? false else { return }
        planner?.note(observer.report(observer: id), at: instant)
        let time = clock.time(at: instant, wall: moment.wall)
        guard let round = planner?.plan(view: view, clusterTime: time, at: instant, wall: moment.wall) else { return }
        planner?.proposed(round, at: instant)
        do {
            let index = try raft.propose(HealthRoundCoding.encode(round), now: instant)
            clock.proposed(round.clusterTime, at: instant)
            roundInFlight = (index, instant)
        } catch {
            // Counted by the core with its reason; the next deadline tries again.
        }
    }

    mutating func apply(_ entry: LogEntry) {
        invariant(entry.index == appliedIndex.next, "entry \(entry.index) applied behind \(appliedIndex)")
        switch entry.content {
        case .noop: break
        case .membership(let membership):
            view.apply(membership)
            removed.applied(membership)
        case .command(let bytes): apply(bytes, of: entry)
        }
        appliedIndex = entry.index
        appliedTerm = entry.term
        isStale = true
        digestView(at: entry.index)
        for (ticket, outcome) in requests.takeDecided(by: LogPosition(index: entry.index, term: entry.term)) {
            effects.append(.answerRequest(ticket: ticket, outcome))
        }
    }

    private mutating func apply(_ bytes: [UInt8], of entry: LogEntry) {
        let round: HealthRound
        do {
            round = try HealthRoundCoding.decode(bytes)
        } catch {
            effects.append(.diverged("entry \(entry.index) holds a round this version cannot read: \(error)"))
            return
        }
        let outcome = view.apply(round)
        if let divergence = outcome.divergence { effects.append(.diverged("entry \(entry.index): \(divergence)")) }
        // What is applied again after a start is no news.
        if raft.hasCaughtUp(appliedThrough: appliedIndex) { effects += outcome.transitions.map { .transition($0) } }
        clock.applied(view.clusterTime ?? round.clusterTime, at: now)
        let isOwn = roundInFlight?.index == entry.index && entry.term == raft.currentTerm && raft.isLeader
        if let inFlight = roundInFlight, isOwn {
            counters.commitDuration.record(now - inFlight.at)
            lastRound = (entry.term, inFlight.at)
            roundInFlight = nil
        } else {
            lastRound = (entry.term, now)
        }
    }
}
