import ClusterHealth
import RaftCore
import WireFormat

/// What one effect was, in five bytes: enough to tell that a replay's is another.
public struct EffectMark: Equatable, Sendable {
    public let kind: Kind
    /// Over everything the effect says.
    public let sum: UInt32

    /// Numbers of the recording's format: they stay what they are.
    public enum Kind: UInt8, Equatable, Sendable, CaseIterable {
        case write = 1
        case send, setDeadline, answerProof, publish, probe, connect, log, transition, stopAnnounced, transferRefused, answerRequest
        case encodeSnapshot, removed, divergenceSuspected, diverged

        public init(_ effect: ReplicaEffect) {
            switch effect {
            case .write: self = .write
            case .send: self = .send
            case .setDeadline: self = .setDeadline
            case .answerProof: self = .answerProof
            case .publish: self = .publish
            case .probe: self = .probe
            case .connect: self = .connect
            case .log: self = .log
            case .transition: self = .transition
            case .stopAnnounced: self = .stopAnnounced
            case .transferRefused: self = .transferRefused
            case .answerRequest: self = .answerRequest
            case .encodeSnapshot: self = .encodeSnapshot
            case .removed: self = .removed
            case .divergenceSuspected: self = .divergenceSuspected
            case .diverged: self = .diverged
            }
        }
    }
}

/// Takes the marks of effects, in order.
///
/// A published view is summed only when another index is applied: it changes in no other way, and a large one is long.
struct EffectMarker: Sendable {
    private var view: (position: LogPosition, sum: UInt64)?

    mutating func marks(of effects: [ReplicaEffect]) -> [EffectMark] { effects.map { mark(of: $0) } }

    private mutating func mark(of effect: ReplicaEffect) -> EffectMark {
        var sum = WordChecksum(purpose: 10)
        add(effect, to: &sum)
        return EffectMark(kind: EffectMark.Kind(effect), sum: UInt32(truncatingIfNeeded: sum.value))
    }

    private mutating func add(_ effect: ReplicaEffect, to sum: inout WordChecksum) {
        switch effect {
        case .write(let batch): sum.add(batch)
        case .send(let message, let health, let peer):
            sum.add(peer.rawValue)
            sum.add(FrameCoding.encode(.raft(message, health)))
        case .setDeadline(let deadline): sum.add(UInt64(bitPattern: deadline.nanoseconds))
        case .answerProof(let ticket, .proven(let snapshot)):
            sum.add(ticket)
            add(snapshot, to: &sum)
        case .publish(let snapshot): add(snapshot, to: &sum)
        case .probe(let peer): sum.add(peer.rawValue)
        case .connect(let members): for member in members { sum.add(member) }
        case .encodeSnapshot(let request):
            sum.add(request.position)
            sum.add(request.membershipIndex.rawValue)
            sum.add(request.membership)
            sum.add(viewSum(request.view, at: request.position))
        case .answerProof(_, .failed), .log, .transition, .stopAnnounced, .transferRefused, .answerRequest, .removed, .divergenceSuspected,
            .diverged:
            // These are small or seldom: summed as they are worded.
            sum.add(text: "\(effect)")
        }
    }

    private mutating func add(_ snapshot: ReplicaSnapshot, to sum: inout WordChecksum) {
        let position = LogPosition(index: snapshot.appliedIndex, term: snapshot.appliedTerm)
        sum.add(position)
        sum.add(viewSum(snapshot.view, at: position))
        sum.add(snapshot.status)
        sum.add(snapshot.counters)
        for (member, time) in snapshot.lastContact {
            sum.add(member.rawValue)
            sum.add(UInt64(bitPattern: time.milliseconds))
        }
        for (peer, link) in snapshot.peers {
            sum.add(peer.rawValue)
            sum.add(link.isUp ? 1 : 0)
            sum.add(link.roundTrip.map { UInt64(bitPattern: $0.wholeNanoseconds) } ?? .max)
        }
        sum.add(snapshot.caughtUp ? 1 : 0)
        sum.add(UInt64(snapshot.patienceThousandths))
        sum.add(snapshot.snapshotTakenAt.map { UInt64(bitPattern: $0.milliseconds) } ?? .max)
    }

    private mutating func viewSum(_ state: ClusterHealthView, at position: LogPosition) -> UInt64 {
        if let view, view.position == position { return view.sum }
        let sum = SnapshotCoding.digest(of: state, at: position.index).value
        view = (position, sum)
        return sum
    }
}
