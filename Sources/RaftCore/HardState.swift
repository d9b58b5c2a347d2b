/// What a node must remember across restarts beside its log: nothing that depends on it leaves before it is durable.
///
/// Source: Raft, extended version, figure 2 (persistent state).
public struct HardState: Equatable, Sendable {
    public var term: Term
    public var votedFor: NodeID?

    public init(term: Term = .zero, votedFor: NodeID? = nil) {
        self.term = term
        self.votedFor = votedFor
    }
}
