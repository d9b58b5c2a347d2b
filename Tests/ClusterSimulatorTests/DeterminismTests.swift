import ClusterSimulator
import Testing

/// The same seed gives the same run, to the last input.
@Suite struct DeterminismTests {
    @Test func aSeedRunsTheSameTwice() throws {
        for seed in UInt64(1)...6 {
            let first = try simulate(RunRequest(seed: seed, events: 1_500))
            let second = try simulate(RunRequest(seed: seed, events: 1_500))
            #expect(first == second)
            #expect(first.violation == nil)
            #expect(first.events >= 1_500)
        }
    }

    @Test func otherSeedsRunOtherwise() throws {
        let hashes = try (UInt64(1)...6).map { try simulate(RunRequest(seed: $0, events: 300)).hash }
        #expect(Set(hashes).count == hashes.count)
    }

    @Test func aReportSurvivesItsLine() throws {
        var report = try simulate(RunRequest(seed: 4, events: 1_500))
        report.plan = ""
        #expect(RunReport(line: report.line) == report)
        #expect(RunReport(line: "violation: something") == nil)
    }
}
