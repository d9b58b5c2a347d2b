/// Majority arithmetic over a set of voters.
///
/// Source: Raft, extended version, §5.2 and §5.4.2.
public enum Quorum {
    /// The smallest number of `count` voters that is a majority.
    @inlinable public static func majority(of count: Int) -> Int { count / 2 + 1 }

    /// How many of `count` voters may be lost with a majority left.
    public static func tolerance(of count: Int) -> Int { count == 0 ? 0 : (count - 1) / 2 }

    /// The greatest value that a majority has reached.
    ///
    /// - Parameter values: one a voter, in any order.
    /// - Returns: nil for no voters.
    /// - Complexity: O(n log n). Inlinable, since it is many times slower where it is not specialised.
    @inlinable public static func reached<Value: Comparable>(_ values: [Value]) -> Value? {
        guard !values.isEmpty else { return nil }
        return values.sorted(by: >)[majority(of: values.count) - 1]
    }

    /// The outcome of an election with the votes cast so far.
    public static func outcome(voters: [NodeID], votes: NodeMap<Bool>) -> Outcome {
        let granted = voters.filter { votes[$0] == true }.count
        let refused = voters.filter { votes[$0] == false }.count
        let needed = majority(of: voters.count)
        if granted >= needed { return .won }
        return voters.count - refused < needed ? .lost : .pending
    }

    public enum Outcome: Equatable, Sendable { case pending, won, lost }
}
