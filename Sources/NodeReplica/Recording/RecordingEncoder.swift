import ClusterHealth
import RaftCore

/// How a recording ends. Without an end, its process was killed.
public enum RecordingEnd: UInt8, Equatable, Sendable, CaseIterable {
    /// The process stopped in order, or because it could not go on.
    case stopped = 1
    /// The bound of the file was reached.
    case full = 2
    /// More inputs came than could be written: what follows is not known.
    case dropped = 3
}

/// Makes the bytes of a recording, record by record, in the order of the inputs.
///
/// The bytes begin with a mark and the format's number. Each record is its content's length, the content, and a checksum over its number
/// and content; the first is the head. An input's record comes before what came of it: the marks of its effects stand in the next one, so
/// that a recording also holds the input in which its process ended.
public struct RecordingEncoder: Sendable {
    private var marker = EffectMarker()
    /// Of the last input; nil while it is not known what came of it.
    private var marks: [EffectMark]?
    private var lastMoment = Moment(monotonic: MonotonicInstant(nanoseconds: 0), wall: WallTime(milliseconds: 0))
    private var records: UInt64 = 0

    /// Begins every recording.
    public static let mark: [UInt8] = Array("QREC\r\n".utf8)
    /// The version of the form that this program writes, and the latest it reads.
    static let format: UInt64 = 1
    /// Of the number of the format behind the mark.
    static let formatBytes = 2
    /// Of a record beside its content: length and checksum.
    static let framingBytes = 12

    enum Kind: UInt8 {
        case head = 1
        case input = 2
        case end = 3
    }

    public init() {}

    /// The beginning; once, before all else.
    public mutating func begin(_ head: RecordingHead) -> [UInt8] {
        var start = RecordingBytes()
        start.add(fixed: RecordingEncoder.format, bytes: RecordingEncoder.formatBytes)
        var content = RecordingBytes()
        content.add(byte: Kind.head.rawValue)
        head.write(to: &content)
        lastMoment = head.moment
        return RecordingEncoder.mark + start.bytes + record(content)
    }

    /// An input, before it is handed to the replica.
    public mutating func input(_ input: RecordedInput, at moment: Moment) -> [UInt8] {
        var content = RecordingBytes()
        content.add(byte: Kind.input.rawValue)
        addMarks(to: &content)
        content.add(signed: moment.monotonic.nanoseconds &- lastMoment.monotonic.nanoseconds)
        content.add(signed: moment.wall.milliseconds &- lastMoment.wall.milliseconds)
        input.write(to: &content)
        lastMoment = moment
        return record(content)
    }

    /// What came of the last input.
    public mutating func effects(_ effects: [ReplicaEffect]) { marks = marker.marks(of: effects) }

    /// The end; nothing may follow.
    public mutating func end(_ end: RecordingEnd) -> [UInt8] {
        var content = RecordingBytes()
        content.add(byte: Kind.end.rawValue)
        if let marks, marks.count > RecordingEncoder.maximumEndBytes / 8 { self.marks = nil }
        addMarks(to: &content)
        content.add(byte: end.rawValue)
        return record(content)
    }

    /// No end is longer; it leaves out what came of the last input rather than be that.
    public static let maximumEndBytes = 4_096

    /// One more than there are, or 0 when it is not known.
    private mutating func addMarks(to content: inout RecordingBytes) {
        content.add(UInt64(marks.map { $0.count + 1 } ?? 0))
        for mark in marks ?? [] {
            content.add(byte: mark.kind.rawValue)
            content.add(fixed: UInt64(mark.sum), bytes: 4)
        }
        marks = nil
    }

    private mutating func record(_ content: RecordingBytes) -> [UInt8] {
        var framed = RecordingBytes()
        framed.add(fixed: UInt64(content.bytes.count), bytes: 4)
        var end = RecordingBytes()
        end.add(fixed: RecordingEncoder.checksum(of: content.bytes, number: records))
        records += 1
        return framed.bytes + content.bytes + end.bytes
    }

    /// With its number, so that no record can stand in another's place.
    static func checksum(of content: [UInt8], number: UInt64) -> UInt64 {
        var checksum = WordChecksum(purpose: 9)
        checksum.add(number)
        checksum.add(content)
        return checksum.value
    }
}
