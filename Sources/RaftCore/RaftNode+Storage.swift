// A disk that does not keep up. A sick disk is not a sick machine: heartbeats are answered as before, but nothing is promised that would
// need a write, and a leader hands over.

extension RaftNode {
    /// Takes note of whether the oldest write under way is late.
    mutating func noteStorageDelay() {
        let isSlow = writesInFlight.first.map { now >= $0.since + configuration.electionTimeout } ?? false
        guard isSlow != isStorageSlow else { return }
        isStorageSlow = isSlow
        output.facts.append(.storageStalled(isSlow))
    }

    /// When something is due because of a late write: at one election timeout it counts as stalled, at two a leader stands down.
    var storageDeadline: MonotonicInstant {
        guard let oldest = writesInFlight.first else { return .never }
        if !isStorageSlow { return oldest.since + configuration.electionTimeout }
        return role.isLeader && voters.count > 1 ? handoverDeadline(of: oldest) : .never
    }

    /// A leader whose disk stalls hands over; when nobody takes over within an election timeout, it stands down. The only voter has nobody
    /// to hand over to.
    mutating func giveWayForStalledStorage() {
        guard isStorageSlow, let oldest = writesInFlight.first, let state = role.leading, voters.count > 1 else { return }
        if now >= handoverDeadline(of: oldest) { return becomeFollower(term: term, leader: nil, reason: .storageStalled) }
        guard state.transfer == nil else { return }
        do {
            try beginTransfer(to: nil)
        } catch {
            // Nobody is in contact: the deadline ends this leadership.
        }
    }

    private func handoverDeadline(of write: WriteInFlight) -> MonotonicInstant { write.since + configuration.electionTimeout * 2 }

    /// Whether a write has been under way for longer than an election timeout.
    public var isDiskStalled: Bool { isStorageSlow }
}
