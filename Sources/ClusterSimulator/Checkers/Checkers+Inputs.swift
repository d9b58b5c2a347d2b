import ClusterHealth
import NodeReplica
import RaftCore

// What goes into a process and what comes out of it, as the checkers that count again need it.

extension Checkers {
    /// An input is about to be handed to a process.
    ///
    /// - Parameters:
    ///   - term: the one it leads; nil when it does not.
    ///   - voters: of its configuration, looked up only when needed.
    mutating func handedIn(
        _ input: ReplicaInput, to id: NodeID, leading term: Term?, voters: @autoclosure () -> [NodeID], at event: Int,
        local: MonotonicInstant
    ) {
        honesty.heard(input, by: id, at: local)
        stickyVote.handedIn(input, to: id, at: local)
        switch input {
        case .received(let message, let health, let sender):
            guard let term, case .heartbeatReply = message.body else { return }
            rounds.delivered(message, from: sender, to: id, voters: voters())
            evidence.delivered(message, health, from: sender, to: id, term: term, local: local)
        case .proofRequested(let ticket): rounds.requested(ticket: ticket, at: event)
        default: return
        }
    }

    /// A leader has seen to what was due.
    func awake(_ id: NodeID, _ replica: SimulatedReplica, local: MonotonicInstant, writing: Duration?) throws(Violation) {
        let voters = replica.membership?.voters ?? []
        let patience = stalledDisk.electionTimeout
        try rounds.awake(id, voters: voters, local: local, electionTimeout: patience)
        try stalledDisk.awake(
            id, voters: voters, writing: writing, isTransferring: replica.inspection.isTransferring,
            reachable: voters.first { $0 != id && rounds.isHeard($0, by: id, since: local + patience / -2) })
    }

    mutating func sent(
        _ message: Message, _ health: HealthAttachment?, by identity: Identity, to peer: NodeID, at event: Int, local: MonotonicInstant,
        writing: Duration?
    ) throws(Violation) {
        try singleVote.sent(message, by: identity.id, to: peer)
        try durableBeforeSent.sent(message, by: identity.id, to: peer, ledger.disks[identity.number])
        try stalledDisk.sent(message, by: identity.id, writing: writing)
        acknowledgedStays.sent(message, by: identity.id)
        rounds.sent(message, by: identity.id, at: event, local: local)
        if let report = health?.report { try honesty.said(report, by: identity.id, at: local) }
    }

    mutating func becameLeader(
        _ id: NodeID, term: Term, _ replica: SimulatedReplica, at event: Int, local: MonotonicInstant
    ) throws(Violation) {
        try electionSafety.becameLeader(id, term: term)
        try singleVote.becameLeader(id, term: term, voters: replica.membership?.voters ?? [])
        try leaderCompleteness.becameLeader(id, term: term, replica, ledger)
        rounds.led(id, term, at: event, local: local)
    }
}
