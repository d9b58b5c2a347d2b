import Foundation
import Testing

@testable import RaftCore

/// Safety under every disturbance the seed draws, and recovery once they end.
///
/// `QUORUM_SEEDS=first:count` runs other seeds than the first ones, `QUORUM_EVENTS` longer or shorter runs.
@Suite struct RandomScheduleTests {
    private static let events = number("QUORUM_EVENTS") ?? 2_000
    private static let seeds = requested() ?? 0..<120
    private static let batches = 8

    @Test(
        "Nothing that must hold is broken by loss, duplication, reordering, partitions and crashes, and the cluster recovers",
        arguments: 0..<batches)
    func holds(batch: Int) {
        var faults = Chaos.Faults()
        for seed in Self.seeds where Int(seed) % Self.batches == batch { faults += check(seed: seed) }
        let isCovered = faults.crashes > 0 && faults.lostWrites > 0 && faults.cuts > 0 && faults.drops > 0 && faults.duplicates > 0
        if ProcessInfo.processInfo.environment["QUORUM_VERBOSE"] != nil { print("batch \(batch): \(faults)") }
        #expect(isCovered && faults.proposals > 0 && faults.proofs > 0, "the run did too little: \(faults)")
    }

    @Test("Seeds that once found a bug stay clean", arguments: [168])
    func regressions(seed: UInt64) { _ = check(seed: seed, events: 3_000) }

    private func check(seed: UInt64, events: Int = events) -> Chaos.Faults {
        var chaos = Chaos(seed: seed)
        chaos.disturb(events: events)
        #expect(chaos.cluster.checker.violations == [], "seed \(seed)")
        let duration = chaos.heal()
        #expect(chaos.cluster.checker.violations == [], "seed \(seed), healing")
        #expect(duration != nil, "seed \(seed): not level within the bound")
        return chaos.faults
    }

    private static func number(_ variable: String) -> Int? { ProcessInfo.processInfo.environment[variable].flatMap { Int($0) } }

    private static func requested() -> Range<UInt64>? {
        guard let text = ProcessInfo.processInfo.environment["QUORUM_SEEDS"] else { return nil }
        let parts = text.split(separator: ":").compactMap { UInt64($0) }
        return parts.count == 2 ? parts[0]..<(parts[0] + parts[1]) : nil
    }
}
