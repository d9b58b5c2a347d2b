import NIOCore

/// Stands before the TLS of an inbound connection and lets the first byte decide: plaintext is named as such, not as a failed handshake.
final class TLSGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What the connection is cut off for.
    struct PlaintextSpoken: Error {}

    /// The first byte of every TLS handshake.
    private static let handshakeRecord: UInt8 = 0x16
    private var decided = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !decided, let first = unwrapInboundIn(data).readableBytesView.first else {
            if decided { context.fireChannelRead(data) }
            return
        }
        guard first == TLSGuard.handshakeRecord else {
            context.fireErrorCaught(PlaintextSpoken())
            return
        }
        decided = true
        context.fireChannelRead(data)
    }
}
