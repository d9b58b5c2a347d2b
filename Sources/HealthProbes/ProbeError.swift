/// Why a measurement failed: always the file or call, and what was wrong with it.
public enum ProbeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file could not be opened or read; `reason` is the system's word for it.
    case unreadable(file: String, reason: String)
    /// The file is larger than any such file can be, so it is not what it claims to be.
    case tooLarge(file: String, maximumBytes: Int)
    /// The file does not say what it should; `found` is cut to `maximumExcerptBytes`.
    case malformed(file: String, expected: String, found: String)
    /// A system call failed on a path.
    case callFailed(call: String, path: String, reason: String)

    /// How much of a malformed file an error repeats.
    public static let maximumExcerptBytes = 60

    /// One line: what, where, and what was expected.
    public var description: String {
        switch self {
        case .unreadable(let file, let reason): return "\(file): \(reason)"
        case .tooLarge(let file, let maximumBytes): return "\(file): larger than \(maximumBytes) bytes"
        case .malformed(let file, let expected, let found): return "\(file): expected \(expected), found \(found)"
        case .callFailed(let call, let path, let reason): return "\(call)(\(path)): \(reason)"
        }
    }

    /// A malformed file, with an excerpt that is safe to log: printable ASCII, quoted, cut.
    static func malformed(_ file: String, expected: String, found bytes: some Sequence<UInt8>) -> ProbeError {
        var excerpt = ""
        var count = 0
        for byte in bytes {
            if count == maximumExcerptBytes {
                excerpt += "…"
                break
            }
            excerpt.unicodeScalars.append(byte >= 0x20 && byte < 0x7F ? UnicodeScalar(byte) : "?")
            count += 1
        }
        return .malformed(file: file, expected: expected, found: count == 0 ? "nothing" : "\"\(excerpt)\"")
    }
}
