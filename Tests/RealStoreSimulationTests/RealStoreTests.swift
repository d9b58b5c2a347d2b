import ClusterSimulator
import RaftCore
import RealStoreSimulation
import Testing

/// Simulated clusters whose machines store on the real store.
@Suite(.serialized) struct RealStoreTests {
    private func run(_ seed: UInt64, events: Int, ignoresSyncs: Bool = false) throws -> RunReport {
        var request = RunRequest(seed: seed, events: events)
        request.makeStore = RealStores.maker(seed: seed, ignoresSyncs: ignoresSyncs)
        return try simulate(request)
    }

    @Test func clustersOnRealStoresHold() throws {
        var total = RunReport(seed: 0, plan: "")
        for seed in UInt64(1)...8 {
            let report = try run(seed, events: 1_500)
            if let violation = report.violation { Issue.record("seed \(seed): \(violation)") }
            total.add(report)
        }
        let opened = try #require(total.injected.first { $0.name == "real stores opened" })
        #expect(opened.count > 60, "\(opened.count)")
        #expect(total.faults[.crash] > 0 && total.faults[.powerLoss] > 0)
    }

    @Test func aStoreThatDoesNotSyncIsFound() throws {
        let found = try (UInt64(1)...4).compactMap { try run($0, events: 1_500, ignoresSyncs: true).violation?.checker }
        #expect(found.contains("recovery"), "\(found)")
    }

    @Test func aSeedRunsTheSameTwice() throws {
        for seed in UInt64(1)...3 { #expect(try run(seed, events: 1_000) == run(seed, events: 1_000)) }
    }
}
