/// What a transport counts, since it started.
public struct TransportStatistics: Equatable, Sendable {
    /// In the order the peers were given.
    public var peers: [Peer] = []
    /// Connections cut off by this side; every cause is there.
    public var rejectedConnections: [RejectionCause: UInt64] = [:]
    /// Frames for a node that is no peer.
    public var unroutableFrames: UInt64 = 0
    /// Connections from others, those without a hello yet included.
    public var inboundConnections = 0

    /// One peer's share. Counts begin anew when a peer is removed and added again.
    public struct Peer: Equatable, Sendable {
        public var endpoint: PeerEndpoint
        /// Whether the connection that this node dialled is established, on which it sends.
        public var outboundOpen = false
        /// Whether the connection that the peer dialled is established, on which it is heard.
        public var inboundOpen = false
        /// The program's version that the peer's hello told; nil while the dialled connection is not established.
        public var programVersion: String?
        /// The latest ping's.
        public var roundTrip: Duration?
        /// Frames and bytes handed to the socket, prefixes included.
        public var sentFrames: UInt64 = 0
        public var sentBytes: UInt64 = 0
        public var receivedFrames: UInt64 = 0
        public var receivedBytes: UInt64 = 0
        /// Frames given up: the queue was full, or the connection was down.
        public var droppedFrames: UInt64 = 0
        /// Frames and bytes that wait for the socket now.
        public var queuedFrames = 0
        public var queuedBytes = 0
    }
}
