import RaftCore
import Testing

@testable import ExporterNode

@Suite struct RemovalsTests {
    private let timeout = Duration.seconds(1)

    private func membership(_ ids: [UInt64]) -> Membership {
        Membership(
            clusterID: ClusterID(high: 1, low: 1),
            members: ids.map { Membership.Member(id: NodeID($0), name: "m\($0)", role: .voter, address: "m\($0):1", webURL: "") })
    }

    private func moment(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 1_000_000_000) + .milliseconds(milliseconds)
    }

    @Test func whoeverACommittedChangeDropsWasRemoved() {
        var removals = Removals()
        let first = removals.applied(membership([1, 2, 3]), after: nil)
        let second = removals.applied(membership([1, 2, 3, 4]), after: membership([1, 2, 3]))
        #expect(!first && !second && removals.incarnations.isEmpty)
        let third = removals.applied(membership([1, 4]), after: membership([1, 2, 3, 4]))
        #expect(third)
        #expect(removals.incarnations == [NodeID(2), NodeID(3)])
    }

    @Test func theNewestAreRemembered() {
        var removals = Removals()
        for number in 2...200 { _ = removals.applied(membership([1]), after: membership([1, UInt64(number)])) }
        #expect(removals.incarnations.count == 64)
        #expect(removals.incarnations.last == NodeID(200))
    }

    @Test func aLeaderIsBelievedThatSaysSoForTwoElectionTimeouts() {
        var removals = Removals()
        let answers = [0, 1_000, 2_000, 2_001].map { removals.expelled(at: moment($0), leader: nil, electionTimeout: timeout) }
        #expect(answers == [false, false, false, true])
    }

    @Test func whoeverFollowsALeaderBelievesNobodyElse() {
        var removals = Removals()
        let answers = [0, 5_000].map { removals.expelled(at: moment($0), leader: NodeID(2), electionTimeout: timeout) }
        #expect(answers == [false, false])
        _ = removals.expelled(at: moment(6_000), leader: nil, electionTimeout: timeout)
        removals.follows()
        let later = removals.expelled(at: moment(9_000), leader: nil, electionTimeout: timeout)
        #expect(!later, "the patience begins anew")
    }
}
