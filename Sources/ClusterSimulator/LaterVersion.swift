import ClusterHealth
import WireFormat

/// A later version of the program, as far as others can tell: every message it sends, and every message within, says something more.
///
/// Memberships and commands are left as they are: what they say more is part of the log, and comes from whoever proposes them.
enum LaterVersion {
    /// Field 100, a number, as an encoded message ends with it.
    static func field(_ value: UInt8) -> [UInt8] { [0xa0, 0x06, value & 0x7f] }

    /// The messages within a message, by field number.
    private indirect enum Schema {
        case message([UInt64: Schema])

        func nested(_ field: UInt64) -> Schema? {
            switch self {
            case .message(let fields): return fields[field]
            }
        }
    }

    private static let leaf = Schema.message([:])
    private static let append = Schema.message([4: leaf])
    private static let health = Schema.message([1: .message([5: .message([6: leaf]), 6: leaf]), 2: leaf, 3: leaf])
    private static let raft = Schema.message([
        2: leaf, 3: leaf, 4: leaf, 5: leaf, 6: append, 7: leaf, 8: leaf, 9: leaf, 10: leaf, 11: leaf, 12: leaf, 15: health,
    ])
    private static let frame = Schema.message([5: raft])

    /// The frame as a later version would have encoded it.
    static func frame(_ bytes: [UInt8], saying value: UInt8) -> [UInt8] { rewritten(bytes[...], frame, value) }

    /// What this version knows of a frame; what it kept of a sample beside that is left out.
    static func known(of frame: Frame) -> Frame {
        guard case .raft(let message, var health?) = frame else { return frame }
        health.sample?.removeExtra()
        return .raft(message, health)
    }

    private static func rewritten(_ bytes: ArraySlice<UInt8>, _ schema: Schema, _ value: UInt8) -> [UInt8] {
        var rest = bytes
        var result: [UInt8] = []
        while !rest.isEmpty {
            let tag = number(&rest)
            append(tag, to: &result)
            switch tag & 7 {
            case 0: append(number(&rest), to: &result)
            case 1: result += take(8, of: &rest)
            case 5: result += take(4, of: &rest)
            default:
                let content = take(Int(clamping: number(&rest)), of: &rest)
                let inner = schema.nested(tag >> 3).map { rewritten(content, $0, value) } ?? Array(content)
                append(UInt64(inner.count), to: &result)
                result += inner
            }
        }
        return result + field(value)
    }

    private static func take(_ count: Int, of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            value |= UInt64(byte & 0x7f) << shift
            shift += 7
            if byte < 0x80 || shift > 63 { break }
        }
        return value
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
