import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

/// Makes connections out of accepted sockets: Hummingbird's HTTP/1.1 pipeline with our deadlines in it.
struct WebChannel: ServerChildChannel {
    private let http: HTTP1Channel
    private let responder: WebResponder
    private let limits: WebLimits
    private let registry: ConnectionRegistry

    /// What the system holds of a response that is not read yet; enough for 20 MB/s to a client 10 ms away.
    private static let sendBufferBytes: ChannelOptions.Types.SocketOption.Value = 262_144

    init(responder: WebResponder, limits: WebLimits, registry: ConnectionRegistry, logger: Logger) {
        self.responder = responder
        self.limits = limits
        self.registry = registry
        let headerBytes = limits.requestHeaderBytes
        http = HTTP1Channel(
            responder: { _, _, _ in },  // Never called: `handle` below answers.
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionDeadlines(limits: limits, logger: logger)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: headerBytes, maxHeaderListSize: headerBytes, maxHeaderFieldCount: 100)))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        registry.add(channel)
        // Without a size of its own the system's buffer grows to megabytes a connection, and hides for long that nobody reads.
        return channel.setOption(.socketOption(.so_sndbuf), value: Self.sendBufferBytes).flatMap {
            http.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        let channel = value.channel
        let connection = WebConnection(channel: channel, responder: responder, limits: limits)
        do {
            try await withTaskCancellationHandler {
                try await value.executeThenClose { inbound, outbound in
                    try await connection.serve(inbound, outbound)
                    // Closing only our side, and waiting for the client to close its own (`lingerTimeout` at most), lets it read a last
                    // response that a full close with unread input would destroy.
                    outbound.finish()
                    try await channel.closeFuture.get()
                }
            } onCancel: {
                channel.triggerUserOutboundEvent(ConnectionDeadlines.CloseNow(), promise: nil)
            }
        } catch {
            logger.trace("web connection ended", metadata: ["error": "\(error)"])
        }
    }
}
