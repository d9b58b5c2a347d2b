import NodeReplica
import RaftCore

/// A leader commits by counting only entries of its own term. Source: Raft, extended version, §5.4.2.
struct OwnTermCommit {
    func advanced(_ id: NodeID, from before: Machine.Standing, to after: Machine.Standing, _ replica: SimulatedReplica) throws(Violation) {
        guard before.isLeader, after.isLeader, before.term == after.term, after.commit > before.commit else { return }
        let term = replica.inspectedTerm(at: after.commit)
        guard term == after.term else {
            throw Violation(
                "own-term-commit", "\(id) leads term \(after.term) and committed entry \(after.commit) of term \(term ?? .zero) by counting"
            )
        }
    }
}
