import Logging
import NIOCore
import RaftCore
import WireFormat

/// All state of a transport; confined to its event loop.
final class TransportCore {
    let eventLoop: any EventLoop
    let configuration: TransportConfiguration
    let tls: TLSContexts?
    let logger: Logger
    let allocator = ByteBufferAllocator()
    /// What this node says of itself on the next connections.
    var hello: Hello
    var listener: (any Channel)?
    private(set) var links: [PeerLink] = []
    var inbound: [ObjectIdentifier: Connection] = [:]
    private(set) var membership: [String: NodeID] = [:]
    private var addresses: [String: String] = [:]
    private var isMembershipComplete = false
    private var removed: [NodeID] = []
    private(set) var isStopped = false
    private let onEvent: @Sendable (TransportEvent) -> Void
    private var rejections: [RejectionCause: UInt64] = [:]
    private var rejectionLog = RejectionLog(maximum: 256)
    private var unroutableFrames: UInt64 = 0
    private var pingTimer: Scheduled<Void>?
    /// At most a few for each link and connection: they are delivered before the event loop turns to the next socket.
    private var undelivered: CircularBuffer<TransportEvent> = []
    private var isDelivering = false
    private var callDepth = 0

    init(
        configuration: TransportConfiguration, hello: Hello, tls: TLSContexts?, eventLoop: any EventLoop, logger: Logger,
        onEvent: @escaping @Sendable (TransportEvent) -> Void
    ) {
        self.configuration = configuration
        self.hello = hello
        self.tls = tls
        self.eventLoop = eventLoop
        self.logger = logger
        self.onEvent = onEvent
        for cause in RejectionCause.allCases { rejections[cause] = 0 }
    }

    // MARK: What the owner asks for

    /// The listening socket is bound: dial the peers and ping them.
    func started(listener: any Channel, address: HostPort) {
        self.listener = listener
        if hello.listenAddress.isEmpty { hello.listenAddress = configuration.advertiseAddress ?? address.description }
        for link in links { link.probe() }
        schedulePings()
    }

    func setClusterID(_ clusterID: ClusterID, asksToJoin: Bool) {
        hello.clusterID = clusterID
        hello.asksToJoin = asksToJoin
        hello.bootstrapped = true
        checkAgain()
    }

    func setMembership(_ membership: [String: NodeID], addresses: [String: String], removed: [NodeID], isComplete: Bool) {
        self.membership = membership
        self.addresses = addresses
        self.removed = removed
        isMembershipComplete = isComplete
        checkAgain()
    }

    /// Keeps the links whose address stays, in the order given; ends the others and dials the new ones.
    func setPeers(_ endpoints: [PeerEndpoint]) {
        guard !isStopped else { return }
        var kept: [PeerLink] = []
        var added: [PeerLink] = []
        for endpoint in endpoints.prefix(configuration.limits.peers) where endpoint.name != hello.memberName {
            guard !kept.contains(where: { $0.endpoint.address == endpoint.address }) else { continue }
            if let link = links.first(where: { $0.endpoint.address == endpoint.address }) {
                link.endpoint = endpoint
                kept.append(link)
            } else {
                let link = PeerLink(core: self, endpoint: endpoint)
                kept.append(link)
                added.append(link)
            }
        }
        let removed = links.filter { old in !kept.contains { $0 === old } }
        links = kept
        for link in removed { link.stop(announcing: true) }
        if listener != nil { for link in added { link.probe() } }
        checkAgain()
    }

    func send(_ frame: Frame, to id: NodeID) {
        guard let link = link(to: id) else {
            unroutableFrames += 1
            return
        }
        link.send(frame)
    }

    func probe(_ id: NodeID) {
        guard listener != nil else { return }
        link(to: id)?.probe()
    }

    func link(to id: NodeID) -> PeerLink? { links.first { $0.id == id } }

    func statistics() -> TransportStatistics {
        let heard = inbound.values.compactMap { $0.hello?.incarnation }
        var result = TransportStatistics()
        result.peers = links.map { link in link.statistics(inboundOpen: heard.contains { $0 == link.id }) }
        result.rejectedConnections = rejections
        result.unroutableFrames = unroutableFrames
        result.inboundConnections = inbound.count
        return result
    }

