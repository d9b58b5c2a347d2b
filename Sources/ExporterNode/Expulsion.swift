import RaftCore

/// When a node believes leaders that turn it away: they say that it was removed, and it has not applied that itself.
struct Expulsion: Sendable {
    /// Since when leaders have been saying so, while none has spoken to it otherwise.
    private var toldSince: MonotonicInstant?

    /// A leader speaks to this node, or it leads itself.
    mutating func follows() { toldSince = nil }

    /// A leader says that this node was removed. One that has itself been deposed may be wrong about a newer member, but not for two
    /// election timeouts: by then it has stood down, and another one has spoken to this node.
    ///
    /// - Parameter leader: whom this node follows, if anybody.
    /// - Returns: whether that is to be believed.
    mutating func told(at now: MonotonicInstant, leader: NodeID?, electionTimeout: Duration) -> Bool {
        guard leader == nil else { return false }
        guard let since = toldSince else {
            toldSince = now
            return false
        }
        return now - since > electionTimeout * 2
    }
}
