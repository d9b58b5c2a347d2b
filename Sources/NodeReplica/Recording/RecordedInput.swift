import ClusterHealth
import RaftCore
import WireFormat

/// One thing that was handed to a replica.
public enum RecordedInput: Sendable {
    /// `Replica.start`.
    case start
    case input(ReplicaInput)
    /// `ReplicaInput.snapshotEncoded`, of which only the checksum is kept: the replica asked for it, so a replay can encode it again.
    case snapshotEncoded(checksum: UInt64)

    /// As it is recorded.
    public init(_ input: ReplicaInput) {
        if case .snapshotEncoded(let snapshot) = input {
            self = .snapshotEncoded(checksum: snapshot.checksum)
        } else {
            self = .input(input)
        }
    }

    /// About how many bytes it holds in memory: what a queue of inputs is charged with.
    public var approximateBytes: Int {
        guard case .input(.received(let message, _, _)) = self else { return 256 }
        switch message.body {
        case .append(let request): return request.entries.reduce(256) { $0 + $1.size }
        case .snapshotChunk(let chunk): return 256 + chunk.bytes.count
        case .preVoteRequest, .preVoteReply, .voteRequest, .voteReply, .appendReply, .heartbeat, .heartbeatReply, .timeoutNow,
            .snapshotReply:
            return 256
        }
    }

    /// Numbers of the recording's format: they stay what they are.
    private enum Kind: UInt8 {
        case start = 1
        case received, contact, linkOpened, linkClosed, dialRefused, sample, written, deadline, proofRequested, proofAbandoned, bootstrap
        case changeMembership, join, transferLeadership, requestAbandoned, snapshotEncoded, stopping
    }

    func write(to bytes: inout RecordingBytes) {
        switch self {
        case .start: bytes.add(byte: Kind.start.rawValue)
        case .snapshotEncoded(let checksum):
            bytes.add(byte: Kind.snapshotEncoded.rawValue)
            bytes.add(fixed: checksum)
        case .input(let input): RecordedInput.write(input, to: &bytes)
        }
    }

    private static func write(_ input: ReplicaInput, to bytes: inout RecordingBytes) {
        switch input {
        case .received(let message, let health, let sender):
            bytes.add(byte: Kind.received.rawValue)
            bytes.add(sender)
            bytes.add(FrameCoding.encode(.raft(message, health)))
        case .contact(let peer, let roundTrip):
            bytes.add(byte: Kind.contact.rawValue)
            bytes.add(peer)
            bytes.add(roundTrip != nil)
            if let roundTrip { bytes.add(roundTrip) }
        case .linkOpened(let peer, let boot, let direction): write(.linkOpened, peer, boot, direction, to: &bytes)
        case .linkClosed(let peer, let boot, let direction): write(.linkClosed, peer, boot, direction, to: &bytes)
        case .dialRefused(let peer):
            bytes.add(byte: Kind.dialRefused.rawValue)
            bytes.add(peer)
        case .sample(let sample):
            bytes.add(byte: Kind.sample.rawValue)
            bytes.add(AttachmentCoding.encode(HealthAttachment(sample: sample)))
        case .written(let number, let duration):
            bytes.add(byte: Kind.written.rawValue)
            bytes.add(number.rawValue)
            bytes.add(duration)
        case .deadline: bytes.add(byte: Kind.deadline.rawValue)
        case .stopping: bytes.add(byte: Kind.stopping.rawValue)
        case .proofRequested(let ticket): write(.proofRequested, ticket, to: &bytes)
        case .proofAbandoned(let ticket): write(.proofAbandoned, ticket, to: &bytes)
        case .requestAbandoned(let ticket): write(.requestAbandoned, ticket, to: &bytes)
        case .bootstrap(let membership):
            bytes.add(byte: Kind.bootstrap.rawValue)
            bytes.add(EntryCoding.encode(.membership(membership)).bytes)
        case .changeMembership(let change, let ticket):
            write(.changeMembership, ticket, to: &bytes)
            bytes.add(encoded(change))
        case .join(let member, let ticket):
            write(.join, ticket, to: &bytes)
            bytes.add(encoded(.add(member)))
        case .transferLeadership(let target, let ticket):
            write(.transferLeadership, ticket, to: &bytes)
            bytes.add(target != nil)
            if let target { bytes.add(target) }
        case .snapshotEncoded(let snapshot): RecordedInput.snapshotEncoded(checksum: snapshot.checksum).write(to: &bytes)
        }
    }

