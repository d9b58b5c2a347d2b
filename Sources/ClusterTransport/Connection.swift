import NIOCore
import NIOSSL
import WireFormat

/// One TCP connection between this node and another, in either direction; confined to the event loop.
final class Connection {
    let channel: any Channel
    let direction: ConnectionDirection
    /// The dialled address, or the remote one.
    let address: String
    /// What the other side said of itself, once that was accepted.
    private(set) var hello: Hello?
    /// Set when this side is done with the connection: what still arrives is ignored.
    private(set) var isFinished = false
    private(set) var openedAt: NIODeadline?
    let acceptedAt = NIODeadline.now()
    var lastReceived = NIODeadline.now()
    private let decoder: FrameDecoder
    private var helloTimer: Scheduled<Void>?

    init(channel: any Channel, direction: ConnectionDirection, address: String, helloLimit: Int) {
        self.channel = channel
        self.direction = direction
        self.address = address
        decoder = FrameDecoder(limit: helloLimit)
    }

    /// The host of its address.
    var remoteHost: String { HostPort(address)?.host ?? address }

    /// Puts the handlers in place.
    func install(tls: TLSContexts?, onEvent: @escaping (ConnectionEvent) -> Void) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls {
            switch direction {
            case .inbound: try pipeline.addHandlers([TLSGuard(), NIOSSLServerHandler(context: tls.server)])
            case .outbound: try pipeline.addHandler(NIOSSLClientHandler(context: tls.client, serverHostname: nil))
            }
        }
        try pipeline.addHandlers([ByteToMessageHandler(decoder), FrameHandler(onEvent: onEvent)])
    }

    /// Runs the clock for the hellos.
    func expectHello(within time: TimeAmount, onTimeout: @escaping () -> Void) {
        helloTimer = channel.eventLoop.assumeIsolated().scheduleTask(in: time) { onTimeout() }
    }

    /// The other side's hello was accepted: frames of full size may come.
    func opened(hello: Hello, frameLimit: Int) {
        helloTimer?.cancel()
        self.hello = hello
        openedAt = .now()
        decoder.limit = frameLimit
    }

    /// The certificate the other side showed; nil without TLS.
    var peerCertificate: NIOSSLCertificate? {
        do {
            return try channel.pipeline.syncOperations.nioSSL_peerCertificate()
        } catch {
            // There is no TLS handler: no certificate was shown.
            return nil
        }
    }

    /// Sends one frame now, outside of any queue; only hellos and rejections.
    func writeNow(_ frame: Frame) {
        channel.writeAndFlush(FrameDecoder.framed(FrameCoding.encode(frame), allocator: channel.allocator), promise: nil)
    }

    /// Ends the connection from this side.
    func finish() {
        isFinished = true
        helloTimer?.cancel()
        channel.close(promise: nil)
    }

    /// The connection ended by itself.
    func ended() {
        isFinished = true
        helloTimer?.cancel()
    }
}

/// What happens on a connection.
enum ConnectionEvent {
    case frame(Frame, byteCount: Int)
    /// A frame that a later version may have added; frames are independent of each other.
    case unknownFrame
    /// Bytes that are no frame of this protocol.
    case malformed(Refusal)
    /// The socket or TLS failed.
    case failed(any Error)
    case writabilityChanged
    case ended
}
