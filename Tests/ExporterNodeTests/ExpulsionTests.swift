import RaftCore
import Testing

@testable import ExporterNode

@Suite struct ExpulsionTests {
    private let timeout = Duration.seconds(1)

    private func moment(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 1_000_000_000) + .milliseconds(milliseconds)
    }

    @Test func aLeaderIsBelievedThatSaysSoForTwoElectionTimeouts() {
        var expulsion = Expulsion()
        let answers = [0, 1_000, 2_000, 2_001].map { expulsion.told(at: moment($0), leader: nil, electionTimeout: timeout) }
        #expect(answers == [false, false, false, true])
    }

    @Test func whoeverFollowsALeaderBelievesNobodyElse() {
        var expulsion = Expulsion()
        let answers = [0, 5_000].map { expulsion.told(at: moment($0), leader: NodeID(2), electionTimeout: timeout) }
        #expect(answers == [false, false])
        _ = expulsion.told(at: moment(6_000), leader: nil, electionTimeout: timeout)
        expulsion.follows()
        let later = expulsion.told(at: moment(9_000), leader: nil, electionTimeout: timeout)
        #expect(!later, "the patience begins anew")
    }
}
