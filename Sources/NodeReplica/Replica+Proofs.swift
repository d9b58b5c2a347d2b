import ClusterHealth
public import RaftCore

/// Requests for proof, from the asker's ticket to the answer.
struct ProofTable: Equatable, Sendable {
    /// Not asked of the core yet: this node campaigns.
    private var waiting: [UInt64] = []
    /// Ascending by identifier.
    private var asked: [(id: ProofID, ticket: UInt64)] = []
    /// Leadership is proven; the state must still reach the read index.
    private var proven: [(ticket: UInt64, readIndex: LogIndex, term: Term)] = []
    private var failed: [(ticket: UInt64, reason: ProofFailure)] = []

    /// Keeps a request until a campaign is over.
    ///
    /// - Returns: false when too many are kept.
    mutating func wait(_ ticket: UInt64) -> Bool {
        guard waiting.count < RaftNode.maximumProofs else { return false }
        waiting.append(ticket)
        return true
    }

    mutating func takeWaiting() -> [UInt64] {
        defer { waiting = [] }
        return waiting
    }

    mutating func asked(_ id: ProofID, ticket: UInt64) { asked.append((id, ticket)) }

    mutating func fail(_ ticket: UInt64, _ reason: ProofFailure) { failed.append((ticket, reason)) }

    mutating func answered(_ answer: ProofAnswer) {
        guard let position = asked.firstIndex(where: { $0.id == answer.id }) else { return }
        let ticket = asked.remove(at: position).ticket
        switch answer.result {
        case .proven(let readIndex, let term): proven.append((ticket, readIndex, term))
        case .leadershipLost: failed.append((ticket, .leadershipLost))
        }
    }

    mutating func leadershipLost() {
        failed += (asked.map(\.ticket) + proven.map(\.ticket)).map { ($0, .leadershipLost) }
        asked = []
        proven = []
    }

    mutating func abandon(_ ticket: UInt64) {
        waiting.removeAll { $0 == ticket }
        asked.removeAll { $0.ticket == ticket }
        proven.removeAll { $0.ticket == ticket }
        failed.removeAll { $0.ticket == ticket }
    }

    /// The proven requests whose read index is applied; they are taken out.
    mutating func takeProven(appliedThrough index: LogIndex) -> [(ticket: UInt64, term: Term)] {
        let due = proven.filter { $0.readIndex <= index }.map { (ticket: $0.ticket, term: $0.term) }
        proven.removeAll { $0.readIndex <= index }
        return due
    }

    mutating func takeFailed() -> [(ticket: UInt64, reason: ProofFailure)] {
        defer { failed = [] }
        return failed
    }

    static func == (lhs: ProofTable, rhs: ProofTable) -> Bool {
        lhs.waiting == rhs.waiting && lhs.asked.elementsEqual(rhs.asked, by: ==) && lhs.proven.elementsEqual(rhs.proven, by: ==)
            && lhs.failed.elementsEqual(rhs.failed, by: ==)
    }
}

extension Replica {
    /// Asks for a proof, or waits: a campaign is over within a moment, and when the leader hands over, every node would otherwise answer
    /// a scrape made just then without a view.
    mutating func requestProof(ticket: UInt64) {
        guard raft.isCampaigning else { return askForProof(ticket) }
        if !proofs.wait(ticket) { proofs.fail(ticket, .timeout) }
    }

    /// A campaign may be over: what waited for that is asked now.
    mutating func askForWaitingProofs() {
        guard !raft.isCampaigning else { return }
        for ticket in proofs.takeWaiting() { askForProof(ticket) }
    }

    private mutating func askForProof(_ ticket: UInt64) {
        do {
            proofs.asked(try raft.requestProof(now: now), ticket: ticket)
        } catch {
            switch error {
            case .notLeader: proofs.fail(ticket, .notLeader)
            case .tooManyWaiting: proofs.fail(ticket, .timeout)
            }
        }
    }

    /// Answers what can be answered. The view is served only by a leader that has applied a round of its own term, and not when the
    /// last one is old: heartbeats need no disk, so a leader that can no longer commit would otherwise prove itself and serve for ever.
    mutating func answerProofs() {
        for (ticket, reason) in proofs.takeFailed() { effects.append(.answerProof(ticket: ticket, .failed(reason))) }
        guard raft.isLeader, let lastRound, lastRound.term == raft.currentTerm else { return }
        var picture: ReplicaSnapshot?
        for (ticket, term) in proofs.takeProven(appliedThrough: appliedIndex) {
            if term != raft.currentTerm {
                effects.append(.answerProof(ticket: ticket, .failed(.leadershipLost)))
            } else if now - lastRound.at > configuration.serveLimit {
                effects.append(.answerProof(ticket: ticket, .failed(.stale)))
            } else {
                let current = picture ?? snapshot()
                picture = current
                effects.append(.answerProof(ticket: ticket, .proven(current)))
            }
        }
    }

    func snapshot() -> ReplicaSnapshot {
        ReplicaSnapshot(
            status: raft.status, appliedIndex: appliedIndex, appliedTerm: appliedTerm, view: view, lastContact: lastContact,
            peers: links.peerLinks, caughtUp: raft.hasCaughtUp(appliedThrough: appliedIndex),
            patienceThousandths: observer.patienceThousandths, counters: counters, snapshotTakenAt: snapshotTakenAt)
    }
}

extension Replica {
    /// The governing configuration; nil before the cluster's first entry arrived.
    public var membership: Membership? { raft.membership }

    /// Why a request for proof has had no answer when its time is up.
    public var proofFailureAtExpiry: ProofFailure { raft.isLeader && lastRound?.term != raft.currentTerm ? .noRound : .timeout }

    /// A picture of the state as it is.
    public var currentSnapshot: ReplicaSnapshot { snapshot() }
}
