import RaftCore

/// At most one leader a term, over all time. Source: Raft, extended version, §5.2.
struct ElectionSafety {
    /// By term.
    private(set) var leaders: [UInt64: NodeID] = [:]

    mutating func becameLeader(_ id: NodeID, term: Term) throws(Violation) {
        if let other = leaders[term.rawValue], other != id {
            throw Violation("election-safety", "\(other) and \(id) both led term \(term)")
        }
        leaders[term.rawValue] = id
    }

    func leader(of term: Term) -> NodeID? { leaders[term.rawValue] }
}
