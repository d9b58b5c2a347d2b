import RaftCore
import WireFormat

/// Hands what was recorded to a fresh replica and holds what comes of it against what came of it then.
public struct RecordingReplay: Sendable {
    public let head: RecordingHead
    private var reader: RecordingReader
    private var replica: Replica
    private var marker = EffectMarker()
    private var due: (input: RecordedInput, moment: Moment)?
    /// Of the last input, until they are compared.
    private var effects: [ReplicaEffect]?
    private var waiting: [ReplayStep] = []
    private var requested: SnapshotRequest?
    private var inputs = 0
    private var isOver = false

    /// - Parameter bytes: a whole recording, or what is left of one.
    /// - Throws: `RecordingError` when the bytes do not begin with a whole head.
    public init(_ bytes: [UInt8]) throws(RecordingError) {
        reader = try RecordingReader(bytes)
        let offset = reader.offset
        guard let first = try reader.next() else { throw RecordingError(offset: offset, problem: .cutOff) }
        guard case .head(let head) = first else { throw RecordingError(offset: offset, problem: .misplacedHead) }
        self.head = head
        do {
            replica = try head.replica()
        } catch {
            throw RecordingError(offset: offset, problem: .content(error))
        }
    }

    /// What happens next; nil when all is told. An input is told before it is handed over, so that one in which the replica traps is known.
    ///
    /// - Throws: `RecordingError` for the first record that cannot be read: everything before it was replayed.
    public mutating func next() throws(RecordingError) -> ReplayStep? {
        if !waiting.isEmpty { return waiting.removeFirst() }
        if let due { return try handOver(due.input, at: due.moment) }
        guard !isOver else { return nil }
        let offset = reader.offset
        switch try reader.next() {
        case .input(let input, let moment, let marks):
            compare(marks)
            inputs += 1
            due = (input, moment)
            waiting.append(.input(number: inputs, offset: offset, input, moment))
        case .end(let end, let marks):
            isOver = true
            compare(marks)
            waiting.append(.ended(end))
        case .head: throw RecordingError(offset: offset, problem: .misplacedHead)
        case nil:
            isOver = true
            waiting.append(.ended(nil))
        }
        return waiting.removeFirst()
    }

    private mutating func handOver(_ recorded: RecordedInput, at moment: Moment) throws(RecordingError) -> ReplayStep {
        due = nil
        let effects: [ReplicaEffect]
        switch recorded {
        case .start: effects = replica.start(at: moment)
        case .input(let input): effects = replica.handle(input, at: moment)
        case .snapshotEncoded(let checksum):
            guard let request = requested else { throw RecordingError(offset: reader.offset, problem: .malformed("snapshot nobody wants")) }
            let snapshot = request.encoded()
            requested = nil
            if snapshot.checksum != checksum {
                waiting.append(.difference(.snapshot(number: inputs, recorded: checksum, replayed: snapshot.checksum)))
            }
            effects = replica.handle(.snapshotEncoded(snapshot), at: moment)
        }
        for case .encodeSnapshot(let request) in effects { requested = request }
        self.effects = effects
        return .effects(number: inputs, effects)
    }

    /// Holds the last input's effects against the marks of those recorded.
    private mutating func compare(_ marks: [EffectMark]?) {
        defer { effects = nil }
        guard let effects, let marks else { return }
        let replayed = marker.marks(of: effects)
        for position in 0..<max(marks.count, replayed.count) {
            let then = position < marks.count ? marks[position] : nil
            let now = position < replayed.count ? replayed[position] : nil
            guard then != now else { continue }
            waiting.append(.difference(.effect(number: inputs, position: position + 1, recorded: then?.kind, replayed: now?.kind)))
            return
        }
    }
}

/// One step of a replay.
public enum ReplayStep: Sendable {
    /// An input, counted from 1, about to be handed over; where its record begins in the file.
    case input(number: Int, offset: Int, RecordedInput, Moment)
    /// What came of it.
    case effects(number: Int, [ReplicaEffect])
    /// It is not what came of it when it was recorded. What follows says nothing more.
    case difference(ReplayDifference)
    /// The recording's end; nil when there is none: its process was killed.
    case ended(RecordingEnd?)
}

/// Where a replay is not what was recorded.
public enum ReplayDifference: Equatable, Sendable, CustomStringConvertible {
    /// Of an input, an effect, counted from 1, is another; nil where there is none.
    case effect(number: Int, position: Int, recorded: EffectMark.Kind?, replayed: EffectMark.Kind?)
    /// A snapshot of the state is encoded otherwise.
    case snapshot(number: Int, recorded: UInt64, replayed: UInt64)

    public var description: String {
        switch self {
        case .effect(let number, let position, let then, let now):
            let words = then == now ? "another \(ReplayDifference.word(now))" : ReplayDifference.word(now)
            return "input \(number), effect \(position): recorded was \(ReplayDifference.word(then)), replayed is \(words)"
        case .snapshot(let number, let then, let now):
            return "input \(number): the snapshot recorded had checksum \(then), replayed it has \(now)"
        }
    }

    private static func word(_ kind: EffectMark.Kind?) -> String { kind.map { "\($0)" } ?? "none" }
}
