import RaftCore

/// One vote a term, also across restarts, and nobody leads without a majority's votes of its term. Source: Raft, extended version, §5.2.
struct SingleVote {
    private var votes: [Ballot: NodeID] = [:]

    private struct Ballot: Hashable {
        var voter: NodeID
        var term: UInt64
    }

    mutating func sent(_ message: Message, by id: NodeID, to peer: NodeID) throws(Violation) {
        switch message.body {
        case .voteReply(let reply) where reply.granted: try vote(of: id, for: peer, in: message.term)
        case .voteRequest: try vote(of: id, for: id, in: message.term)
        default: break
        }
    }

    /// - Parameter voters: of the configuration the new leader goes by.
    func becameLeader(_ id: NodeID, term: Term, voters: [NodeID]) throws(Violation) {
        let granted = voters.count { $0 == id || votes[Ballot(voter: $0, term: term.rawValue)] == id }
        guard granted < Quorum.majority(of: voters.count) else { return }
        throw Violation("election-majority", "\(id) leads term \(term) with the votes of \(granted) of \(voters.count) voters")
    }

    private mutating func vote(of voter: NodeID, for candidate: NodeID, in term: Term) throws(Violation) {
        let ballot = Ballot(voter: voter, term: term.rawValue)
        if let other = votes[ballot], other != candidate {
            throw Violation("single-vote", "\(voter) voted for \(other) and for \(candidate) in term \(term)")
        }
        votes[ballot] = candidate
    }
}
