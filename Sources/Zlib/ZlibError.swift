/// What can go wrong in compressing or in reading compressed bytes.
public enum ZlibError: Error, Equatable, Sendable, CustomStringConvertible {
    /// zlib could not allocate its state, about 256 KiB a stream.
    case outOfMemory
    /// More bytes than one call takes or may give: `count` where at most `limit` are allowed.
    case tooLarge(count: Int, limit: Int)
    /// The bytes do not begin with a gzip header.
    case notGzip
    /// The bytes end before the compressed stream does, or before its trailer.
    case truncated
    /// The bytes are not a deflate stream, or its length or checksum does not match the trailer; with zlib's reason.
    case corrupt(reason: String)
    /// Bytes follow the end of the gzip member.
    case trailingBytes(count: Int)

    /// One line for a log or an operator.
    public var description: String {
        switch self {
        case .outOfMemory: return "zlib: out of memory"
        case .tooLarge(let count, let limit): return "zlib: \(count) bytes where at most \(limit) are allowed"
        case .notGzip: return "gzip: no gzip header"
        case .truncated: return "gzip: the bytes end too early"
        case .corrupt(let reason): return "gzip: corrupt: \(reason)"
        case .trailingBytes(let count): return "gzip: \(count) bytes after the end"
        }
    }
}
