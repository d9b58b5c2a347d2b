import CZlib

/// Decompresses one gzip member, and checks its checksum and length.
///
/// - Parameters:
///   - bytes: exactly one member.
///   - maximumCount: how many bytes it may decompress to. Never more than this and one buffer of 64 KiB is held.
/// - Throws: `ZlibError`: `notGzip`, `truncated`, `corrupt`, `trailingBytes`, `tooLarge` (input or output), `outOfMemory`.
public func gunzip(_ bytes: [UInt8], maximumCount: Int) throws(ZlibError) -> [UInt8] {
    guard bytes.count <= maximumGzipCount else { throw .tooLarge(count: bytes.count, limit: maximumGzipCount) }
    guard bytes.starts(with: [0x1f, 0x8b]) else { throw bytes.isEmpty ? .truncated : .notGzip }
    let outcome = unsafe bytes.withUnsafeBufferPointer { input in unsafe inflateMember(input, maximumCount: maximumCount) }
    return try outcome.get()
}

private func inflateMember(_ input: UnsafeBufferPointer<UInt8>, maximumCount: Int) -> Result<[UInt8], ZlibError> {
    var stream = unsafe z_stream()
    let gzipOnly: Int32 = 15 + 16
    guard unsafe inflateInit2_(&stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        return .failure(.outOfMemory)
    }
    defer { unsafe inflateEnd(&stream) }
    unsafe stream.next_in = unsafe UnsafeMutablePointer(mutating: input.baseAddress)
    unsafe stream.avail_in = UInt32(input.count)
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let (status, count) = unsafe inflateChunk(&stream, into: &chunk)
        guard output.count + count <= maximumCount else { return .failure(.tooLarge(count: output.count + count, limit: maximumCount)) }
        output += chunk[..<count]
        switch status {
        case Z_STREAM_END:
            let left = unsafe Int(stream.avail_in)
            return left == 0 ? .success(output) : .failure(.trailingBytes(count: left))
        case Z_OK where unsafe stream.avail_in > 0 || count == chunk.count: continue
        case Z_OK, Z_BUF_ERROR: return .failure(.truncated)
        case Z_MEM_ERROR: return .failure(.outOfMemory)
        default: return .failure(.corrupt(reason: unsafe stream.msg.map { unsafe String(cString: $0) } ?? "status \(status)"))
        }
    }
}

/// One call of zlib; gives its status and how many bytes of the chunk it filled.
private func inflateChunk(_ stream: inout z_stream, into chunk: inout [UInt8]) -> (status: Int32, count: Int) {
    unsafe chunk.withUnsafeMutableBufferPointer { buffer in
        unsafe stream.next_out = buffer.baseAddress
        unsafe stream.avail_out = UInt32(buffer.count)
        let status = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
        return unsafe (status, buffer.count - Int(stream.avail_out))
    }
}
