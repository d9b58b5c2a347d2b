import RaftCore

/// No vote, no request for votes and no acknowledgement of entries leaves before what it says is on the disk.
struct DurableBeforeSent {
    func sent(_ message: Message, by id: NodeID, to peer: NodeID, _ disk: Ledger.TrueDisk) throws(Violation) {
        switch message.body {
        case .voteReply(let reply) where reply.granted: try vote(of: id, for: peer, in: message.term, disk)
        case .voteRequest: try vote(of: id, for: id, in: message.term, disk)
        case .appendReply(.accepted(let match)):
            // An answer to a leader since replaced may leave after its successor cut the log: nobody counts it who could commit by it.
            guard disk.hardState.term <= message.term, disk.lastIndex < match.rawValue else { return }
            throw Violation("durable-before-sent", "\(id) acknowledged entry \(match), its disk ends at \(disk.lastIndex)")
        default: break
        }
    }

    private func vote(of voter: NodeID, for candidate: NodeID, in term: Term, _ disk: Ledger.TrueDisk) throws(Violation) {
        let stored = disk.hardState
        guard stored.term < term || (stored.term == term && stored.votedFor != candidate) else { return }
        throw Violation("durable-before-sent", "\(voter) voted for \(candidate) in term \(term), its disk holds term \(stored.term)")
    }
}
