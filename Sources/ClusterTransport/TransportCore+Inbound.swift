import NIOCore
import RaftCore
import WireFormat

/// The connections that others dialled: hellos are exchanged on them, then this node only reads.
extension TransportCore {
    /// A new connection; called by its initializer, before any of its bytes are read.
    func accept(_ channel: any Channel) throws {
        let address = channel.remoteAddress.map(numericAddress) ?? "unknown"
        guard !isStopped else { throw ChannelError.ioOnClosedChannel }
        makeRoomForStranger()
        let connection = Connection(channel: channel, direction: .inbound, address: address, helloLimit: configuration.limits.helloBytes)
        try connection.install(tls: tls) { [self] in happened($0, on: connection) }
        inbound[ObjectIdentifier(connection)] = connection
        connection.expectHello(within: configuration.timing.hello) { [self] in
            guard !connection.isFinished else { return }
            let milliseconds = configuration.timing.hello.nanoseconds / 1_000_000
            cutOff(connection, Refusal(cause: .helloTimeout, text: "no hello within \(milliseconds) ms"), hello: nil)
        }
    }

    /// Too many connections without a hello: the oldest ends, of the host that has most of them. Whoever floods this node displaces
    /// itself, and takes no place of those who have said who they are.
    private func makeRoomForStranger() {
        let strangers = inbound.values.filter { $0.hello == nil }
        guard strangers.count >= configuration.limits.strangerConnections else { return }
        let crowds = Dictionary(grouping: strangers, by: \.remoteHost).mapValues(\.count)
        let last = strangers.max { one, other in
            (crowds[one.remoteHost, default: 0], other.acceptedAt) < (crowds[other.remoteHost, default: 0], one.acceptedAt)
        }
        guard let last else { return }
        let text = "\(strangers.count) connections without a hello are the most this node takes"
        cutOff(last, Refusal(cause: .tooManyConnections, text: text), hello: nil)
    }

    /// Why there is no room for whoever says hello; nil when there is: for members there always is.
    private func noRoom(for hello: Hello) -> Refusal? {
        let guests = inbound.values.count { connection in connection.hello.map { !isMember($0) } ?? false }
        guard !isMember(hello), guests >= configuration.limits.guestConnections else { return nil }
        return Refusal(cause: .tooManyConnections, text: "\(guests) connections of nodes that are no members are the most this node takes")
    }

    private func isMember(_ hello: Hello) -> Bool { membership[hello.memberName] == hello.incarnation }

    private func happened(_ event: ConnectionEvent, on connection: Connection) {
        guard !connection.isFinished else { return }
        switch event {
        case .frame(let frame, let byteCount):
            connection.lastReceived = .now()
            if let hello = connection.hello {
                received(frame, byteCount: byteCount, from: hello, on: connection)
            } else if case .hello(let hello) = frame {
                greeted(by: hello, on: connection)
            } else {
                cutOff(connection, .noHello, hello: nil)
            }
        case .unknownFrame:
            connection.lastReceived = .now()
            if connection.hello == nil { cutOff(connection, .noHello, hello: nil) }
        case .malformed(let refusal): cutOff(connection, refusal, hello: connection.hello)
        case .failed(let error):
            if connection.hello == nil, let refusal = tlsRefusal(error) { return cutOff(connection, refusal, hello: nil) }
            connection.finish()
            ended(connection)
        case .writabilityChanged: return
        case .ended: ended(connection)
        }
    }

    private func greeted(by hello: Hello, on connection: Connection) {
        if let refusal = verdict(on: hello, expected: nil, connection: connection) {
            connection.writeNow(.rejection(Rejection(reason: refusal.cause.wireReason, text: refusal.text)))
            return cutOff(connection, refusal, hello: hello)
        }
        // The dialler has one connection: an older one is a leftover that has not noticed its end.
        for older in Array(inbound.values) where older !== connection && older.hello?.incarnation == hello.incarnation {
            older.finish()
            ended(older)
        }
        if let refusal = noRoom(for: hello) {
            connection.writeNow(.rejection(Rejection(reason: refusal.cause.wireReason, text: refusal.text)))
            return cutOff(connection, refusal, hello: hello)
        }
        guard !connection.isFinished else { return }
        connection.opened(hello: hello, frameLimit: configuration.limits.frameBytes)
        connection.writeNow(.hello(self.hello))
        emit(.linkOpened(hello.incarnation, boot: hello.boot, direction: .inbound))
        emit(.hello(HelloSeen(address: connection.address, direction: .inbound, hello: hello)))
        // Whoever dials is there to be dialled.
        if let link = links.first(where: { $0.id == hello.incarnation || $0.endpoint.name == hello.memberName }) {
            if case .waiting = link.state { link.probe() }
        }
    }

    private func received(_ frame: Frame, byteCount: Int, from hello: Hello, on connection: Connection) {
        let link = link(to: hello.incarnation)
        link?.counters.receivedFrames += 1
        link?.counters.receivedBytes += UInt64(byteCount)
        switch frame {
        case .ping(let ping):
            link?.send(.pong(Pong(to: ping)))
            emit(.contact(hello.incarnation, roundTrip: nil))
        case .pong(let pong): emit(.contact(hello.incarnation, roundTrip: link?.answered(pong)))
        case .raft, .joinRequest, .joinReply, .operatorRequest, .operatorReply: emit(.frame(from: hello.incarnation, frame))
        case .rejection:
            connection.finish()
            ended(connection)
        case .hello: cutOff(connection, Refusal(cause: .garbage, text: "a second hello"), hello: hello)
        }
    }

    func cutOff(_ connection: Connection, _ refusal: Refusal, hello: Hello?) {
        connection.finish()
        rejected(connection, refusal, hello: hello)
        ended(connection)
    }

    private func ended(_ connection: Connection) {
        connection.ended()
        guard inbound.removeValue(forKey: ObjectIdentifier(connection)) != nil, let hello = connection.hello else { return }
        emit(.linkClosed(hello.incarnation, boot: hello.boot, direction: .inbound))
    }

    /// Ends the connections of peers that vanished without a word: nothing is sent on them, so TCP would never notice.
    func endSilentInbound() {
        let now = NIODeadline.now()
        for connection in Array(inbound.values) where connection.hello != nil {
            guard now - connection.lastReceived > configuration.timing.inboundSilence else { continue }
            connection.finish()
            ended(connection)
        }
    }
}

/// `address:port` of a remote socket, in digits.
func numericAddress(_ address: SocketAddress) -> String {
    guard let ip = address.ipAddress, let port = address.port else { return "\(address)" }
    return HostPort(host: ip, port: port).description
}
