// What must hold of one node, of a state and of a step; alive in release builds. What must hold between nodes, a simulator checks.

/// What the last check saw, for those invariants that compare.
struct CheckedState: Equatable, Sendable {
    var hardState = HardState()
    var commitIndex = LogIndex.zero
    var handedOutIndex = LogIndex.zero
}

extension RaftNode {
    mutating func checkInvariants() {
        checkState()
        checkStep()
        checked = CheckedState(hardState: hardState, commitIndex: commitIndex, handedOutIndex: handedOutIndex)
    }

    private func checkState() {
        if installing == nil {
            invariant(log.baseIndex <= handedOutIndex, "handed out \(handedOutIndex) lies below the log's start \(log.baseIndex)")
            invariant(log.baseIndex <= durableIndex, "durable \(durableIndex) lies below the log's start \(log.baseIndex)")
        }
        invariant(
            log.baseIndex <= snapshot?.position.index ?? .zero, "the log begins at \(log.baseIndex), beyond what the snapshot covers")
        invariant(handedOutIndex <= commitIndex, "handed out \(handedOutIndex) beyond commit index \(commitIndex)")
        invariant(commitIndex <= log.lastIndex, "commit index \(commitIndex) beyond the log's end \(log.lastIndex)")
        invariant(durableIndex <= log.lastIndex, "durable index \(durableIndex) beyond the log's end \(log.lastIndex)")
        invariant(log.lastTerm <= term, "log of term \(log.lastTerm) in term \(term)")
        if let state = role.leading {
            invariant(leader == id, "leads but follows \(String(describing: leader))")
            invariant(hardState.votedFor == id, "leads a term it did not vote for itself in")
            for (peer, progress) in state.progress {
                invariant(progress.match < progress.next, "peer \(peer): match \(progress.match) not below next \(progress.next)")
                invariant(progress.match <= log.lastIndex, "peer \(peer): match \(progress.match) beyond the log's end")
            }
        } else {
            invariant(leader != id, "follows itself without leading")
        }
    }

    private func checkStep() {
        invariant(term >= checked.hardState.term, "term fell from \(checked.hardState.term) to \(term)")
        invariant(commitIndex >= checked.commitIndex, "commit index fell from \(checked.commitIndex) to \(commitIndex)")
        invariant(handedOutIndex >= checked.handedOutIndex, "handed out index fell to \(handedOutIndex)")
        if term == checked.hardState.term, let voted = checked.hardState.votedFor {
            invariant(hardState.votedFor == voted, "second vote in term \(term)")
        }
    }
}
