import NodeReplica
import RaftCore

/// What a node calls committed is on the disks of a majority of the governing configuration when it is first called so, and never changes.
/// Source: Raft, extended version, §5.3.
struct CommitDurability {
    func advanced(
        _ id: NodeID, from before: LogIndex, to after: Machine.Standing, _ replica: SimulatedReplica, _ ledger: inout Ledger
    ) throws(Violation) {
        var index = max(before.next, after.first)
        while index <= after.commit {
            guard let entry = replica.inspectedEntry(at: index) else {
                throw Violation("commit-durability", "\(id) committed entry \(index), which it does not hold")
            }
            if index.rawValue <= ledger.committedIndex {
                guard ledger.isCommitted(index.rawValue, term: entry.term.rawValue) else {
                    throw Violation("commit-agreement", "\(id) committed another entry \(index), of term \(entry.term)")
                }
            } else {
                try first(id, entry, after, replica, &ledger)
            }
            index = index.next
        }
    }

    private func first(
        _ id: NodeID, _ entry: LogEntry, _ standing: Machine.Standing, _ replica: SimulatedReplica, _ ledger: inout Ledger
    ) throws(Violation) {
        let governing = ledger.configurations.governing(in: replica, through: standing.last) ?? ledger.configurations.committed
        guard governing == replica.membership else {
            throw Violation("governing-configuration", "\(id) does not go by the last configuration of its log")
        }
        let voters = governing.voters
        let holders = ledger.holders(of: entry.index.rawValue, term: entry.term.rawValue, among: voters)
        guard holders >= Quorum.majority(of: voters.count) else {
            throw Violation(
                "commit-durability",
                "\(id) committed entry \(entry.index) of term \(entry.term), which \(holders) disks of \(voters.count) hold")
        }
        try ledger.commit(entry, in: standing.term)
    }
}