    private static func write(_ kind: Kind, _ ticket: UInt64, to bytes: inout RecordingBytes) {
        bytes.add(byte: kind.rawValue)
        bytes.add(ticket)
    }

    private static func write(_ kind: Kind, _ peer: NodeID, _ boot: BootID, _ direction: LinkDirection, to bytes: inout RecordingBytes) {
        bytes.add(byte: kind.rawValue)
        bytes.add(peer)
        bytes.add(fixed: boot.rawValue)
        bytes.add(byte: direction.rawValue)
    }

    private static func encoded(_ change: MembershipChange) -> [UInt8] {
        FrameCoding.encode(.operatorRequest(OperatorRequest(sequence: 0, command: .changeMembership(change))))
    }

    init(from cursor: inout RecordingCursor) throws(RecordingProblem) {
        guard let kind = Kind(rawValue: try cursor.byte("kind of input")) else { throw .malformed("kind of input") }
        switch kind {
        case .start: self = .start
        case .snapshotEncoded: self = .snapshotEncoded(checksum: try cursor.fixed("snapshot"))
        case .received: self = .input(try RecordedInput.received(&cursor))
        case .contact:
            let peer = try cursor.node("contact")
            self = .input(.contact(peer, roundTrip: try cursor.flag("contact") ? try cursor.duration("contact") : nil))
        case .linkOpened:
            let (peer, boot, direction) = try RecordedInput.link(&cursor)
            self = .input(.linkOpened(peer, boot: boot, direction: direction))
        case .linkClosed:
            let (peer, boot, direction) = try RecordedInput.link(&cursor)
            self = .input(.linkClosed(peer, boot: boot, direction: direction))
        case .dialRefused: self = .input(.dialRefused(try cursor.node("dial")))
        case .sample: self = .input(try RecordedInput.sample(&cursor))
        case .written:
            let number = WriteNumber(try cursor.counter("write"))
            self = .input(.written(number, duration: try cursor.duration("write")))
        case .deadline: self = .input(.deadline)
        case .stopping: self = .input(.stopping)
        case .proofRequested: self = .input(.proofRequested(ticket: try cursor.number("ticket")))
        case .proofAbandoned: self = .input(.proofAbandoned(ticket: try cursor.number("ticket")))
        case .requestAbandoned: self = .input(.requestAbandoned(ticket: try cursor.number("ticket")))
        case .bootstrap: self = .input(.bootstrap(try cursor.membership("bootstrap")))
        case .changeMembership:
            let ticket = try cursor.number("ticket")
            self = .input(.changeMembership(try RecordedInput.change(&cursor), ticket: ticket))
        case .join:
            let ticket = try cursor.number("ticket")
            guard case .add(let member) = try RecordedInput.change(&cursor) else { throw .malformed("join") }
            self = .input(.join(member, ticket: ticket))
        case .transferLeadership:
            let ticket = try cursor.number("ticket")
            self = .input(.transferLeadership(try cursor.flag("target") ? try cursor.node("target") : nil, ticket: ticket))
        }
    }

    private static func received(_ cursor: inout RecordingCursor) throws(RecordingProblem) -> ReplicaInput {
        let sender = try cursor.node("sender")
        let bytes = try cursor.content("message")
        let frame = try recorded { () throws(WireFormatError) in try FrameCoding.decode(bytes) }
        guard case .raft(let message, let health) = frame else { throw .malformed("message") }
        return .received(message, health: health, from: sender)
    }

    private static func sample(_ cursor: inout RecordingCursor) throws(RecordingProblem) -> ReplicaInput {
        let bytes = try cursor.content("sample")
        guard let sample = try recorded({ () throws(WireFormatError) in try AttachmentCoding.decode(bytes) }).sample else {
            throw .malformed("sample")
        }
        return .sample(sample)
    }

    private static func link(_ cursor: inout RecordingCursor) throws(RecordingProblem) -> (NodeID, BootID, LinkDirection) {
        let peer = try cursor.node("link")
        let boot = BootID(try cursor.fixed("link"))
        guard let direction = LinkDirection(rawValue: try cursor.byte("link")) else { throw .malformed("link") }
        return (peer, boot, direction)
    }

    private static func change(_ cursor: inout RecordingCursor) throws(RecordingProblem) -> MembershipChange {
        let bytes = try cursor.content("change of the configuration")
        let frame = try recorded { () throws(WireFormatError) in try FrameCoding.decode(bytes) }
        guard case .operatorRequest(let request) = frame, case .changeMembership(let change) = request.command else {
            throw .malformed("change of the configuration")
        }
        return change
    }
}
