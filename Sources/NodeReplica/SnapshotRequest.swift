public import ClusterHealth
public import RaftCore
import WireFormat

/// A state to encode as a snapshot, away from the thread that handles inputs: for a large cluster it takes a while.
public struct SnapshotRequest: Equatable, Sendable {
    public let position: LogPosition
    public let membership: Membership
    public let membershipIndex: LogIndex
    public let view: ClusterHealthView

    init(position: LogPosition, membership: Membership, membershipIndex: LogIndex, view: ClusterHealthView) {
        self.position = position
        self.membership = membership
        self.membershipIndex = membershipIndex
        self.view = view
    }

    /// The snapshot. Hand it back with `ReplicaInput.snapshotEncoded`.
    public func encoded() -> Snapshot {
        Snapshot(position: position, membership: membership, membershipIndex: membershipIndex, bytes: SnapshotCoding.encode(view))
    }
}
