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
        return http.setup(channel: channel, logger: logger)
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
