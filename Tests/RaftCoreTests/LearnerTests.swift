import Testing

@testable import RaftCore

/// Nodes that count towards nothing.
@Suite struct LearnerTests {
    @Test func aLearnerStopsNamingALeaderThatIsSilent() {
        var bench = Bench(voters: 2, learners: 1, id: 3)
        bench.receive(.heartbeat(Heartbeat(commit: .zero, round: 1)), term: 1, from: 1)
        #expect(bench.node.status.leader == node(1))
        bench.pass(.milliseconds(1_900))
        #expect(bench.node.status.leader == node(1))
        bench.pass(.milliseconds(200))
        #expect(bench.node.status.leader == nil)
        #expect(!bench.facts.contains { if case .startedPreVote = $0 { true } else { false } })
    }
}
