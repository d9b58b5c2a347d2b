import ClusterSimulator
import Testing

/// One replica's view is changed by hand: it notices and stops, the others go on and notice nothing.
@Suite struct DivergenceTests {
    @Test func aViewThatDiffersStopsItsReplicaAndNoOther() throws {
        for seed in UInt64(1)...6 {
            let report = try simulateDivergence(seed: seed)
            #expect(report.violation == nil)
            #expect(report.outcomes[1] > 0)
        }
    }
}
