import ClusterTransport
import RaftCore
import WireFormat

/// A look at the node that waits at an address, before it is taken in.
struct Visit: Sendable {
    let name: String
    let address: String

    /// What it came to: the waiting node, or why there is none; in one line.
    enum Finding: Equatable, Sendable {
        case node(Membership.Member)
        case nothing(String)
    }

    /// What an event says of it; nil when it is about something else.
    func finding(in event: TransportEvent) -> Finding? {
        switch event {
        case .hello(let seen) where seen.direction == .outbound && seen.address == address: return judge(seen.hello)
        case .rejected(let cut) where cut.direction == .outbound && cut.address == address:
            // A node that takes the place of a member of its name shows another incarnation than the one known.
            guard let hello = cut.hello, [.incarnation, .memberName, .clusterID].contains(cut.cause) else { return .nothing(cut.text) }
            return judge(hello)
        case .refusedByPeer(let peer, let rejection) where peer.address == address: return .nothing("it refuses: \(rejection.text)")
        case .dialRefused(let peer) where peer.address == address: return .nothing("connection refused: nobody listens there")
        case .dialFailed(let peer, let problem) where peer.address == address: return .nothing(problem)
        case .frame, .contact, .linkOpened, .linkClosed, .hello, .rejected, .refusedByPeer, .dialRefused, .dialFailed: return nil
        }
    }

    /// Whether a node that said this may be taken in.
    func judge(_ hello: Hello) -> Finding {
        guard hello.memberName == name else { return .nothing("the node there calls itself \(hello.memberName)") }
        if let cluster = hello.clusterID {
            return .nothing("it belongs to cluster \(cluster) already; only a node with an empty storage path can be taken in")
        }
        return .node(
            Membership.Member(id: hello.incarnation, name: name, role: .learner, address: address, webURL: hello.webURL))
    }
}