    /// Ends everything; no event comes from here on.
    ///
    /// - Returns: when the sockets are closed.
    func stop() -> EventLoopFuture<Void> {
        isStopped = true
        pingTimer?.cancel()
        var channels = inbound.values.map(\.channel)
        if let listener { channels.append(listener) }
        for link in links {
            switch link.state {
            case .greeting(let connection), .open(let connection, _): channels.append(connection.channel)
            case .idle, .dialling, .waiting: break
            }
            link.stop(announcing: false)
        }
        links = []
        for connection in inbound.values { connection.finish() }
        inbound = [:]
        listener?.close(promise: nil)
        listener = nil
        return EventLoopFuture.andAllComplete(channels.map(\.closeFuture), on: eventLoop)
    }

    // MARK: Shared by both directions

    /// Tells the owner, after the event before it and never within a call of the owner's: an owner that is not re-entrant stays whole.
    func emit(_ event: TransportEvent) {
        guard !isStopped else { return }
        undelivered.append(event)
        if callDepth == 0 {
            deliver()
        } else if !isDelivering {
            eventLoop.assumeIsolated().execute { [self] in deliver() }
        }
    }

    private func deliver() {
        guard !isDelivering else { return }
        isDelivering = true
        while !isStopped, let event = undelivered.popFirst() { onEvent(event) }
        isDelivering = false
    }

    /// Runs a call of the owner's.
    func call<Value>(_ body: (TransportCore) -> Value) -> Value {
        callDepth += 1
        defer { callDepth -= 1 }
        return body(self)
    }

    /// Why the other side of a connection may not take part; nil when it may.
    func verdict(on hello: Hello, expected: PeerEndpoint?, connection: Connection) -> Refusal? {
        let check = helloCheck(expecting: expected)
        if let refusal = check.verdict(on: hello) { return refusal }
        guard tls != nil else { return nil }
        return CertificateIdentity.refusal(of: connection.peerCertificate, cluster: self.hello.clusterName, name: hello.memberName)
    }

    private func helloCheck(expecting endpoint: PeerEndpoint?) -> HelloCheck {
        HelloCheck(
            own: hello, membership: membership, addresses: addresses, isComplete: isMembershipComplete, removed: removed,
            expected: endpoint)
    }

    /// Counts a connection that was cut off, logs the first of its kind and tells the owner.
    func rejected(_ connection: Connection, _ refusal: Refusal, hello: Hello?) {
        rejected(address: connection.address, direction: connection.direction, refusal, hello: hello)
    }

    func rejected(address: String, direction: ConnectionDirection, _ refusal: Refusal, hello: Hello?) {
        rejections[refusal.cause, default: 0] += 1
        let host = direction == .inbound ? HostPort(address)?.host ?? address : address
        logOnce(
            RejectionLog.Key(address: host, member: hello?.memberName, kind: refusal.cause.rawValue), "connection cut off",
            ["address": "\(address)", "reason": "\(refusal.cause.rawValue)", "text": "\(refusal.text)"])
        emit(.rejected(RejectedConnection(address: address, direction: direction, cause: refusal.cause, text: refusal.text, hello: hello)))
    }

    func logOnce(_ key: RejectionLog.Key, _ message: Logger.Message, _ metadata: Logger.Metadata) {
        logger.log(level: rejectionLog.isNew(key) ? .warning : .debug, message, metadata: metadata)
    }

    /// Judges every established connection by what is known now.
    private func checkAgain() {
        for link in links {
            guard let hello = link.openHello else { continue }
            let check = helloCheck(expecting: link.endpoint)
            if let refusal = check.verdict(on: hello) { link.restart(refusal) }
        }
        for connection in Array(inbound.values) {
            guard let hello = connection.hello, !connection.isFinished else { continue }
            let check = helloCheck(expecting: nil)
            if let refusal = check.verdict(on: hello) { cutOff(connection, refusal, hello: hello) }
        }
    }

    private func schedulePings() {
        pingTimer = eventLoop.assumeIsolated().scheduleTask(in: configuration.timing.ping) { [self] in
            for link in links { link.ping() }
            endSilentInbound()
            if !isStopped { schedulePings() }
        }
    }
}
