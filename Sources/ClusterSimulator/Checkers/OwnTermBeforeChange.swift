import NodeReplica
import RaftCore

/// A leader appends a change of the configuration only once an entry of its own term is committed. Otherwise two leaders in turn can each
/// append a change that only their own side holds, and commit by majorities that do not meet.
/// Source: D. Ongaro, "bug in single-server membership changes", raft-dev, 10 July 2015.
struct OwnTermBeforeChange {
    func appended(_ id: NodeID, from before: LogIndex, to after: Machine.Standing, _ replica: SimulatedReplica) throws(Violation) {
        guard after.isLeader, after.last > before, replica.inspectedTerm(at: after.commit) != after.term else { return }
        var index = max(before.next, after.first)
        while index <= after.last {
            if let entry = replica.inspectedEntry(at: index), case .membership = entry.content, entry.term == after.term {
                throw Violation(
                    "own-term-before-change",
                    "\(id) leads term \(after.term) and appended change \(index), committed is \(after.commit) of an earlier term")
            }
            index = index.next
        }
    }
}
