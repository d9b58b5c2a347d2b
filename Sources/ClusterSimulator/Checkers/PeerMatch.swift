import NodeReplica
import RaftCore

/// What a leader takes for replicated to a peer is on that peer's disk, unless the peer has gone on to a later term.
/// Source: Raft, extended version, figure 2 (matchIndex).
struct PeerMatch {
    /// A leader has taken an answer to an append.
    func answered(_ id: NodeID, by peer: NodeID, _ standing: Machine.Standing, _ replica: SimulatedReplica, _ ledger: Ledger)
        throws(Violation)
    {
        guard standing.isLeader, let match = replica.inspectedMatch(of: peer), let term = replica.inspectedTerm(at: match) else { return }
        let number = Identity.number(of: peer)
        guard match > .zero, number < ledger.disks.count, ledger.disks[number].hardState.term <= standing.term else { return }
        guard !ledger.disks[number].holds(match.rawValue, term: term.rawValue) else { return }
        throw Violation(
            "peer-match", "\(id) leads term \(standing.term) and takes entry \(match) of term \(term) to be on the disk of \(peer)")
    }
}
