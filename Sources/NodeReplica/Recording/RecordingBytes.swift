import RaftCore

/// Puts numbers and bytes behind one another in a record's compact form: whole numbers in groups of seven bits, least first.
struct RecordingBytes {
    private(set) var bytes: [UInt8] = []

    mutating func add(byte: UInt8) { bytes.append(byte) }

    mutating func add(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Small ones of either sign stay small.
    mutating func add(signed number: Int64) { add(UInt64(bitPattern: number << 1 ^ number >> 63)) }

    /// In so many bytes, least first: for numbers drawn at random, which no other form makes shorter.
    mutating func add(fixed number: UInt64, bytes count: Int = 8) {
        for position in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * position))) }
    }

    mutating func add(_ node: NodeID) { add(fixed: node.rawValue) }

    mutating func add(_ isSo: Bool) { add(byte: isSo ? 1 : 0) }

    /// How many there are, then they themselves.
    mutating func add(_ content: [UInt8]) {
        add(UInt64(content.count))
        bytes += content
    }

    mutating func add(_ duration: Duration) {
        add(signed: duration.components.seconds)
        add(signed: duration.components.attoseconds / 1_000_000_000)
        add(signed: duration.components.attoseconds % 1_000_000_000)
    }

    mutating func add(_ position: LogPosition) {
        add(position.index.rawValue)
        add(position.term.rawValue)
    }
}

/// Reads back what `RecordingBytes` wrote; bytes that it did not write are refused, and nothing traps.
struct RecordingCursor {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    /// - Parameter range: within the bytes.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var remaining: Int { end - position }

    mutating func byte(_ field: String) throws(RecordingProblem) -> UInt8 {
        guard position < end else { throw .malformed(field) }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func number(_ field: String) throws(RecordingProblem) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte(field)
            guard shift < 63 || next <= 1 else { throw .malformed(field) }
            number |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return number }
        }
        throw .malformed(field)
    }

    mutating func signed(_ field: String) throws(RecordingProblem) -> Int64 {
        let raw = try number(field)
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    mutating func fixed(_ field: String, bytes count: Int = 8) throws(RecordingProblem) -> UInt64 {
        var number: UInt64 = 0
        for position in 0..<count { number |= UInt64(try byte(field)) << UInt64(8 * position) }
        return number
    }

    mutating func node(_ field: String) throws(RecordingProblem) -> NodeID { NodeID(try fixed(field)) }

    mutating func flag(_ field: String) throws(RecordingProblem) -> Bool {
        switch try byte(field) {
        case 0: return false
        case 1: return true
        default: throw .malformed(field)
        }
    }

    mutating func content(_ field: String) throws(RecordingProblem) -> [UInt8] {
        let count = try number(field)
        guard count <= UInt64(remaining) else { throw .malformed(field) }
        defer { position += Int(count) }
        return Array(bytes[position..<(position + Int(count))])
    }

    mutating func duration(_ field: String) throws(RecordingProblem) -> Duration {
        let seconds = try signed(field)
        let nanoseconds = try signed(field)
        let rest = try signed(field)
        let fraction: ClosedRange<Int64> = -999_999_999...999_999_999
        guard (-1 << 40...1 << 40).contains(seconds), fraction.contains(nanoseconds), fraction.contains(rest) else {
            throw .malformed(field)
        }
        return Duration(secondsComponent: seconds, attosecondsComponent: nanoseconds * 1_000_000_000 + rest)
    }

    /// A count of bytes, entries or the like.
    mutating func count(_ field: String) throws(RecordingProblem) -> Int {
        guard let count = Int(exactly: try number(field)) else { throw .malformed(field) }
        return count
    }

    mutating func logPosition(_ field: String) throws(RecordingProblem) -> LogPosition {
        LogPosition(index: LogIndex(try counter(field)), term: Term(try counter(field)))
    }

    /// A term or an index: the next one is always there.
    mutating func counter(_ field: String) throws(RecordingProblem) -> UInt64 {
        let number = try number(field)
        guard number <= 1 << 62 else { throw .malformed(field) }
        return number
    }

    /// Nothing may be left.
    func finish(_ field: String) throws(RecordingProblem) {
        guard remaining == 0 else { throw .malformed(field) }
    }
}
