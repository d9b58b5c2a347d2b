import NodeReplica
import RaftCore

/// A node that has heard its leader within an election timeout votes for nobody else, unless the leader hands over, or the node has seen
/// for itself that the leader's process is gone: all its connections with it ended and a dial was refused, or another process answered.
/// Source: Raft, thesis §4.2.3.
struct StickyVote {
    private let electionTimeout: Duration
    private var voters: NodeMap<Senses> = NodeMap()

    /// What one process has heard and seen, by its own monotonic clock.
    private struct Senses {
        var leader: (id: NodeID, term: Term, at: MonotonicInstant)?
        var ties = NodeMap<Tie>()
        /// Whether the vote that is asked for now is part of a hand-over.
        var isTransfer = false

        mutating func heard(_ message: Message, from peer: NodeID, at local: MonotonicInstant) {
            switch message.body {
            case .voteRequest(let request): isTransfer = request.transfer
            case .append, .heartbeat, .snapshotChunk:
                if let leader, leader.term > message.term { return }
                leader = (peer, message.term, local)
                ties[peer]?.isGone = false
            default: break
            }
        }
    }

    private struct Tie {
        var outbound: BootID?
        var inbound: BootID?
        var lastBoot: BootID?
        var isRefused = false
        var isGone = false

        mutating func look() { if outbound == nil, inbound == nil, isRefused { isGone = true } }
    }

    init(electionTimeout: Duration) { self.electionTimeout = electionTimeout }

    mutating func started(_ id: NodeID) { voters[id] = Senses() }

    mutating func handedIn(_ input: ReplicaInput, to id: NodeID, at local: MonotonicInstant) {
        guard var senses = voters[id] else { return }
        senses.isTransfer = false
        switch input {
        case .received(let message, _, let peer): senses.heard(message, from: peer, at: local)
        case .linkOpened(let peer, let boot, let direction):
            var tie = senses.ties[peer] ?? Tie()
            if let last = tie.lastBoot, last != boot { tie = Tie(isGone: true) }
            switch direction {
            case .outbound: tie.outbound = boot
            case .inbound: tie.inbound = boot
            }
            tie.lastBoot = boot
            tie.isRefused = false
            senses.ties[peer] = tie
        case .linkClosed(let peer, let boot, let direction):
            guard var tie = senses.ties[peer] else { break }
            if direction == .outbound, tie.outbound == boot { tie.outbound = nil }
            if direction == .inbound, tie.inbound == boot { tie.inbound = nil }
            tie.look()
            senses.ties[peer] = tie
        case .dialRefused(let peer):
            guard var tie = senses.ties[peer], tie.lastBoot != nil, tie.outbound == nil else { break }
            tie.isRefused = true
            tie.look()
            senses.ties[peer] = tie
        default: break
        }
        voters[id] = senses
    }

    func stepped(_ id: NodeID, from before: Machine.Standing, to after: Machine.Standing, local: MonotonicInstant) throws(Violation) {
        guard let candidate = after.votedFor, candidate != id, after.term > before.term || before.votedFor == nil else { return }
        guard let senses = voters[id], !senses.isTransfer, let heard = senses.leader else { return }
        guard before.leader == heard.id, before.term == heard.term, candidate != heard.id else { return }
        guard local < heard.at + electionTimeout, senses.ties[heard.id]?.isGone != true else { return }
        throw Violation(
            "sticky-vote", "\(id) voted for \(candidate) in term \(after.term), \(local - heard.at) after it heard its leader \(heard.id)")
    }
}
