/// What is true of a cluster at one time, whatever it says of itself: who runs, and between whom packets pass.
public struct Situation: Equatable, Sendable {
    public let voters: [String]
    /// Processes that do not run, and those that were stopped by a signal and not continued.
    public var gone: Set<String> = []
    public var frozen: Set<String> = []
    /// Those that were taken out of the cluster and are not voters again.
    public var removed: Set<String> = []
    /// Ways on which nothing passes.
    public var cut: Set<Way> = []
    /// Out of a hundred packets to each node, how many are lost.
    public var lossPercent = 0

    /// From one node to another, in this direction.
    public struct Way: Hashable, Sendable {
        public let from: String
        public let to: String

        public init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// All run, and everything passes.
    public init(voters: [String]) { self.voters = voters.sorted() }

    /// The voters that belong to the cluster now.
    public var electorate: [String] { voters.filter { !removed.contains($0) } }

    public var majority: Int { electorate.count / 2 + 1 }

    /// From this share on lost packets count as a fault of every path: TCP waits for seconds then.
    static let heavyLossPercent = 10

    public var hasHeavyLoss: Bool { lossPercent >= Situation.heavyLossPercent }

    public func runs(_ node: String) -> Bool { !gone.contains(node) && !frozen.contains(node) }

    /// Whether packets pass in both directions.
    public func isOpen(_ one: String, _ other: String) -> Bool {
        !cut.contains(Way(from: one, to: other)) && !cut.contains(Way(from: other, to: one))
    }

    /// Whether both run and can talk to each other.
    public func areJoined(_ one: String, _ other: String) -> Bool { runs(one) && runs(other) && isOpen(one, other) }

    /// The largest groups of at least a majority in which everybody can talk with everybody; none when nobody can lead.
    public var quorums: [[String]] {
        let alive = electorate.filter(runs)
        let groups = subsets(of: alive).filter { group in
            group.count >= majority
                && group.allSatisfy { one in group.allSatisfy { $0 == one || areJoined(one, $0) } }
        }
        let largest = groups.map(\.count).max() ?? 0
        return groups.filter { $0.count == largest }
    }

    /// Whether no observer of a majority can hear the member, so that it must be called down: it does not run, or is cut off from every
    /// member of some quorum. One that was taken out has no row any more.
    public func isLost(_ member: String) -> Bool {
        guard !removed.contains(member) else { return false }
        guard runs(member) else { return true }
        let others = quorums.map { $0.filter { $0 != member } }
        return others.contains { group in group.count >= majority && group.allSatisfy { !isOpen($0, member) } }
    }

    /// At most seven nodes: 128 of them.
    private func subsets(of nodes: [String]) -> [[String]] {
        nodes.reduce([[]]) { known, node in known + known.map { $0 + [node] } }
    }
}
