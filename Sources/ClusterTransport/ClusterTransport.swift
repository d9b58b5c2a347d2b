public import Logging
public import NIOCore
import NIOPosix
public import RaftCore
public import WireFormat

/// The connections between this node and its peers.
///
/// Every node dials every other one, and sends all its frames for a peer on the connection it dialled; on the connections that others
/// dialled it only reads, after the hellos. So the two directions of a pair fail apart and are seen apart: a ping's answer travels on the
/// answering side's own connection, and a round trip or a contact proves that this peer's replies arrive.
///
/// All state lives on one event loop. Calls made on that loop take effect before they return; others are carried over to it, in order.
/// Events are delivered on it, in order, one after the other and never within a call; the receiver may call back into the transport.
public final class ClusterTransport: Sendable {
    private let configuration: TransportConfiguration
    let eventLoop: any EventLoop
    let core: NIOLoopBoundBox<TransportCore>
    /// When the own certificate ends, in seconds since 1970; nil without TLS.
    public let certificateExpirySeconds: Int64?

    /// Loads the certificates; opens nothing.
    ///
    /// - Parameters:
    ///   - hello: what this node says of itself. An empty `listenAddress` is filled in with the advertised address or the bound one.
    ///   - eventLoop: runs everything here; may be the owner's executor.
    ///   - onEvent: called on the event loop.
    /// - Throws: `TransportConfigurationError`, naming the file that cannot be used.
    public init(
        configuration: TransportConfiguration, hello: Hello, eventLoop: any EventLoop, logger: Logger,
        onEvent: @escaping @Sendable (TransportEvent) -> Void
    ) throws(TransportConfigurationError) {
        let tls: TLSContexts?
        switch configuration.security {
        case .plaintext: tls = nil
        case .mutualTLS(let files): tls = try TLSContexts(files: files, hello: hello)
        }
        self.configuration = configuration
        self.eventLoop = eventLoop
        certificateExpirySeconds = tls?.certificateExpirySeconds
        let core = TransportCore(
            configuration: configuration, hello: hello, tls: tls, eventLoop: eventLoop, logger: logger, onEvent: onEvent)
        self.core = NIOLoopBoundBox.makeBoxSendingValue(core, eventLoop: eventLoop)
    }

    /// Listens, then dials the peers.
    ///
    /// - Returns: the bound address, with the port the system chose if 0 was asked for.
    /// - Throws: `TransportConfigurationError.cannotListen`, naming the address.
    public func start() async throws -> SocketAddress {
        let core = core
        let bootstrap = ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try core.value.accept(channel) }
            }
        do {
            let listener = try await bootstrap.bind(host: configuration.listen.host, port: configuration.listen.port).get()
            guard let address = listener.localAddress else { throw ChannelError.unknownLocalAddress }
            let host = configuration.listen.host
            try await eventLoop.submit {
                core.value.started(listener: listener, address: HostPort(host: host, port: address.port ?? 0))
            }.get()
            return address
        } catch {
            throw TransportConfigurationError.cannotListen(address: configuration.listenAddress, problem: "\(error)")
        }
    }

    /// The cluster this node belongs to, once it is known: told in further hellos, demanded in those of others. Connections that
    /// contradict it are cut off.
    ///
    /// - Parameter asksToJoin: whether this node was never a member as far as it knows, and asks to be one.
    public func setIdentity(_ clusterID: ClusterID, asksToJoin: Bool = false) {
        onLoop { $0.setClusterID(clusterID, asksToJoin: asksToJoin) }
    }

    /// Whom to hold connections with. A link whose address stays is kept; the own name is passed over, as are addresses given twice and
    /// those above the limit.
    public func setPeers(_ peers: [PeerEndpoint]) { onLoop { $0.setPeers(peers) } }

    /// Which incarnation each member's name belongs to. Connections that contradict it are cut off.
    ///
    /// - Parameters:
    ///   - addresses: the name of the member at each address; a node that is no member may not say that it is dialled there.
    ///   - removed: incarnations that belonged and were removed, as far as this node has seen that itself.
    ///   - isComplete: whether the cluster has no other members, as only its leader can tell; others may not have heard of the newest
    ///     ones. Then a node that belonged once and is not among them is told that it was removed.
    public func setMembership(
        _ incarnations: [String: NodeID], addresses: [String: String] = [:], removed: [NodeID] = [], isComplete: Bool = false
    ) {
        onLoop { $0.setMembership(incarnations, addresses: addresses, removed: removed, isComplete: isComplete) }
    }

    /// Queues a frame for a peer; it may be lost, never doubled, and those that arrive on one connection arrive in order.
    ///
    /// - Parameter id: a peer's; frames for anyone else are counted and dropped.
    public func send(_ frame: Frame, to id: NodeID) { onLoop { $0.send(frame, to: id) } }

    /// Tries the connection to a peer at once: a dial when there is none, a ping when there is.
    public func probe(_ id: NodeID) { onLoop { $0.probe(id) } }

    /// What was counted since the start.
    public func statistics() async throws -> TransportStatistics {
        let core = core
        return try await eventLoop.submit { core.value.statistics() }.get()
    }

    /// What was counted since the start; only on the event loop.
    public func statisticsOnEventLoop() -> TransportStatistics { core.value.statistics() }

    /// What the node at an address said of itself on the connection that this one has dialled to it; nil without one. Only on the event
    /// loop.
    public func helloOnEventLoop(at address: String) -> Hello? { core.value.links.first { $0.endpoint.address == address }?.openHello }

    /// Closes all sockets. No event comes once this has begun; the transport cannot be started again.
    public func shutdown() async {
        let core = core
        let closed = eventLoop.flatSubmit { core.value.stop() }
        do {
            try await closed.get()
        } catch {
            // Closing what is closed already; the sockets are gone either way.
            return
        }
    }

    private func onLoop(_ body: @escaping @Sendable (TransportCore) -> Void) {
        if eventLoop.inEventLoop { return core.value.call(body) }
        let core = core
        eventLoop.execute { core.value.call(body) }
    }
}
