import RaftCore

/// What a node has acknowledged to the leader of a term stays in its log for as long as the term lasts: that leader counts on it.
/// Source: Raft, extended version, §5.3 (a follower deletes what conflicts, nothing else).
struct AcknowledgedStays {
    private var acknowledged: NodeMap<Acknowledgement> = NodeMap()

    private struct Acknowledgement {
        var term: Term
        var match: LogIndex
    }

    mutating func sent(_ message: Message, by id: NodeID) {
        guard case .appendReply(.accepted(let match)) = message.body else { return }
        if let known = acknowledged[id] {
            if message.term < known.term { return }
            if message.term == known.term, match <= known.match { return }
        }
        acknowledged[id] = Acknowledgement(term: message.term, match: match)
    }

    func stepped(_ id: NodeID, to after: Machine.Standing) throws(Violation) {
        guard let known = acknowledged[id], known.term == after.term, after.last < known.match else { return }
        throw Violation(
            "acknowledged-stays", "\(id) acknowledged entry \(known.match) in term \(after.term), and its log now ends at \(after.last)")
    }
}
