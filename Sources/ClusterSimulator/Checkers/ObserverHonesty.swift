import ClusterHealth
import NodeReplica
import RaftCore

/// A report never claims contact that was not, nor a loss that was not: held against the inputs that the observer really had.
struct ObserverHonesty {
    private let configuration: ObserverConfiguration
    private var observers: [NodeID: Ears] = [:]

    /// What one process has heard, by its own monotonic clock.
    private struct Ears {
        let startedAt: MonotonicInstant
        /// How long it was frozen altogether.
        var frozen = Duration.zero
        var heard = NodeMap<Heard>()
    }

    private struct Heard {
        /// The last sign of life, and how long the process had been frozen altogether by then.
        var contact: (at: MonotonicInstant, frozen: Duration)?
        /// A dial was refused, or the process was seen replaced, since the last connection came up.
        var refused = false
    }

    init(_ configuration: ObserverConfiguration) { self.configuration = configuration }

    mutating func started(_ id: NodeID, at local: MonotonicInstant) { observers[id] = Ears(startedAt: local) }

    mutating func thawed(_ id: NodeID, after duration: Duration) { observers[id]?.frozen += duration }

    /// An input is handed in.
    mutating func heard(_ input: ReplicaInput, by id: NodeID, at local: MonotonicInstant) {
        switch input {
        case .received(_, _, let peer), .contact(let peer, _): contact(peer, id, local)
        case .linkOpened(let peer, _, _):
            observers[id]?.heard[peer, default: Heard()].refused = false
            contact(peer, id, local)
        case .dialRefused(let peer): observers[id]?.heard[peer, default: Heard()].refused = true
        case .linkClosed, .sample, .written, .deadline, .proofRequested, .proofAbandoned, .bootstrap, .changeMembership, .join,
            .transferLeadership, .requestAbandoned, .snapshotEncoded, .stopping:
            break
        }
    }

    private mutating func contact(_ peer: NodeID, _ id: NodeID, _ local: MonotonicInstant) {
        guard let ears = observers[id] else { return }
        observers[id]?.heard[peer, default: Heard()].contact = (local, ears.frozen)
    }

    /// A report leaves, or is put into a round.
    func said(_ report: ObserverReport, by id: NodeID, at local: MonotonicInstant) throws(Violation) {
        guard report.observer == id, let ears = observers[id] else {
            throw Violation("observer-honesty", "\(id) reports as observer \(report.observer)")
        }
        for (member, observation) in report.observations {
            guard let lie = lie(observation, ears.heard[member] ?? Heard(), ears, local) else { continue }
            throw Violation("observer-honesty", "\(id) says \(observation) of \(member), \(lie)")
        }
    }

    /// What is untrue of an observation; nil when nothing is.
    private func lie(_ observation: Observation, _ heard: Heard, _ ears: Ears, _ local: MonotonicInstant) -> String? {
        let silence = local - (heard.contact?.at ?? ears.startedAt)
        switch observation {
        case .noOpinion: return nil
        case .reaching:
            guard let contact = heard.contact else { return "which it has never heard" }
            let awake = silence - (ears.frozen - contact.frozen)
            return awake > configuration.downAfter * 2 + configuration.tickInterval * 2 ? "silent for \(awake) of its awake time" : nil
        case .lostBySilence: return silence < configuration.downAfter ? "heard \(silence) ago" : nil
        case .lostByRefusal:
            if !heard.refused { return "which has refused no dial" }
            return heard.contact != nil && silence < configuration.refusalDelay ? "heard \(silence) ago" : nil
        case .lostByClosing: return "which does not dial in"
        }
    }
}
