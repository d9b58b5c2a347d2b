public import WireFormat

/// Why a recording cannot be read on, and where.
public struct RecordingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where the record begins that is wrong, in bytes from the start of the file.
    public let offset: Int
    public let problem: RecordingProblem

    public var description: String { "byte \(offset): \(problem)" }
}

/// What is wrong with a record.
public enum RecordingProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bytes do not begin as a recording does.
    case notARecording
    /// Made by a later version of the program.
    case newerFormat(found: UInt64, supported: UInt64)
    /// The bytes end within a record: so does a file whose process was killed as it wrote.
    case cutOff
    /// The record's checksum does not match its content and its place.
    case checksum
    /// A field that no recorder writes so.
    case malformed(String)
    /// A message, sample, membership or snapshot in the record is refused.
    case content(WireFormatError)
    /// The first record is not the head, or a later one is.
    case misplacedHead
    /// Records follow the one that ends the recording.
    case behindTheEnd

    public var description: String {
        switch self {
        case .notARecording: return "not a recording"
        case .newerFormat(let found, let supported): return "format \(found), where this version reads up to \(supported)"
        case .cutOff: return "the file ends within a record"
        case .checksum: return "the record's checksum does not match"
        case .malformed(let field): return "\(field): not as a recorder writes it"
        case .content(let error): return "\(error)"
        case .misplacedHead: return "the head of a recording must be its first record, and only that"
        case .behindTheEnd: return "records behind the one that ends the recording"
        }
    }
}

/// What bytes of the wire format hold, with its refusal as a problem of the record.
func recorded<Value>(_ read: () throws(WireFormatError) -> Value) throws(RecordingProblem) -> Value {
    do {
        return try read()
    } catch {
        throw .content(error)
    }
}
