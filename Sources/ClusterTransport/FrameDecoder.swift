import NIOCore

/// Cuts a connection's bytes into frames: four bytes of length, big-endian, then that many bytes.
///
/// A length above the limit is refused when its four bytes are there, before anything is held for the frame.
///
/// - Note: `LengthFieldBasedFrameDecoder` of NIOExtras has no limit below 2 GiB, and a limit on the accumulated bytes would act only after
///   they have arrived.
final class FrameDecoder: NIOSingleStepByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    /// Bytes of a frame; raised once the other side has said who it is.
    var limit: Int

    static let prefixBytes = 4

    enum Failure: Error, Equatable {
        case oversized(length: Int, limit: Int)
        /// TLS where plaintext is spoken: its first bytes read as an absurd length.
        case tlsRecord
        /// The connection ended within a frame.
        case truncated(bytes: Int)
    }

    init(limit: Int) { self.limit = limit }

    func decode(buffer: inout ByteBuffer) throws -> ByteBuffer? {
        guard let prefix: UInt32 = buffer.getInteger(at: buffer.readerIndex) else { return nil }
        let length = Int(prefix)
        guard length <= limit else { throw prefix >> 16 == 0x1603 ? Failure.tlsRecord : .oversized(length: length, limit: limit) }
        guard buffer.readableBytes >= FrameDecoder.prefixBytes + length else { return nil }
        buffer.moveReaderIndex(forwardBy: FrameDecoder.prefixBytes)
        return buffer.readSlice(length: length)
    }

    func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> ByteBuffer? {
        if let frame = try decode(buffer: &buffer) { return frame }
        guard buffer.readableBytes == 0 else {
            let rest = buffer.readableBytes
            buffer.clear()
            throw Failure.truncated(bytes: rest)
        }
        return nil
    }

    /// A frame with its prefix, ready to be written.
    static func framed(_ bytes: [UInt8], allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: prefixBytes + bytes.count)
        buffer.writeInteger(UInt32(clamping: bytes.count))
        buffer.writeBytes(bytes)
        return buffer
    }
}
