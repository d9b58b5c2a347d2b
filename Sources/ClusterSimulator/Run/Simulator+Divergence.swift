import NodeReplica
import RaftCore

// A view that is changed by hand: its replica must notice, and nobody else may.

extension Simulator {
    /// Changes the view of one replica as broken memory would.
    mutating func plantDivergence() {
        let candidates = machines.indices.filter { machines[$0].isRunning }
        guard !candidates.isEmpty else { return }
        let slot = random.element(of: candidates)
        planted = (slot, nil)
        checkers.planted = machines[slot].identity.id
        machines[slot].replica?.damageView()
        tell(slot, "holds another view from now on")
    }

    /// A replica says that its view differs: its process ends, and stays so until somebody has looked at it.
    mutating func diverged(_ slot: Int, _ reason: String) throws(Violation) {
        guard planted?.slot == slot else { return try checkers.peerCorrectness.diverged(machines[slot].identity.id, reason) }
        tell(slot, reason)
        planted?.noticedAt = now
        try endProcess(slot, nil)
        machines[slot].state = .lost
    }

    /// The time is up in which the digests must have shown it.
    func checkDivergence() throws(Violation) {
        guard let planted else { throw Violation("divergence", "nothing was planted") }
        guard planted.noticedAt == nil else { return }
        throw Violation("divergence", "\(machines[planted.slot].name) goes on with a view that was changed by hand")
    }
}
