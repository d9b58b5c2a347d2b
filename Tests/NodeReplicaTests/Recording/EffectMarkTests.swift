import ClusterHealth
import RaftCore
import Testing

@testable import NodeReplica

/// What marks are made of stays what it is: a recording of an earlier version must replay.
@Suite struct EffectMarkTests {
    /// Effects that are small or seldom are summed as they are worded, and words are made of stored properties: one more of them, be it
    /// only a copy of what is there, is another mark.
    @Test func aConfigurationIsWordedAsItWas() {
        let effect = ReplicaEffect.log(.membershipChanged(RecordedInputTests.membership))
        let member =
            "RaftCore.Membership.Member(id: 3, name: \"a\", role: RaftCore.Membership.Role.voter, address: \"a:1\", "
            + "webURL: \"http://a:2\", extra: [])"
        let id = RecordedInputTests.membership.clusterID
        #expect(
            "\(effect)"
                == "log(RaftCore.RaftFact.membershipChanged(RaftCore.Membership(clusterID: \(id), members: [\(member)], extra: [])))")
    }
}
