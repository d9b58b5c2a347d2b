import NodeReplica
import RaftCore

// Whom a process holds connections with, and whom it turns down.

extension Simulator {
    func isPeer(_ to: Int, of from: Int) -> Bool { machines[from].peers.contains { $0.slot == to } }

    func expected(_ to: Int, by from: Int) -> NodeID? { machines[from].peers.first { $0.slot == to }?.id }

    /// Whether both hellos are taken.
    func takes(_ from: Int, _ to: Int) -> Bool {
        isTaken(from, by: to) && isTaken(to, by: from)
    }

    private func isTaken(_ other: Int, by slot: Int) -> Bool {
        machines[slot].policy.known(by: machines[other].name, other: machines[other].identity.id) == nil
    }

    /// A dialler's hello was taken; a stranger is dialled back.
    mutating func greet(_ from: Int, _ to: Int) {
        let peer = PeerPolicy.Peer(id: machines[from].identity.id, name: machines[from].name, address: address(of: from))
        if machines[to].policy.greeted(by: peer) { refreshPeers(of: to) }
    }

    func address(of slot: Int) -> String { "\(machines[slot].name):1" }

    mutating func setPeers(_ members: [Membership.Member], of slot: Int) {
        guard let membership = machines[slot].replica?.membership else { return }
        machines[slot].policy.connect(members, governing: membership)
        refreshPeers(of: slot)
    }

    /// A process has started: before it knows of a configuration it dials everybody it was told of.
    mutating func resetPeers(of slot: Int) {
        machines[slot].policy = PeerPolicy(id: machines[slot].identity.id)
        machines[slot].peers = machines.indices.filter { $0 != slot }.map { Machine.Peer(slot: $0) }
    }

    /// Connections with those that are no peers any more, or are turned down now, end; new peers are dialled.
    mutating func refreshPeers(of slot: Int) {
        guard machines[slot].replica?.membership != nil else { return }
        machines[slot].peers = machines[slot].policy.peers.compactMap { peer in
            machines.firstIndex { $0.slot != slot && $0.name == peer.name }.map { Machine.Peer(slot: $0, id: peer.id) }
        }
        for other in machines.indices where other != slot {
            let out = links[position(slot, other)].dialerSees
            if let out, !isPeer(other, of: slot) || turnsDown(out, slot) {
                breakLink(slot, other, dialerAfter: 0, acceptorAfter: plan.network.latency)
            }
            if let inward = links[position(other, slot)].acceptorSees, turnsDown(inward, slot) {
                breakLink(other, slot, dialerAfter: plan.network.latency, acceptorAfter: 0)
            }
        }
        for peer in machines[slot].peers { redial(slot, peer.slot, after: 0) }
    }

    private func turnsDown(_ seen: Link.Seen, _ slot: Int) -> Bool {
        machines.contains { other in
            other.identity == seen.identity && machines[slot].policy.known(by: other.name, other: seen.identity.id) != nil
        }
    }
}
