import NodeReplica
import RaftCore

/// At most one change of the configuration is appended and not committed. Source: thesis §4.1.
struct ConfigurationInFlight {
    /// - Parameter committed: the newest entry that is, though this leader may not know yet.
    func appended(
        _ id: NodeID, from before: LogIndex, to after: Machine.Standing, _ replica: SimulatedReplica, committed: UInt64
    ) throws(Violation) {
        guard after.isLeader, after.last > before else { return }
        var uncommitted = 0
        var index = max(after.commit.next, LogIndex(committed).next, after.first)
        while index <= after.last {
            if case .membership = replica.inspectedEntry(at: index)?.content { uncommitted += 1 }
            index = index.next
        }
        guard uncommitted <= 1 else {
            throw Violation("one-configuration-change", "\(id) has \(uncommitted) changes of the configuration in flight")
        }
    }
}
