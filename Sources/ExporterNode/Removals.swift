import RaftCore

/// Who was removed, as far as this node can know: others by the changes it has applied, itself by what leaders say.
struct Removals: Sendable {
    /// Incarnations that belonged and were removed, newest last. By committed changes only: one that is undone has removed nobody.
    private(set) var incarnations: [NodeID] = []
    /// Since when leaders have been saying that this node was removed, while none has spoken to it otherwise.
    private var expelledSince: MonotonicInstant?

    private static let maximum = 64

    /// A configuration was applied in the place of another.
    ///
    /// - Returns: whether somebody was removed by it.
    mutating func applied(_ membership: Membership?, after former: Membership?) -> Bool {
        guard membership != former, let membership, let former else { return false }
        let gone = former.members.map(\.id).filter { membership.member($0) == nil }
        incarnations = (incarnations + gone).suffix(Removals.maximum)
        return !gone.isEmpty
    }

    /// A leader speaks to this node, or it leads itself.
    mutating func follows() { expelledSince = nil }

    /// A leader says that this node was removed. One that has itself been deposed may be wrong about a newer member, but not for two
    /// election timeouts: by then it has stood down, and another one has spoken to this node.
    ///
    /// - Parameter leader: whom this node follows, if anybody.
    /// - Returns: whether that is to be believed.
    mutating func expelled(at now: MonotonicInstant, leader: NodeID?, electionTimeout: Duration) -> Bool {
        guard leader == nil else { return false }
        guard let since = expelledSince else {
            expelledSince = now
            return false
        }
        return now - since > electionTimeout * 2
    }
}
