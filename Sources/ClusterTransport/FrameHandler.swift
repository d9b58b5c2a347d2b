import NIOCore
import WireFormat

/// The end of a connection's pipeline: frames in, as values, in order.
final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let onEvent: (ConnectionEvent) -> Void

    init(onEvent: @escaping (ConnectionEvent) -> Void) { self.onEvent = onEvent }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        do {
            onEvent(.frame(try FrameCoding.decode(bytes), byteCount: bytes.count + FrameDecoder.prefixBytes))
        } catch WireFormatError.unknownKind {
            onEvent(.unknownFrame)
        } catch {
            onEvent(.malformed(Refusal(cause: .garbage, text: "\(error)")))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case FrameDecoder.Failure.oversized(let length, let limit):
            onEvent(.malformed(Refusal(cause: .oversized, text: "a frame of \(length) bytes, allowed are \(limit)")))
        case FrameDecoder.Failure.tlsRecord:
            onEvent(.malformed(Refusal(cause: .unexpectedTLS, text: "TLS is spoken where this node is configured for plaintext")))
        case FrameDecoder.Failure.truncated(let bytes):
            onEvent(.malformed(Refusal(cause: .garbage, text: "the connection ended within a frame, after \(bytes) bytes of it")))
        case is TLSGuard.PlaintextSpoken:
            onEvent(.malformed(Refusal(cause: .plaintext, text: "plaintext is spoken where this node demands TLS")))
        default:
            onEvent(.failed(error))
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { onEvent(.writabilityChanged) }

    func channelInactive(context: ChannelHandlerContext) { onEvent(.ended) }
}
