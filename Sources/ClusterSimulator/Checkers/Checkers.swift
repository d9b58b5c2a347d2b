import ClusterHealth
import NodeReplica
import RaftCore
import WireFormat

/// All checkers of a run. The simulator tells them what happened; each says by a `Violation` what must not have.
struct Checkers {
    var ledger: Ledger
    var electionSafety = ElectionSafety()
    var leaderAppendOnly = LeaderAppendOnly()
    var logMatching = LogMatching()
    var leaderCompleteness = LeaderCompleteness()
    var stateMachineSafety = StateMachineSafety()
    var singleVote = SingleVote()
    var durableBeforeSent = DurableBeforeSent()
    var commitDurability = CommitDurability()
    var ownTermCommit = OwnTermCommit()
    var monotonicity = Monotonicity()
    var acknowledgedStays = AcknowledgedStays()
    var configurationInFlight = ConfigurationInFlight()
    var ownTermBeforeChange = OwnTermBeforeChange()
    var transitionCounters = TransitionCounters()
    var recovery = Recovery()
    var snapshots = SnapshotSafety()
    var peerCorrectness = PeerCorrectness()
    var scrapes = ScrapeOracle()
    var history = ServedHistory()
    var requests = RequestOracle()
    var liveness = Liveness()
    var rounds = ProofRounds()
    var honesty: ObserverHonesty
    var evidence: VerdictEvidence
    var pace = ClusterTimePace()
    var peerMatch = PeerMatch()
    var stickyVote: StickyVote
    let stalledDisk: StalledDisk
    /// A replica whose view was changed by hand: what it holds and serves until it notices is not held against it.
    var planted: NodeID?
    var bounds: Bounds
    var detector: DetectorOracle

    init(founding: Membership, _ configuration: ReplicaConfiguration, members: Int, _ plan: RunPlan) {
        ledger = Ledger(founding: founding)
        bounds = Bounds(limits: configuration.raft.limits)
        honesty = ObserverHonesty(configuration.observer)
        evidence = VerdictEvidence(freshness: configuration.rounds.reportFreshness)
        stickyVote = StickyVote(electionTimeout: configuration.raft.electionTimeout)
        stalledDisk = StalledDisk(electionTimeout: configuration.raft.electionTimeout)
        detector = DetectorOracle(
            members: members, settlingTime: plan.settlingTime, detectionBound: plan.detectionBound,
            hearsayBound: plan.hearsayBound)
    }

    /// A store was opened after a transaction that was cut off: did it make it, as a whole? If neither is so, `recovery` says it.
    mutating func decide(_ undecided: [StorageWrite], _ identity: Identity, _ state: RecoveredState) {
        guard !undecided.isEmpty, recovery.difference(of: state, from: ledger.disks[identity.number]) != nil else { return }
        ledger.stored(undecided, at: identity.number)
    }

    /// Nobody waits for a scrape's answer any more.
    mutating func gaveUp(ticket: UInt64) {
        scrapes.gaveUp(ticket: ticket)
        history.gaveUp(ticket: ticket)
    }

    /// A replica has taken an input.
    ///
    /// - Returns: whether it has applied something nobody had applied before.
    mutating func stepped(
        _ identity: Identity, from before: Machine.Standing, lastTerm: Term, to after: Machine.Standing, _ replica: SimulatedReplica,
        effects: Int, at now: Int64, local: MonotonicInstant
    ) throws(Violation) -> Bool {
        let id = identity.id
        try bounds.stepped(id, replica, effects: effects)
        guard before != after else { return false }
        try monotonicity.stepped(id, from: before, to: after, ledger.disks[identity.number])
        try leaderAppendOnly.stepped(id, from: before, lastTerm: lastTerm, to: after, replica)
        try stickyVote.stepped(id, from: before, to: after, local: local)
        try acknowledgedStays.stepped(id, to: after)
        try ownTermBeforeChange.appended(id, from: before.last, to: after, replica)
        try configurationInFlight.appended(id, from: before.last, to: after, replica, committed: ledger.committedIndex)
        if after.isLeader, after.last > before.last || !before.isLeader {
            try noteProposals(id, from: before.last, to: after, replica, now, local)
        }
        if after.commit > before.commit {
            try ownTermCommit.advanced(id, from: before, to: after, replica)
            try commitDurability.advanced(id, from: before.commit, to: after, replica, &ledger)
        }
        guard after.applied > before.applied, id != planted else { return false }
        return try stateMachineSafety.applied(id, after.applied, replica.inspectedView)
    }

    private mutating func noteProposals(
        _ id: NodeID, from before: LogIndex, to after: Machine.Standing, _ replica: SimulatedReplica, _ now: Int64,
        _ local: MonotonicInstant
    ) throws(Violation) {
        var index = max(before.next, after.first)
        while index <= after.last {
            if let entry = replica.inspectedEntry(at: index) {
                scrapes.proposed(index, entry.term, local: local, at: now)
                ledger.configurations.appended(entry)
                if entry.term == after.term, let round = try round(in: entry, by: id) {
                    try evidence.proposed(round, in: entry, by: id, replica, local: local, honesty)
                    try pace.proposed(round, by: id, known: replica.inspectedView.clusterTime, at: now)
                }
            }
            index = index.next
        }
    }

    private func round(in entry: LogEntry, by id: NodeID) throws(Violation) -> HealthRound? {
        guard case .command(let bytes) = entry.content else { return nil }
        do throws(WireFormatError) {
            return try HealthRoundCoding.decode(bytes)
        } catch {
            throw Violation("verdict-evidence", "\(id) proposed a round that cannot be read: \(error)")
        }
    }

    /// A write was handed to the disk: its entries stand in a log.
    mutating func handedOut(_ write: StorageWrite, _ identity: Identity) throws(Violation) {
        if let snapshot = write.snapshot {
            let position = snapshot.snapshot.position
            try snapshots.handedOut(
                snapshot, identity.id, ledger, ledger.disks[identity.number],
                canonical: identity.id == planted ? nil : stateMachineSafety.view(at: position.index))
            if snapshot.log == .replace {
                logMatching.replaced(identity, by: ledger.committed.prefix(Int(position.index.rawValue)).map(\.entry.term))
            }
        }
        try logMatching.written(write.entries, by: identity)
    }

    /// A process starts with what its disk holds.
    mutating func started(_ identity: Identity, at local: MonotonicInstant) {
        honesty.started(identity.id, at: local)
        stickyVote.started(identity.id)
        logMatching.started(identity, ledger.disks[identity.number].entries.map(\.term))
        bounds.started(identity.id)
    }
}
