import RaftCore
import Testing

@Suite struct QuorumTests {
    /// The greatest value that more than half of the voters have reached, by counting.
    private func naiveReached(_ values: [UInt64]) -> UInt64? {
        values.filter { candidate in values.filter { $0 >= candidate }.count * 2 > values.count }.max()
    }

    @Test func reachedAgreesWithCountingOnEverySmallCase() {
        for count in 0...5 {
            var values = [UInt64](repeating: 0, count: count)
            let cases = (0..<count).reduce(1) { product, _ in product * 4 }
            for number in 0..<cases {
                var rest = number
                for position in 0..<count {
                    values[position] = UInt64(rest % 4)
                    rest /= 4
                }
                #expect(Quorum.reached(values) == naiveReached(values), "values \(values)")
            }
        }
    }

    @Test func anElectionIsDecidedExactlyWhenTheRestCannotChangeIt() {
        for count in 1...5 {
            let voters = (1...count).map { NodeID(UInt64($0)) }
            let cases = (0..<count).reduce(1) { product, _ in product * 3 }
            for number in 0..<cases {
                var votes = NodeMap<Bool>()
                var rest = number
                for voter in voters {
                    if rest % 3 > 0 { votes[voter] = rest % 3 == 1 }
                    rest /= 3
                }
                let granted = votes.values.filter { $0 }.count
                let undecided = count - votes.count
                let expected: Quorum.Outcome =
                    granted * 2 > count ? .won : ((granted + undecided) * 2 > count ? .pending : .lost)
                #expect(Quorum.outcome(voters: voters, votes: votes) == expected, "of \(count): \(votes.map { "\($0)" })")
            }
        }
    }

    @Test func votesOfStrangersDoNotCount() {
        var votes = NodeMap<Bool>()
        votes[NodeID(8)] = true
        votes[NodeID(9)] = true
        #expect(Quorum.outcome(voters: [NodeID(1), NodeID(2), NodeID(3)], votes: votes) == .pending)
    }

    @Test(arguments: [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (7, 3)])
    func toleranceIsWhatAMajorityLeaves(count: Int, tolerance: Int) {
        #expect(Quorum.tolerance(of: count) == tolerance)
        #expect(Quorum.majority(of: count) + tolerance <= count)
    }
}
