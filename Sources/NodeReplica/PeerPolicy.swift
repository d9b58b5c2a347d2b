public import RaftCore

/// Whom a node holds connections with, and whose hello it turns down.
///
/// The members of its configuration, of course. But its configuration may be long out of date: it replays the log from the beginning, or
/// was away while others changed. Its leader may be a node it has never heard of, or one that has the name of a member whose disk was lost.
/// So whoever says hello without being a member is a guest, and is dialled back; so is a member that a change drops while it is connected,
/// since the change may be undone by that very member as the next leader. And an unknown incarnation under a member's name is turned
/// down only by a node that follows a leader, and never when it is that leader; so is a stranger that gives a member's address as its own.
public struct PeerPolicy: Equatable, Sendable {
    private let id: NodeID
    /// The peers that the configuration asks for.
    private var wanted: [Membership.Member] = []
    private var governing: Membership?
    private var leader: NodeID?
    /// In the order in which they came.
    private var guests: [Peer] = []
    /// Everybody, members too, with a connection here that they dialled.
    private var callers: [NodeID] = []

    /// How many guests that were no members are talked to at once.
    public static let maximumGuests = 16

    /// Somebody to hold a connection with.
    public struct Peer: Equatable, Sendable {
        public var id: NodeID
        public var name: String
        public var address: String

        public init(id: NodeID, name: String, address: String) {
            self.id = id
            self.name = name
            self.address = address
        }
    }

    /// - Parameter id: this node.
    public init(id: NodeID) { self.id = id }

    // MARK: What it is told

    /// The peers of `ReplicaEffect.connect`, and the configuration that governs there.
    public mutating func connect(_ members: [Membership.Member], governing membership: Membership) {
        // A leader is talked to, whatever an older or undone configuration says; so is whoever will say no new hello.
        let dropped = (governing?.members ?? []).filter { member in
            member.id != id && membership.member(member.id) == nil && (member.id == leader || callers.contains(member.id))
        }
        wanted = members
        governing = membership
        guests.removeAll { membership.member($0.id) != nil }
        for member in dropped { receive(Peer(id: member.id, name: member.name, address: member.address)) }
    }

    /// Whom the node follows, itself when it leads, nobody when it knows of no leader.
    ///
    /// - Returns: whether that is news.
    public mutating func follows(_ newLeader: NodeID?) -> Bool {
        defer { leader = newLeader }
        return leader != newLeader
    }

    /// Somebody's hello was taken on a connection it dialled. A member takes the place of a guest at its address.
    ///
    /// - Returns: whether the peers are others now.
    public mutating func greeted(by peer: Peer) -> Bool {
        guard peer.id != id else { return false }
        if !callers.contains(peer.id) { callers.append(peer.id) }
        guard !guests.contains(peer) else { return false }
        let count = guests.count
        guests.removeAll { $0.id == peer.id || $0.address == peer.address }
        guard governing?.member(peer.id) == nil, guests.count < PeerPolicy.maximumGuests else { return guests.count != count }
        guests.append(peer)
        return true
    }

    /// Takes a guest in the place of whoever was one at its address.
    private mutating func receive(_ peer: Peer) {
        guests.removeAll { $0.id == peer.id || $0.address == peer.address }
        guests.append(peer)
    }

    /// The connection that somebody dialled has ended.
    ///
    /// - Returns: whether the peers are others now.
    public mutating func parted(_ peer: NodeID) -> Bool {
        let count = guests.count
        let waiting = guests.filter(isAtAnothersAddress).count
        callers.removeAll { $0 == peer }
        guests.removeAll { $0.id == peer }
        return guests.count != count || guests.filter(isAtAnothersAddress).count != waiting
    }

    // MARK: What follows

    /// Whom to dial: at most one at an address, and a guest rather than the member it was when this node last heard.
    public var peers: [Peer] {
        var peers = guests.filter { guest in
            known(by: guest.name, other: guest.id) == nil && !wanted.contains { $0.id == guest.id } && !isAtAnothersAddress(guest)
        }
        for member in wanted where !peers.contains(where: { $0.address == member.address }) {
            peers.append(Peer(id: member.id, name: member.name, address: member.address))
        }
        return peers
    }

    /// Whether a guest gives as its own the address of this node, or of a member of another name that is connected: then that one is
    /// there. A member that is not may have been removed since, and the guest be the one that came to its address, with the log to catch
    /// up with; the leader is never doubted.
    private func isAtAnothersAddress(_ guest: Peer) -> Bool {
        guard guest.id != leader, let governing else { return false }
        return governing.members.contains { member in
            member.address == guest.address && member.name != guest.name && (member.id == id || callers.contains(member.id))
        }
    }

    /// The incarnation that a hello under a name must show, when it is another one than it shows; nil when the hello is taken.
    public func known(by name: String, other shown: NodeID) -> NodeID? {
        guard shown != leader else { return nil }
        let expected = names.first { $0.name == name }?.id
        return expected == shown ? nil : expected
    }

    /// The incarnations that hellos under these names must show; none while no leader vouches for them.
    public var names: [(name: String, id: NodeID)] {
        guard let leader, let governing else { return [] }
        let stranger = guests.first { $0.id == leader }
        let members = governing.members.filter { $0.name != stranger?.name }.map { (name: $0.name, id: $0.id) }
        return members + (stranger.map { [(name: $0.name, id: $0.id)] } ?? [])
    }

    /// Whose the members' addresses are: a stranger that says hello as being there is turned down. None while no leader vouches for them.
    public var addresses: [(address: String, name: String)] {
        guard let leader, let governing else { return [] }
        let stranger = guests.first { $0.id == leader }
        return governing.members.filter { $0.address != stranger?.address }.map { (address: $0.address, name: $0.name) }
    }
}
