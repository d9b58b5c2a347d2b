package import ClusterHealth
package import RaftCore

// What the laboratory sees of a replica beside its effects. Nothing here changes anything, and nothing in the program uses it.

extension Replica {
    /// Where its consensus stands.
    package var inspection: RaftNode.Inspection { raft.inspection }

    /// The view as applied.
    package var inspectedView: ClusterHealthView { view }

    /// The last entry applied to the view.
    package var inspectedAppliedIndex: LogIndex { appliedIndex }

    /// The term of an entry in memory; nil where there is none.
    package func inspectedTerm(at index: LogIndex) -> Term? { raft.inspectedTerm(at: index) }

    /// What is on its way to the peers.
    package var inspectedWindow: RaftNode.Window { raft.inspectedWindow }

    /// Up to where a peer's log is known to be this leader's; nil when this node does not lead or knows no such peer.
    package func inspectedMatch(of peer: NodeID) -> LogIndex? { raft.inspectedMatch(of: peer) }

    /// An entry in memory; nil where there is none.
    package func inspectedEntry(at index: LogIndex) -> LogEntry? { raft.inspectedEntry(at: index) }
}
