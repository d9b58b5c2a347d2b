// Leadership transfer: thesis §3.10.

/// Why leadership cannot be handed over.
public enum TransferRefusal: Error, Equatable, Sendable {
    case notLeader
    case alreadyTransferring
    /// The target is no other voter that is in contact.
    case noSuchVoter
}

extension RaftNode {
    /// Whether leadership is being handed over.
    public var isTransferring: Bool { role.leading?.transfer != nil }

    mutating func beginTransfer(to wanted: NodeID?) throws(TransferRefusal) {
        guard let state = role.leading else { throw .notLeader }
        guard state.transfer == nil else { throw .alreadyTransferring }
        guard let target = wanted ?? mostCaughtUpVoter(of: state), target != id, voters.contains(target), isInContact(target, state) else {
            throw .noSuchVoter
        }
        role.leading?.transfer = LeaderState.Transfer(target: target, deadline: now + configuration.electionTimeout)
        replicate(to: target)
        continueTransfer(with: target)
    }

    /// Orders the target to campaign as soon as it is level; proposals are refused meanwhile, so that it gets there.
    mutating func continueTransfer(with peer: NodeID) {
        guard let state = role.leading, let transfer = state.transfer, transfer.target == peer, !transfer.ordered else { return }
        guard state.progress[peer]?.match == log.lastIndex else { return }
        role.leading?.transfer?.ordered = true
        send(.timeoutNow, to: peer)
    }

    private func mostCaughtUpVoter(of state: LeaderState) -> NodeID? {
        let candidates = voters.filter { $0 != id && isInContact($0, state) }
        return candidates.max { (state.progress[$0]?.match ?? .zero) < (state.progress[$1]?.match ?? .zero) }
    }

    /// Whether a peer answered a heartbeat sent within the election timeout.
    func isInContact(_ peer: NodeID, _ state: LeaderState) -> Bool {
        guard let contact = state.progress[peer]?.acknowledgedSentAt else { return false }
        return now < contact + configuration.electionTimeout
    }
}
