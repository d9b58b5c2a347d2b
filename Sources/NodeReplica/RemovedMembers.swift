public import RaftCore

/// Who was removed, by the changes that this node has applied.
///
/// It takes every configuration in turn: of one that came and went between two looks at the state, nothing would be left to see.
/// It begins with the oldest configuration that the store still holds: a removal that is only in a snapshot is not known after a start.
public struct RemovedMembers: Equatable, Sendable {
    /// Incarnations that belonged and no longer do, newest last. By committed changes only: one that is undone has removed nobody.
    public private(set) var incarnations: [NodeID] = []
    private var membership: Membership?

    /// So many are remembered.
    public static let maximum = 64

    init() {}

    /// What a start takes from a store: the entries from before its snapshot, then the configuration in it.
    init(recovered: RecoveredState, applied: Membership?) {
        let end = recovered.snapshot?.position.index ?? .zero
        for entry in recovered.entries.prefix(while: { $0.index <= end }) {
            if case .membership(let former) = entry.content { self.applied(former) }
        }
        if let applied { self.applied(applied) }
    }

    /// A configuration was applied in the place of the one before.
    mutating func applied(_ next: Membership) {
        let gone = (membership?.members ?? []).map(\.id).filter { next.member($0) == nil }
        membership = next
        incarnations = (incarnations.filter { !gone.contains($0) && next.member($0) == nil } + gone).suffix(RemovedMembers.maximum)
    }
}
