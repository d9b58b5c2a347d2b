import ClusterHealth
import RaftCore
import WireFormat

extension Replica {
    /// Asks for a snapshot to be encoded when one is due; never for two at once.
    mutating func requestSnapshotIfDue() {
        guard !isEncodingSnapshot, raft.isSnapshotDue, let mark = raft.snapshotMark(at: appliedIndex) else { return }
        isEncodingSnapshot = true
        effects.append(
            .encodeSnapshot(
                SnapshotRequest(position: mark.position, membership: mark.membership, membershipIndex: mark.membershipIndex, view: view)))
    }

    mutating func encoded(_ snapshot: Snapshot) {
        isEncodingSnapshot = false
        snapshotTakenAt = moment.wall
        raft.compact(snapshot, now: now)
    }

    /// Puts a leader's snapshot in the place of the view.
    mutating func restore(_ snapshot: Snapshot) {
        invariant(snapshot.position.index > appliedIndex, "snapshot \(snapshot.position) restored over \(appliedIndex)")
        do {
            view = try SnapshotCoding.decode(snapshot.bytes)
        } catch {
            effects.append(.diverged("snapshot \(snapshot.position) holds a state this version cannot read: \(error)"))
            return
        }
        if let membership = view.membership { removed.applied(membership) }
        appliedIndex = snapshot.position.index
        appliedTerm = snapshot.position.term
        snapshotTakenAt = moment.wall
        roundInFlight = nil
        if let time = view.clusterTime { clock.applied(time, at: now) }
        isStale = true
    }
}
