public import RaftCore
public import WireFormat

/// What a transport tells its owner, in the order it happened, on the transport's event loop.
public enum TransportEvent: Equatable, Sendable {
    /// A consensus frame from a peer; every other kind the transport answers itself.
    case frame(from: NodeID, Frame)
    /// A sign of life that is no consensus frame: a ping from the peer, or its answer to one, with the time since that one was sent.
    /// Both arrive on the connection that the *peer* dialled, so a contact proves the way on which its replies come.
    case contact(NodeID, roundTrip: Duration?)
    /// Hellos were exchanged on a connection and accepted by this side.
    case linkOpened(NodeID, boot: BootID, direction: ConnectionDirection)
    /// Such a connection ended; exactly once for each opened one, unless the transport is shut down.
    case linkClosed(NodeID, boot: BootID, direction: ConnectionDirection)
    /// The peer's machine answered a dial by a refusal. Comes with each such dial.
    case dialRefused(PeerEndpoint)
    /// A dial failed in any other way, or was cut short before the hellos were exchanged.
    case dialFailed(PeerEndpoint, problem: String)
    /// A hello that was accepted, in either direction.
    case hello(HelloSeen)
    /// This side cut a connection off.
    case rejected(RejectedConnection)
    /// A peer cut off a connection of ours and said why.
    case refusedByPeer(PeerEndpoint, Rejection)
}

/// Which side dialled.
public enum ConnectionDirection: UInt8, Equatable, Sendable, CaseIterable {
    /// This node did: it sends on the connection.
    case outbound = 1
    /// The other did: this node receives on the connection.
    case inbound = 2
}

/// A peer as its address and, as far as known, its name and identity.
public struct PeerEndpoint: Equatable, Sendable {
    /// Its incarnation; nil until it is known by a membership or a hello.
    public var id: NodeID?
    /// Its name; nil for an address that is dialled to join whoever answers.
    public var name: String?
    /// Where it is dialled, `host:port`.
    public var address: String

    public init(id: NodeID? = nil, name: String?, address: String) {
        self.id = id
        self.name = name
        self.address = address
    }
}

/// A hello and where it came from.
public struct HelloSeen: Equatable, Sendable {
    /// The dialled address, or for an inbound connection the remote one.
    public var address: String
    public var direction: ConnectionDirection
    public var hello: Hello

    public init(address: String, direction: ConnectionDirection, hello: Hello) {
        self.address = address
        self.direction = direction
        self.hello = hello
    }
}

/// A connection that this side cut off.
public struct RejectedConnection: Equatable, Sendable {
    /// The dialled address, or for an inbound connection the remote one.
    public var address: String
    public var direction: ConnectionDirection
    public var cause: RejectionCause
    /// One line for people.
    public var text: String
    /// What the other side said of itself, when it came that far.
    public var hello: Hello?
}
