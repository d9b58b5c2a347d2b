public import RaftCore

/// Whom a node holds connections with, and whose hello it turns down.
///
/// The members of its configuration, of course. But its configuration may be long out of date: it replays the log from the beginning, or
/// was away while others changed. Its leader may be a node it has never heard of, or one that has the name of a member whose disk was lost.
/// So whoever says hello without being a member is a guest, and is dialled back; so is a member that a change drops while it is connected,
/// since the change may be undone by that very member as the next leader. And an unknown incarnation under a member's name is turned
/// down only by a node that follows a leader, and never when it is that leader.
public struct PeerPolicy: Equatable, Sendable {
    private let id: NodeID
    /// The peers that the configuration asks for.
    private var wanted: [Membership.Member] = []
    private var governing: Membership?
    private var leader: NodeID?
    /// In the order in which they came.
    private var guests: [Peer] = []
    /// Members that have a connection here, which they dialled.
    private var visitors: [Peer] = []

    /// How many guests are talked to at once.
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
        // A leader is talked to, whatever an older or undone configuration says.
        let known = governing?.members.first { $0.id == leader }
        wanted = members
        governing = membership
        if let known, known.id != id { _ = greeted(by: Peer(id: known.id, name: known.name, address: known.address)) }
        let connected = visitors + guests
        visitors = connected.filter { membership.member($0.id) != nil }
        guests.removeAll { membership.member($0.id) != nil }
        for peer in connected { _ = greeted(by: peer) }
    }

    /// Whom the node follows, itself when it leads, nobody when it knows of no leader.
    ///
    /// - Returns: whether that is news.
    public mutating func follows(_ newLeader: NodeID?) -> Bool {
        defer { leader = newLeader }
        return leader != newLeader
    }

    /// Somebody's hello was taken on a connection it dialled.
    ///
    /// - Returns: whether there is another peer now.
    public mutating func greeted(by peer: Peer) -> Bool {
        guard peer.id != id, !guests.contains(peer) else { return false }
        if governing?.member(peer.id) != nil { return visited(by: peer) }
        guests.removeAll { $0.id == peer.id || $0.address == peer.address }
        guard guests.count < PeerPolicy.maximumGuests else { return false }
        guests.append(peer)
        return true
    }

    /// A member that has taken a guest's place at its address is dialled instead.
    private mutating func visited(by member: Peer) -> Bool {
        visitors.removeAll { $0.id == member.id }
        visitors.append(member)
        let count = guests.count
        guests.removeAll { $0.address == member.address }
        return guests.count != count
    }

    /// The connection that somebody dialled has ended.
    ///
    /// - Returns: whether there is a peer less now.
    public mutating func parted(_ peer: NodeID) -> Bool {
        let count = guests.count
        visitors.removeAll { $0.id == peer }
        guests.removeAll { $0.id == peer }
        return guests.count != count
    }

    // MARK: What follows

    /// Whom to dial: at most one at an address, and a guest rather than the member it was when this node last heard.
    public var peers: [Peer] {
        var peers = guests.filter { known(by: $0.name, other: $0.id) == nil }
        for member in wanted where !peers.contains(where: { $0.address == member.address }) {
            peers.append(Peer(id: member.id, name: member.name, address: member.address))
        }
        return peers
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
}
