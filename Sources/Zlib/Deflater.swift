import CZlib

/// A run of bytes, compressed on its own so that it may stand anywhere in a gzip body and be kept for the next one.
///
/// It refers to nothing before itself, ends on a whole byte and does not end the stream.
public struct DeflatedBlock: Equatable, Sendable {
    /// Raw deflate, ended by an empty stored block (a full flush).
    public let bytes: [UInt8]
    /// How many bytes were compressed.
    public let uncompressedCount: Int
    /// The CRC-32 of the bytes that were compressed.
    public let crc32: UInt32
}

/// Compresses blocks one after the other, keeping zlib's state of about 256 KiB between them.
///
/// Not for several tasks at once: it is owned by one place. Safe: the pointer lives and dies with the value and never leaves it.
@safe public struct Deflater: ~Copyable {
    /// On the heap, since zlib's state points back to it.
    private let stream: UnsafeMutablePointer<z_stream>

    /// How many bytes one block may have: 64 MiB.
    public static var maximumBlockCount: Int { 64 << 20 }

    /// The level of all compression here: the fastest. A scrape's text shrinks tenfold with it.
    private static var level: Int32 { 1 }

    /// - Throws: `ZlibError.outOfMemory`.
    public init() throws(ZlibError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        let rawDeflate: Int32 = -15
        let status = unsafe deflateInit2_(stream, Deflater.level, Z_DEFLATED, rawDeflate, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        guard status == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses one block.
    ///
    /// - Parameter bytes: at most `maximumBlockCount` bytes; may be empty.
    /// - Throws: `ZlibError.tooLarge`; `outOfMemory` when zlib refuses its own state, which it does not on a sound machine.
    public mutating func deflate(_ bytes: [UInt8]) throws(ZlibError) -> DeflatedBlock {
        guard bytes.count <= Deflater.maximumBlockCount else {
            throw .tooLarge(count: bytes.count, limit: Deflater.maximumBlockCount)
        }
        let deflated = bytes.isEmpty ? [] : compress(bytes)
        guard let deflated else { throw .outOfMemory }
        return DeflatedBlock(bytes: deflated, uncompressedCount: bytes.count, crc32: crc32(bytes))
    }

    private mutating func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard unsafe deflateReset(stream) == Z_OK else { return nil }
        // Room for everything at once: the bound of a finished stream and the flush marker, so that one call suffices.
        let capacity = Int(unsafe deflateBound(stream, UInt(bytes.count))) + 16
        var isComplete = false
        let deflated = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                // zlib only reads through next_in; the pointer is mutable for want of const in its header.
                unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(output.count)
                let status = unsafe CZlib.deflate(stream, Z_FULL_FLUSH)
                isComplete = unsafe status == Z_OK && stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
                count = unsafe output.count - Int(stream.pointee.avail_out)
            }
        }
        unsafe stream.pointee.next_in = nil
        unsafe stream.pointee.next_out = nil
        return isComplete ? deflated : nil
    }
}

/// Compresses one block with a state of its own; for several, keep a ``Deflater``.
///
/// - Parameter bytes: at most `Deflater.maximumBlockCount` bytes.
/// - Throws: `ZlibError.tooLarge`, `ZlibError.outOfMemory`.
public func deflate(_ bytes: [UInt8]) throws(ZlibError) -> DeflatedBlock {
    var deflater = try Deflater()
    return try deflater.deflate(bytes)
}
