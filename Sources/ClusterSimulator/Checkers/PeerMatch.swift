import NodeReplica
import RaftCore

/// What a leader takes for replicated to a peer is on that peer's disk, unless the peer has gone on to a later term; and an answer of
/// an earlier term changes nothing of it, for the log it tells of may have been cut since.
/// Source: Raft, extended version, figure 2 (matchIndex) and §5.1.
struct PeerMatch {
    /// What a leader takes for replicated to a peer while an answer of an earlier term is handed to it.
    struct Stale {
        let peer: NodeID
        let answered: Term
        let match: LogIndex?
    }

    /// - Returns: nil when the input is not such an answer.
    func handedIn(_ input: ReplicaInput, _ standing: Machine.Standing, _ replica: SimulatedReplica) -> Stale? {
        guard standing.isLeader, case .received(let message, _, let peer) = input, message.term < standing.term else { return nil }
        switch message.body {
        case .appendReply, .snapshotReply: return Stale(peer: peer, answered: message.term, match: replica.inspectedMatch(of: peer))
        default: return nil
        }
    }

    /// A process has taken an input.
    func stepped(
        _ id: NodeID, _ input: ReplicaInput, _ stale: Stale?, _ standing: Machine.Standing, _ replica: SimulatedReplica, _ ledger: Ledger
    ) throws(Violation) {
        guard standing.isLeader, case .received(let message, _, let peer) = input else { return }
        if let stale {
            let match = replica.inspectedMatch(of: stale.peer)
            guard match == stale.match else {
                throw Violation(
                    "peer-match",
                    "\(id) leads term \(standing.term); an answer of \(stale.peer) in term \(stale.answered) moves it to \(match ?? .zero)")
            }
        } else if case .appendReply = message.body {
            try answered(id, by: peer, standing, replica, ledger)
        }
    }

    private func answered(_ id: NodeID, by peer: NodeID, _ standing: Machine.Standing, _ replica: SimulatedReplica, _ ledger: Ledger)
        throws(Violation)
    {
        guard let match = replica.inspectedMatch(of: peer), let term = replica.inspectedTerm(at: match) else { return }
        let number = Identity.number(of: peer)
        guard match > .zero, number < ledger.disks.count, ledger.disks[number].hardState.term <= standing.term else { return }
        guard !ledger.disks[number].holds(match.rawValue, term: term.rawValue) else { return }
        throw Violation(
            "peer-match", "\(id) leads term \(standing.term) and takes entry \(match) of term \(term) to be on the disk of \(peer)")
    }
}
