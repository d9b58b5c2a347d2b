import NodeReplica
import RaftCore

/// A leader holds every entry that a leader of an earlier term committed. Source: Raft, extended version, §5.4.
///
/// One look-up suffices: log matching, checked by itself, carries agreement on the last of them to all before it.
struct LeaderCompleteness {
    func becameLeader(_ id: NodeID, term: Term, _ replica: SimulatedReplica, _ ledger: Ledger) throws(Violation) {
        guard let last = ledger.lastCommitted(before: term) else { return }
        let index = LogIndex(last.index)
        guard index >= replica.inspection.firstLogIndex else { return }
        guard replica.inspectedTerm(at: index)?.rawValue == last.term else {
            throw Violation("leader-completeness", "\(id) leads term \(term) without committed entry \(index) of term \(last.term)")
        }
    }
}
