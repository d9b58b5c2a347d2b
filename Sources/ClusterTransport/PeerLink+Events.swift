import Logging
import NIOCore
import RaftCore
import WireFormat

/// What happens on the dialled connection, and its end from either side.
extension PeerLink {
    func happened(_ event: ConnectionEvent, on connection: Connection) {
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
        core.logger.info("connected to a peer", metadata: metadata(["boot": "\(hello.boot)", "version": "\(hello.programVersion)"]))
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
        // What was said before leaves if it can: a removed node is told so with the last frame.
        drain()
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
}
