// Commitment: Raft, extended version, §5.3 and §5.4.2.

extension RaftNode {
    /// As leader, commits what a majority of the voters holds durably, if it is of this term. Its own log counts as far as it is durable.
    mutating func commitIfPossible() {
        guard let state = role.leading else { return }
        let matches = voters.map { $0 == id ? durableIndex : state.progress[$0]?.match ?? .zero }
        guard let reached = Quorum.reached(matches), reached > commitIndex, log.term(at: reached) == term else { return }
        let committed = log.slice(from: commitIndex.next, through: reached).reduce(0) { $0 + $1.size }
        role.leading?.uncommittedBytes -= committed
        commit(through: reached)
    }

    mutating func commit(through index: LogIndex) {
        invariant(index <= log.lastIndex, "commit index \(index) beyond the log's end \(log.lastIndex)")
        guard index > commitIndex else { return }
        let before = commitIndex
        commitIndex = index
        if let changed = memberships.currentIndex, before < changed, changed <= index { membershipCommitted() }
    }

    func uncommittedBytes() -> Int { log.slice(from: commitIndex.next).reduce(0) { $0 + $1.size } }
}
