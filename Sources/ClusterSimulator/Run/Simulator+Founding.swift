import NodeReplica
import RaftCore
import WireFormat

// The cluster's beginning: as in production, the first of the initial members founds it once all of them have answered.

extension Simulator {
    /// An initial member that starts on an empty store may be the one to found the cluster.
    mutating func prepareFounding(_ slot: Int, _ recovered: RecoveredState) {
        machines[slot].bootstrap = nil
        let isEmpty = recovered.hardState == HardState() && recovered.snapshot == nil && recovered.entries.isEmpty
        guard isEmpty, !machines[slot].isJoining, founding.members.contains(where: { $0.name == machines[slot].name }) else { return }
        let (name, id) = (machines[slot].name, machines[slot].identity.id)
        let own = Membership.Member(id: id, name: name, role: .voter, address: "\(name):1", webURL: "http://\(name)")
        machines[slot].bootstrap = Bootstrap(own: own, initialNames: founding.members.map(\.name))
    }

    /// Two nodes have exchanged their hellos.
    mutating func greeted(_ slot: Int, by peer: Int) throws(Violation) {
        guard machines[slot].bootstrap != nil else { return }
        let hello = hello(of: peer)
        machines[slot].bootstrap?.take(hello)
        try foundIfPossible(slot)
    }

    mutating func foundIfPossible(_ slot: Int) throws(Violation) {
        guard machines[slot].isRunning, machines[slot].replica?.membership == nil, let founders = machines[slot].bootstrap?.founders else {
            return
        }
        machines[slot].bootstrap = nil
        try Founding.check(founders, against: founding, by: machines[slot].identity.id, checkers.ledger)
        try feed(.bootstrap(founding), to: slot)
    }

    private func hello(of slot: Int) -> Hello {
        let machine = machines[slot]
        let clusterID = machine.replica?.membership?.clusterID
        return Hello(
            protocolVersion: 1, clusterName: "simulated", clusterID: clusterID, memberName: machine.name, incarnation: machine.identity.id,
            boot: BootID(UInt64(machine.boot)), programVersion: "simulated", listenAddress: "\(machine.name):1",
            webURL: "http://\(machine.name)", kind: .node, bootstrapped: clusterID != nil)
    }
}
