import RaftCore

/// Within a process term, commit and applied index never fall; what is applied is committed and durable here; a vote of a term stays.
struct Monotonicity {
    func stepped(_ id: NodeID, from before: Machine.Standing, to after: Machine.Standing, _ disk: Ledger.TrueDisk) throws(Violation) {
        if after.term < before.term { throw fall(id, "term", before.term, after.term) }
        if after.commit < before.commit { throw fall(id, "commit index", before.commit, after.commit) }
        if after.applied < before.applied { throw fall(id, "applied index", before.applied, after.applied) }
        if after.applied > after.commit {
            throw Violation("monotonicity", "\(id) applied \(after.applied), committed is \(after.commit)")
        }
        if after.applied > before.applied, after.applied.rawValue > disk.lastIndex {
            throw Violation("monotonicity", "\(id) applied \(after.applied), its disk ends at \(disk.lastIndex)")
        }
        if after.term == before.term, let vote = before.votedFor, after.votedFor != vote {
            throw Violation("single-vote", "\(id) changed its vote in term \(after.term)")
        }
    }

    private func fall<Value>(_ id: NodeID, _ what: String, _ before: Value, _ after: Value) -> Violation {
        Violation("monotonicity", "\(what) of \(id) fell from \(before) to \(after)")
    }
}
