import ClusterHealth
import NodeReplica
import RaftCore

/// The replica of a process, held by reference: it is a large value, and every input asks it several things.
///
/// Not final: tests of the checkers put one in its place that says of itself what no correct one would.
class SimulatedReplica {
    private var replica: Replica

    init(_ replica: Replica) { self.replica = replica }

    func start(at moment: Moment) -> [ReplicaEffect] { replica.start(at: moment) }

    func handle(_ input: ReplicaInput, at moment: Moment) -> [ReplicaEffect] { replica.handle(input, at: moment) }

    func damageView() { replica.damageView() }

    // MARK: What it is asked

    var membership: Membership? { ask { $0.membership } }

    var inspection: RaftNode.Inspection { ask { $0.inspection } }

    var inspectedView: ClusterHealthView { ask { $0.inspectedView } }

    var inspectedAppliedIndex: LogIndex { ask { $0.inspectedAppliedIndex } }

    var inspectedWindow: RaftNode.Window { ask { $0.inspectedWindow } }

    func inspectedMatch(of peer: NodeID) -> LogIndex? { ask { $0.inspectedMatch(of: peer) } }

    func inspectedTerm(at index: LogIndex) -> Term? { ask { $0.inspectedTerm(at: index) } }

    func inspectedEntry(at index: LogIndex) -> LogEntry? { ask { $0.inspectedEntry(at: index) } }

    /// Asks the replica where it lies: merely read, and not handed over to be changed, it would be copied as a whole first.
    private func ask<Answer>(_ question: (inout Replica) -> Answer) -> Answer { question(&replica) }
}
