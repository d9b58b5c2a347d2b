import Logging
import NIOCore
import NIOPosix
import RaftCore
import WireFormat

/// From the wait for the next dial to the hello on its connection.
extension PeerLink {
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
    func brokeOff(_ problem: String) {
        wait(problem: problem, event: .dialFailed(knownEndpoint, problem: problem))
    }

    /// Sets the next dial, then tells the owner; the owner may already act on the link.
    func wait(problem: String, event: TransportEvent?) {
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
}
