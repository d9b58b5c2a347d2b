import RaftCore

/// Proofs of leadership and a leader's contact with its quorum, counted again from the frames that were really sent and delivered: a
/// request joins only a round first sent after it was handed in; only voters' acknowledgements of the leader's own term count.
struct ProofRounds {
    private var leaders: [NodeID: Leading] = [:]
    /// At which event each request was handed in, by ticket.
    private var requests: [UInt64: Int] = [:]

    /// A leadership as its frames show it.
    private struct Leading {
        let term: Term
        let since: Round
        var newest: Round
        /// When each recent round was first sent, by its number.
        var sent: [UInt64: Round] = [:]
        var acknowledged = NodeMap<Round>()
        /// The newest event such that a round sent then was acknowledged by a majority.
        var proven = -1
    }

    /// When a round was sent: as which event, and by the leader's own clock.
    private struct Round {
        var event: Int
        var local: MonotonicInstant
    }

    private static let maximumRounds = 4_096

    mutating func requested(ticket: UInt64, at event: Int) { requests[ticket] = event }

    mutating func led(_ id: NodeID, _ term: Term, at event: Int, local: MonotonicInstant) {
        let since = Round(event: event, local: local)
        leaders[id] = Leading(term: term, since: since, newest: since)
    }

    mutating func sent(_ message: Message, by id: NodeID, at event: Int, local: MonotonicInstant) {
        guard case .heartbeat(let heartbeat) = message.body, var leading = leaders[id], leading.term == message.term else { return }
        guard leading.sent[heartbeat.round] == nil else { return }
        if leading.sent.count >= ProofRounds.maximumRounds {
            let oldest = heartbeat.round - min(heartbeat.round, UInt64(ProofRounds.maximumRounds / 2))
            leading.sent = leading.sent.filter { $0.key > oldest }
        }
        leading.newest = Round(event: event, local: local)
        leading.sent[heartbeat.round] = leading.newest
        leaders[id] = leading
    }

    /// A frame is handed to a leader.
    mutating func delivered(_ message: Message, from sender: NodeID, to id: NodeID, voters: [NodeID]) {
        guard case .heartbeatReply(let reply) = message.body, leaders[id]?.term == message.term else { return }
        guard let round = leaders[id]?.sent[reply.round] else { return }
        if leaders[id]?.acknowledged[sender].map({ $0.event < round.event }) ?? true { leaders[id]?.acknowledged[sender] = round }
        recount(id, voters: voters)
    }

    private mutating func recount(_ id: NodeID, voters: [NodeID]) {
        guard let leading = leaders[id] else { return }
        let events = voters.map { $0 == id ? leading.newest.event : leading.acknowledged[$0]?.event ?? -1 }
        leaders[id]?.proven = max(leading.proven, Quorum.reached(events) ?? -1)
    }

    /// A request is answered, successfully or not.
    mutating func answered(
        _ id: NodeID, ticket: UInt64, isProven: Bool, term: Term, voters: [NodeID], at event: Int
    ) throws(Violation) {
        guard let requested = requests.removeValue(forKey: ticket), isProven else { return }
        guard let leading = leaders[id], leading.term == term else {
            throw Violation("proof-round", "\(id) serves a view of term \(term), in which it sent no heartbeat")
        }
        recount(id, voters: voters)
        guard voters != [id], leaders[id]?.proven ?? -1 < requested else { return }
        throw Violation(
            "proof-round",
            "\(id) serves at event \(event) what was asked at event \(requested); no later round was acknowledged by a majority")
    }

    /// Whether a peer has acknowledged a round that was first sent after an instant.
    func isHeard(_ peer: NodeID, by id: NodeID, since instant: MonotonicInstant) -> Bool {
        leaders[id]?.acknowledged[peer].map { $0.local > instant } ?? false
    }

    /// A leader has just seen to what was due: it has heard from its quorum within an election timeout.
    func awake(_ id: NodeID, voters: [NodeID], local: MonotonicInstant, electionTimeout: Duration) throws(Violation) {
        guard let leading = leaders[id] else { return }
        let contacts = voters.map { $0 == id ? MonotonicInstant.never : leading.acknowledged[$0]?.local ?? leading.since.local }
        guard let contact = Quorum.reached(contacts), contact < local else { return }
        guard local - contact >= electionTimeout else { return }
        throw Violation(
            "quorum-age", "\(id) leads term \(leading.term), its quorum's newest acknowledgement is \(local - contact) old")
    }
}
