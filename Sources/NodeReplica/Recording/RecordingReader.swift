import ClusterHealth
import RaftCore

/// Reads a recording's records in order. Bytes that no recorder wrote are refused with where and why; nothing traps.
struct RecordingReader {
    private let bytes: [UInt8]
    private var position = 0
    private var records: UInt64 = 0
    private var lastMoment = Moment(monotonic: MonotonicInstant(nanoseconds: 0), wall: WallTime(milliseconds: 0))
    private var hasEnded = false

    enum Record {
        case head(RecordingHead)
        /// An input, with the marks of what came of the one before; nil when that is not known.
        case input(RecordedInput, Moment, marks: [EffectMark]?)
        case end(RecordingEnd, marks: [EffectMark]?)
    }

    init(_ bytes: [UInt8]) throws(RecordingError) {
        self.bytes = bytes
        let mark = RecordingEncoder.mark
        guard bytes.starts(with: mark) else { throw RecordingError(offset: 0, problem: .notARecording) }
        position = mark.count + RecordingEncoder.formatBytes
        guard position <= bytes.count else { throw RecordingError(offset: mark.count, problem: .cutOff) }
        var cursor = RecordingCursor(bytes, mark.count..<position)
        do throws(RecordingProblem) {
            let format = try cursor.fixed("format", bytes: RecordingEncoder.formatBytes)
            guard format > 0 else { throw .malformed("format") }
            guard format <= RecordingEncoder.format else { throw .newerFormat(found: format, supported: RecordingEncoder.format) }
        } catch {
            throw RecordingError(offset: mark.count, problem: error)
        }
    }

    /// Where the next record begins.
    var offset: Int { position }

    /// The next record; nil when the bytes end behind a whole one.
    ///
    /// - Throws: `RecordingError`; the reader stays where it is.
    mutating func next() throws(RecordingError) -> Record? {
        guard position < bytes.count else { return nil }
        do throws(RecordingProblem) {
            return try read()
        } catch {
            throw RecordingError(offset: position, problem: error)
        }
    }

    private mutating func read() throws(RecordingProblem) -> Record {
        guard !hasEnded else { throw .behindTheEnd }
        let (range, end) = try frame()
        var cursor = RecordingCursor(bytes, range)
        guard let kind = RecordingEncoder.Kind(rawValue: try cursor.byte("kind of record")) else { throw .malformed("kind of record") }
        guard (kind == .head) == (records == 0) else { throw .misplacedHead }
        let record: Record
        switch kind {
        case .head:
            let head = try RecordingHead(from: &cursor)
            lastMoment = head.moment
            record = .head(head)
        case .input:
            let marks = try RecordingReader.marks(&cursor)
            let moment = try moment(&cursor)
            record = .input(try RecordedInput(from: &cursor), moment, marks: marks)
            lastMoment = moment
        case .end:
            let marks = try RecordingReader.marks(&cursor)
            guard let end = RecordingEnd(rawValue: try cursor.byte("end")) else { throw .malformed("end") }
            hasEnded = true
            record = .end(end, marks: marks)
        }
        try cursor.finish("record")
        records += 1
        position = end
        return record
    }

    /// The content of the next record, and where the one behind it begins.
    private func frame() throws(RecordingProblem) -> (content: Range<Int>, end: Int) {
        let left = bytes.count - position
        guard left >= RecordingEncoder.framingBytes else { throw .cutOff }
        var length = RecordingCursor(bytes, position..<(position + 4))
        let count = Int(try length.fixed("length", bytes: 4))
        guard count <= left - RecordingEncoder.framingBytes else { throw .cutOff }
        let content = (position + 4)..<(position + 4 + count)
        var sum = RecordingCursor(bytes, content.upperBound..<(content.upperBound + 8))
        guard try sum.fixed("checksum") == RecordingEncoder.checksum(of: Array(bytes[content]), number: records) else { throw .checksum }
        return (content, content.upperBound + 8)
    }

    private func moment(_ cursor: inout RecordingCursor) throws(RecordingProblem) -> Moment {
        let monotonic = lastMoment.monotonic.nanoseconds &+ (try cursor.signed("moment"))
        let wall = lastMoment.wall.milliseconds &+ (try cursor.signed("moment"))
        return Moment(monotonic: MonotonicInstant(nanoseconds: monotonic), wall: WallTime(milliseconds: wall))
    }

    private static func marks(_ cursor: inout RecordingCursor) throws(RecordingProblem) -> [EffectMark]? {
        let count = try cursor.count("effects")
        guard count > 0 else { return nil }
        guard count - 1 <= cursor.remaining / 5 else { throw .malformed("effects") }
        var marks: [EffectMark] = []
        for _ in 1..<count {
            guard let kind = EffectMark.Kind(rawValue: try cursor.byte("effect")) else { throw .malformed("effect") }
            marks.append(EffectMark(kind: kind, sum: UInt32(truncatingIfNeeded: try cursor.fixed("effect", bytes: 4))))
        }
        return marks
    }
}
