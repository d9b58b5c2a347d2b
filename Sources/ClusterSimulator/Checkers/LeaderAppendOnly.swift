import NodeReplica
import RaftCore

/// A leader never overwrites or deletes entries of its log while it leads. Source: Raft, extended version, §5.3.
struct LeaderAppendOnly {
    /// - Parameter lastTerm: the term at the end of the log before the input.
    func stepped(_ id: NodeID, from before: Machine.Standing, lastTerm: Term, to after: Machine.Standing, _ replica: SimulatedReplica)
        throws(Violation)
    {
        guard before.isLeader, after.isLeader, before.term == after.term else { return }
        guard after.last >= before.last else {
            throw Violation("leader-append-only", "\(id) leads term \(after.term), its log shrank from \(before.last) to \(after.last)")
        }
        guard before.last < after.first || replica.inspectedTerm(at: before.last) == lastTerm else {
            throw Violation("leader-append-only", "\(id) leads term \(after.term) and replaced entry \(before.last)")
        }
    }
}
