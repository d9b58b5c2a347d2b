import NodeReplica
import RaftCore

extension Simulator {
    private func name(of id: NodeID) -> String { slot(of: id).map { machines[$0].name } ?? "\(id)" }

    /// An input in a few words, for the trace.
    func words(for input: ReplicaInput) -> String {
        switch input {
        case .received(let message, let health, let sender):
            return "receives \(message.body) of term \(message.term)\(health == nil ? "" : " with health") from \(name(of: sender))"
        case .contact(let peer, _): return "hears of \(name(of: peer))"
        case .linkOpened(let peer, let boot, let direction): return "\(direction) link with \(name(of: peer)), boot \(boot)"
        case .linkClosed(let peer, _, let direction): return "\(direction) link with \(name(of: peer)) closed"
        case .dialRefused(let peer): return "is refused by \(name(of: peer))"
        case .sample: return "measures itself"
        case .written(let number, _): return "has written \(number)"
        case .deadline: return "wakes"
        case .proofRequested(let ticket): return "is scraped, ticket \(ticket)"
        case .proofAbandoned(let ticket): return "is left by ticket \(ticket)"
        case .bootstrap: return "founds the cluster"
        case .changeMembership(let change, _): return "is asked to change the configuration: \(change)"
        case .join(let member, _): return "is asked by \(member.name) to be taken in"
        case .transferLeadership(let target, _): return "is asked to hand over to \(target.map { name(of: $0) } ?? "anybody")"
        case .requestAbandoned(let ticket): return "is left by request \(ticket)"
        case .snapshotEncoded(let snapshot): return "has encoded a snapshot of \(snapshot.position)"
        case .stopping: return "is told to stop"
        }
    }
}
