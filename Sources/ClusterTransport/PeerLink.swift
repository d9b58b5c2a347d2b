import Logging
import NIOCore
import NIOPosix
import RaftCore
import WireFormat

/// The connection this node dials to one peer, on which it sends everything for that peer; confined to the event loop.
///
/// The queue exists while a dial or a connection does. While the link waits for its next dial, frames are dropped: what consensus has to
/// say after the wait is not what it had to say before.
final class PeerLink {
    // Released by `stop`, which the core calls for every link it lets go.
    let core: TransportCore
    var endpoint: PeerEndpoint
    /// The identity that the last accepted hello showed.
    private(set) var learned: NodeID?
    private(set) var state = State.idle
    private(set) var roundTrip: Duration?
    var counters = Counters()
    var queue: OutboundQueue
    private var backoff: Backoff
    /// Tells the outcome of the present dial from those that were given up.
    private var attempt: UInt64 = 0
    private var pingSequence: UInt64 = 0
    private var drainScheduled = false
    private var failureLogged = false

    enum State {
        /// Before the first dial, and once stopped.
        case idle
        case dialling
        /// Connected; the hellos are under way.
        case greeting(Connection)
        case open(Connection, Hello)
        case waiting(Scheduled<Void>)
    }

    struct Counters {
        var sentFrames: UInt64 = 0
        var sentBytes: UInt64 = 0
        var receivedFrames: UInt64 = 0
        var receivedBytes: UInt64 = 0
        var droppedFrames: UInt64 = 0
    }

    init(core: TransportCore, endpoint: PeerEndpoint) {
        self.core = core
        self.endpoint = endpoint
        let limits = core.configuration.limits
        queue = OutboundQueue(maximumFrames: limits.queuedFrames, maximumBytes: limits.queuedBytes)
        backoff = Backoff(maximum: core.configuration.timing.maximumBackoff)
    }

    /// The peer's identity as configured, else as its hello showed it.
    var id: NodeID? { endpoint.id ?? learned }

    /// The peer's endpoint with all that is known of it.
    var knownEndpoint: PeerEndpoint { PeerEndpoint(id: id, name: endpoint.name, address: endpoint.address) }

    var openHello: Hello? {
        if case .open(_, let hello) = state { return hello }
        return nil
    }

    // MARK: Dialling

    func dial() {
        guard !core.isStopped else { return }
        attempt += 1
        state = .dialling
        let attempt = attempt
        connect().assumeIsolated().whenComplete { [self] result in
            guard attempt == self.attempt, case .dialling = state else {
                if case .success(let channel) = result { channel.close(promise: nil) }
                return
            }
            switch result {
            case .success(let channel): greet(on: channel)
            case .failure(let error): dialFailed(error)
            }
        }
    }

