import RaftCore

/// The connections with each peer, and what their ends say of the peer's process.
struct LinkTable: Equatable, Sendable {
    private var links = NodeMap<Link>()

    private struct Link: Equatable, Sendable {
        var outbound: BootID?
        var inbound: BootID?
        /// The boot last seen, connected or not.
        var lastBoot: BootID?
        /// A dial was refused since the last connection ended.
        var refused = false
        var roundTrip: Duration?

        var isDisconnected: Bool { outbound == nil && inbound == nil }
    }

    /// What a change of a connection means.
    enum News: Equatable {
        case nothing
        /// The last connection with the process ended.
        case disconnected
        /// The process that was there is gone: all its connections broke and a redial was refused, or another boot answers.
        case processGone
    }

    mutating func opened(_ peer: NodeID, boot: BootID, direction: LinkDirection) -> News {
        var link = links[peer] ?? Link()
        let replaced = link.lastBoot.map { $0 != boot } ?? false
        if replaced { link = Link() }
        switch direction {
        case .outbound: link.outbound = boot
        case .inbound: link.inbound = boot
        }
        link.lastBoot = boot
        link.refused = false
        links[peer] = link
        return replaced ? .processGone : .nothing
    }

    mutating func closed(_ peer: NodeID, boot: BootID, direction: LinkDirection) -> News {
        guard var link = links[peer], !link.isDisconnected else { return .nothing }
        switch direction {
        case .outbound where link.outbound == boot: link.outbound = nil
        case .inbound where link.inbound == boot: link.inbound = nil
        case .outbound, .inbound: return .nothing
        }
        links[peer] = link
        guard link.isDisconnected else { return .nothing }
        return link.refused ? .processGone : .disconnected
    }

    mutating func refused(_ peer: NodeID) -> News {
        guard var link = links[peer], link.lastBoot != nil, link.outbound == nil else { return .nothing }
        link.refused = true
        links[peer] = link
        return link.isDisconnected ? .processGone : .nothing
    }

    mutating func measured(_ peer: NodeID, roundTrip: Duration) {
        guard var link = links[peer] else { return }
        link.roundTrip = roundTrip
        links[peer] = link
    }

    /// Forgets a peer, unless it is connected.
    mutating func forget(_ peer: NodeID) {
        if let link = links[peer], link.isDisconnected { links[peer] = nil }
    }

    /// Forgets whoever is neither among these nor connected: what is open stays known, since it is not opened again for a peer that a later
    /// configuration brings in.
    mutating func keep(_ peers: [NodeID]) { links.keep { peer, link in peers.contains(peer) || !link.isDisconnected } }

    /// The slowest round trip last measured; zero when none was.
    var slowestRoundTrip: Duration { links.values.compactMap(\.roundTrip).max() ?? .zero }

    /// Each peer's connection: up when this node's frames can leave for it.
    var peerLinks: NodeMap<ReplicaSnapshot.PeerLink> {
        var peers = NodeMap<ReplicaSnapshot.PeerLink>()
        for (peer, link) in links {
            peers[peer] = ReplicaSnapshot.PeerLink(isUp: link.outbound != nil, roundTrip: link.outbound == nil ? nil : link.roundTrip)
        }
        return peers
    }
}
