import ClusterHealth
import RaftCore
import Testing

@testable import ClusterSimulator

/// A checker that nobody asks shows nothing: each was told something untrue before a sound run begins, and must object to that run.
@Suite struct PoisonedRunTests {
    struct Poison: Sendable, CustomTestStringConvertible {
        let checker: String
        let tell: @Sendable (inout Checkers, [Identity]) throws -> Void

        var testDescription: String { checker }
    }

    private static let stranger = Identity(number: 60, salt: 9)

    static let poisons = [
        Poison(checker: "election-safety") { checkers, _ in
            for term in UInt64(1)...20 { try checkers.electionSafety.becameLeader(stranger.id, term: Term(term)) }
        },
        Poison(checker: "log-matching") { checkers, _ in
            checkers.logMatching.started(stranger, [])
            try checkers.logMatching.written((UInt64(1)...20).map { Forged.entry($0, 1) }, by: stranger)
        },
        Poison(checker: "state-machine-safety") { checkers, _ in
            for index in UInt64(1)...100 { _ = try checkers.stateMachineSafety.applied(stranger.id, LogIndex(index), Forged.view(7)) }
        },
        Poison(checker: "transition-counters") { checkers, _ in
            try checkers.transitionCounters.applied(.zero, Forged.view(.max))
        },
        Poison(checker: "bounds") { checkers, _ in
            var limits = RaftConfiguration.Limits()
            limits.uncommittedBytes = -limits.entryBytes - 1
            checkers.bounds = Bounds(limits: limits)
        },
        Poison(checker: "undisturbed-member") { checkers, identities in
            checkers.detector = DetectorOracle(members: identities.count, settlingTime: -RunPlan.second, detectionBound: .max)
        },
    ]

    @Test(arguments: poisons)
    func aSoundRunIsObjectedTo(poison: Poison) throws {
        let found = try (UInt64(1)...8).compactMap { seed in
            var simulator = try Simulator(plan: RunPlan(seed: seed, eventBudget: 3_000))
            let identities = simulator.machines.map(\.identity)
            try poison.tell(&simulator.checkers, identities)
            return simulator.run().violation?.checker
        }
        #expect(Set(found) == [poison.checker])
    }
}