    private func connect() -> EventLoopFuture<any Channel> {
        let timing = core.configuration.timing
        let bootstrap = ClientBootstrap(group: core.eventLoop)
            .connectTimeout(timing.connect)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.tcpOption(unacknowledgedTimeout), value: .init(timing.unacknowledged.nanoseconds / 1_000_000))
            .channelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
        guard let address = HostPort(endpoint.address) else {
            return core.eventLoop.makeFailedFuture(TransportConfigurationError.malformedAddress(endpoint.address))
        }
        if let socketAddress = address.socketAddress { return bootstrap.connect(to: socketAddress) }
        return bootstrap.connect(host: address.host, port: address.port)
    }

    private func greet(on channel: any Channel) {
        // A dial to an unused port of the ephemeral range of this very machine may be answered by itself, and would hold the port.
        guard channel.localAddress != channel.remoteAddress else {
            channel.close(promise: nil)
            return dialFailed(IOError(errnoCode: connectionRefusedErrno, reason: "connected to its own socket"))
        }
        let connection = Connection(
            channel: channel, direction: .outbound, address: endpoint.address, helloLimit: core.configuration.limits.helloBytes)
        do {
            try connection.install(tls: core.tls) { [self] in happened($0, on: connection) }
        } catch {
            channel.close(promise: nil)
            return dialFailed(error)
        }
        state = .greeting(connection)
        connection.expectHello(within: core.configuration.timing.hello) { [self] in
            guard !connection.isFinished else { return }
            connection.finish()
            brokeOff("no hello within \(core.configuration.timing.hello.nanoseconds / 1_000_000) ms")
        }
        connection.writeNow(.hello(core.hello))
    }

    private func dialFailed(_ error: any Error) {
        if isConnectionRefused(error) {
            wait(problem: "connection refused", event: .dialRefused(knownEndpoint))
        } else {
            brokeOff("\(error)")
        }
    }

    /// A dial ended before the hellos were exchanged, and not by a refusal.
    private func brokeOff(_ problem: String) {
        wait(problem: problem, event: .dialFailed(knownEndpoint, problem: problem))
    }

    /// Sets the next dial, then tells the owner; the owner may already act on the link.
    private func wait(problem: String, event: TransportEvent?) {
        counters.droppedFrames += UInt64(queue.removeAll())
        let delay = backoff.next(jitter: Double.random(in: 0...1))
        if !failureLogged {
            failureLogged = true
            core.logger.info("no connection to a peer", metadata: metadata(["problem": "\(problem)"]))
        }
        state = .waiting(
            core.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in
                if case .waiting = state { dial() }
            })
        if let event { core.emit(event) }
    }

    /// Dials at once when the link waits for its next dial; pings at once when it is open.
    func probe() {
        switch state {
        case .idle: dial()
        case .waiting(let timer):
            timer.cancel()
            dial()
        case .dialling, .greeting: return
        case .open: ping()
        }
    }

    // MARK: The connection's events

    private func happened(_ event: ConnectionEvent, on connection: Connection) {
        guard !connection.isFinished else { return }
        switch event {
        case .frame(let frame, _): received(frame, on: connection)
        case .unknownFrame:
            if connection.hello == nil { cutOff(connection, .noHello, hello: nil) }
        case .malformed(let refusal): cutOff(connection, refusal, hello: nil)
        case .failed(let error): failed(error, on: connection)
        case .writabilityChanged: drain()
        case .ended: ended(connection, problem: "closed by the peer")
        }
    }

    private func received(_ frame: Frame, on connection: Connection) {
        switch (state, frame) {
        case (.greeting, .hello(let hello)): received(hello, on: connection)
        case (.greeting, .rejection(let rejection)), (.open, .rejection(let rejection)):
            backoff.peerRefused()
            core.logOnce(
                RejectionLog.Key(address: endpoint.address, member: endpoint.name, kind: "\(rejection.reason)"),
                "refused by a peer", metadata(["reason": "\(rejection.reason)", "text": "\(rejection.text)"]))
            core.emit(.refusedByPeer(knownEndpoint, rejection))
            guard !connection.isFinished else { return }
            connection.finish()
            ended(connection, problem: "refused: \(rejection.text)")
        case (.greeting, _):
            cutOff(connection, .noHello, hello: nil)
        case (.open, _):
            cutOff(connection, Refusal(cause: .garbage, text: "a frame out of place"), hello: openHello)
        case (.idle, _), (.dialling, _), (.waiting, _):
            return
        }
    }

    private func received(_ hello: Hello, on connection: Connection) {
        if let refusal = core.verdict(on: hello, expected: endpoint, connection: connection) {
            connection.writeNow(.rejection(Rejection(reason: refusal.cause.wireReason, text: refusal.text)))
            backoff.peerRefused()
            return cutOff(connection, refusal, hello: hello)
        }
        connection.opened(hello: hello, frameLimit: core.configuration.limits.frameBytes)
        learned = hello.incarnation
        failureLogged = false
        state = .open(connection, hello)
        core.logger.info("connected to a peer", metadata: metadata(["boot": "\(hello.boot)"]))
        ping()
        drain()
        core.emit(.linkOpened(hello.incarnation, boot: hello.boot, direction: .outbound))
        core.emit(.hello(HelloSeen(address: endpoint.address, direction: .outbound, hello: hello)))
    }

    private func failed(_ error: any Error, on connection: Connection) {
        if case .greeting = state, let refusal = tlsRefusal(error) { return cutOff(connection, refusal, hello: nil) }
        connection.finish()
        ended(connection, problem: "\(error)")
    }

    private func cutOff(_ connection: Connection, _ refusal: Refusal, hello: Hello?) {
        connection.finish()
        core.rejected(connection, refusal, hello: hello)
        ended(connection, problem: refusal.text)
    }

    private func ended(_ connection: Connection, problem: String) {
        connection.ended()
        switch state {
        case .greeting(let current) where current === connection:
            brokeOff(problem)
        case .open(let current, let hello) where current === connection:
            backoff.connectionBroke(at: .now())
            roundTrip = nil
            core.logger.warning("connection to a peer lost", metadata: metadata(["problem": "\(problem)"]))
            failureLogged = true
            wait(problem: problem, event: .linkClosed(hello.incarnation, boot: hello.boot, direction: .outbound))
        case .idle, .dialling, .greeting, .open, .waiting:
            return
        }
    }

    /// Gives up the present connection because what is known of the peer has changed, and dials anew.
    func restart(_ refusal: Refusal) {
        guard case .open(let connection, let hello) = state else { return }
        cutOff(connection, refusal, hello: hello)
    }

    /// Ends the link for ever.
    func stop(announcing: Bool) {
        attempt += 1
        let last = state
        state = .idle
        counters.droppedFrames += UInt64(queue.removeAll())
        switch last {
        case .idle, .dialling: return
        case .waiting(let timer): timer.cancel()
        case .greeting(let connection): connection.finish()
        case .open(let connection, let hello):
            connection.finish()
            if announcing { core.emit(.linkClosed(hello.incarnation, boot: hello.boot, direction: .outbound)) }
        }
    }

    // MARK: Sending

    /// Queues a frame, or drops it when there is nothing to queue it for. Never waits.
    func send(_ frame: Frame) {
        switch state {
        case .idle, .waiting:
            counters.droppedFrames += 1
            return
        case .dialling, .greeting, .open: break
        }
        let bytes = FrameCoding.encode(frame)
        guard bytes.count <= core.configuration.limits.frameBytes else {
            counters.droppedFrames += 1
            core.logger.error("a frame above the limit is dropped", metadata: metadata(["bytes": "\(bytes.count)"]))
            return
        }
        let buffer = FrameDecoder.framed(bytes, allocator: core.allocator)
        counters.droppedFrames += UInt64(queue.append(OutboundQueue.Item(buffer: buffer, expendable: frame.isExpendable)))
        scheduleDrain()
    }

    func ping() {
        guard case .open = state else { return }
        pingSequence += 1
        send(.ping(Ping(sequence: pingSequence, sentNanoseconds: monotonicNanoseconds())))
    }

    /// The peer answered a ping of ours.
    ///
    /// - Returns: the time since it was sent; nil when it answers none that was sent on this link.
    func answered(_ pong: Pong) -> Duration? {
        let elapsed = monotonicNanoseconds() - pong.echoedNanoseconds
        guard pong.sequence > 0, pong.sequence <= pingSequence, elapsed >= 0 else { return nil }
        roundTrip = .nanoseconds(elapsed)
        return .nanoseconds(elapsed)
    }

    /// What is sent within one turn of the event loop leaves in one system call.
    private func scheduleDrain() {
        guard !drainScheduled, case .open = state else { return }
        drainScheduled = true
        core.eventLoop.assumeIsolated().execute { [self] in
            drainScheduled = false
            drain()
        }
    }

    private func drain() {
        guard case .open(let connection, _) = state else { return }
        let channel = connection.channel
        var unflushed = 0
        while channel.isWritable, let buffer = queue.popFirst() {
            counters.sentFrames += 1
            counters.sentBytes += UInt64(buffer.readableBytes)
            unflushed += buffer.readableBytes
            channel.write(buffer, promise: nil)
            // TLS takes everything until the flush: only then does the channel know whether it is full.
            if unflushed >= 64 << 10 {
                channel.flush()
                unflushed = 0
            }
        }
        if unflushed > 0 { channel.flush() }
    }
}
