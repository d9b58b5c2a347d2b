import ClusterTransport
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL
import WireFormat

/// A socket that says what it is told to, well-behaved or not.
final class RawPeer: Sendable {
    let channel: any Channel
    private let received: NIOLockedValueBox<[UInt8]>

    private init(channel: any Channel, received: NIOLockedValueBox<[UInt8]>) {
        self.channel = channel
        self.received = received
    }

    /// Dials, says the bytes and listens.
    static func dial(_ address: String, saying bytes: [UInt8], tls: NIOSSLContext? = nil) async throws -> RawPeer {
        let parts = address.split(separator: ":")
        let received = NIOLockedValueBox<[UInt8]>([])
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(try NIOSSLClientHandler(context: tls, serverHostname: nil)) }
                    try pipeline.addHandler(Keeper(received: received))
                }
            }
            .connect(host: String(parts[0]), port: Int(parts[1]) ?? 0).get()
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        return RawPeer(channel: channel, received: received)
    }

    /// Listens and answers each connection's first bytes with what `answer` gives; nil answers nothing.
    static func listen(reading: Bool = true, answer: [UInt8]?) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.socketOption(.so_rcvbuf), value: 4_096)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(answer: answer, reading: reading))
                }
            }
            .bind(host: TestNode.freshHost(), port: 0).get()
    }

    /// Awaits the other side's end of the connection.
    ///
    /// - Returns: the frames that came before it.
    /// - Throws: `EventLoopError` or a timeout when it does not end.
    func framesUntilClosed(within time: TimeAmount = .seconds(30)) async throws -> [Frame] {
        struct StillOpen: Error {}
        let promise = channel.eventLoop.makePromise(of: Void.self)
        let timer = channel.eventLoop.scheduleTask(in: time) { promise.fail(StillOpen()) }
        channel.closeFuture.whenComplete { _ in
            timer.cancel()
            promise.succeed()
        }
        try await promise.futureResult.get()
        return try frames()
    }

    func frames() throws -> [Frame] {
        var buffer = ByteBuffer(bytes: received.withLockedValue { $0 })
        var result: [Frame] = []
        while let length: UInt32 = buffer.readInteger(), let bytes = buffer.readBytes(length: Int(length)) {
            result.append(try FrameCoding.decode(bytes))
        }
        return result
    }

    /// The own end, `address:port`.
    var localAddress: String { channel.localAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" } ?? "" }

    func close() async throws { try await channel.close() }

    static func framed(_ frame: Frame) -> [UInt8] {
        let bytes = FrameCoding.encode(frame)
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt32(bytes.count))
        buffer.writeBytes(bytes)
        return Array(buffer.readableBytesView)
    }
}

private final class Keeper: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    private let received: NIOLockedValueBox<[UInt8]>

    init(received: NIOLockedValueBox<[UInt8]>) { self.received = received }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        received.withLockedValue { $0 += bytes }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let answer: [UInt8]?
    private let reading: Bool
    private var answered = false

    init(answer: [UInt8]?, reading: Bool) {
        self.answer = answer
        self.reading = reading
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !answered else { return }
        answered = true
        if let answer { context.channel.writeAndFlush(ByteBuffer(bytes: answer), promise: nil) }
        if !reading { context.channel.setOption(.autoRead, value: false).whenComplete { _ in } }
    }
}

/// A dialler with TLS files and a hello of the test's choice.
enum TLSPeer {
    /// Dials, says the hello and listens until the other side ends the connection.
    ///
    /// - Returns: the frames that came.
    static func greet(_ address: String, files: TransportSecurity.TLSFiles, hello: Hello, showing: Bool = true) async throws -> [Frame] {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(files.authority)
        configuration.certificateVerification = .noHostnameVerification
        if showing {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
        }
        let context = try NIOSSLContext(configuration: configuration)
        let peer = try await RawPeer.dial(address, saying: RawPeer.framed(.hello(hello)), tls: context)
        return try await peer.framesUntilClosed()
    }
}
