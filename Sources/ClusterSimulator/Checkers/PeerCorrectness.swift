import RaftCore

/// No node sends what no correct one would, and no replica derives other decisions than the leader of its version did.
struct PeerCorrectness {
    func malformed(_ id: NodeID, from sender: NodeID, _ reason: String) throws(Violation) {
        throw Violation("malformed-message", "\(id) was sent by \(sender): \(reason)")
    }

    func diverged(_ id: NodeID, _ reason: String) throws(Violation) { throw Violation("divergence", "\(id): \(reason)") }
}
