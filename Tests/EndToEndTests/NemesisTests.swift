import ClusterHarness
import FlippedStores
import ScrapeHistory
import Testing

extension EndToEnd {
    /// Every kind of fault once, inflicted on real processes in network namespaces while all of them are scraped. `make soak` does it for
    /// minutes, at random.
    @Suite(.serialized) struct Faults {
        /// The bound within which a cluster must be well, in spite of a fault that leaves a majority.
        private let longerThanTheBound = HistoryTiming().livenessBound + .milliseconds(500)

        @Test(.enabled(if: NamespaceNetwork.isAvailable, "needs root, network namespaces and nft"))
        func threeNodesKeepEveryPromiseWhateverIsDoneToThem() async throws {
            let steps = [
                NemesisStep(.isolate(.follower(0)), kills: 3), NemesisStep(.mute(.leader), hold: longerThanTheBound),
                NemesisStep(.deafen(.follower(1))), NemesisStep(.cutLink(.leader, .follower(0)), hold: longerThanTheBound),
                NemesisStep(.lose(percent: 2), hold: .seconds(4), kills: 3),
                NemesisStep(.lose(percent: 20), hold: .seconds(4)), NemesisStep(.shatter, hold: .seconds(3)),
                NemesisStep(.linkDown(.leader)), NemesisStep(.reject(.follower(1)), hold: .seconds(3)),
                NemesisStep(.freeze(.follower(0)), hold: .seconds(4), kills: 4), NemesisStep(.fullDisk, hold: .seconds(1)),
                NemesisStep(.flipBit(.follower(0))), NemesisStep(.ruin(.leader)),
            ]
            try await expectNoViolation(nodes: 3, seed: 1, steps)
        }

        @Test(.enabled(if: NamespaceNetwork.isAvailable, "needs root, network namespaces and nft"))
        func fiveNodesThatMeetInOneAreWell() async throws {
            let steps = [NemesisStep(.bridge, hold: longerThanTheBound), NemesisStep(.isolate(.leader))]
            try await expectNoViolation(nodes: 5, seed: 2, steps)
        }

        @Test func aFlippedBitInAStoreIsHarmlessOrNamed() async throws {
            let starts = try await FlippedStarts.run(copies: 25, seed: 1)
            expectNone(starts.violations)
            #expect(starts.started > 0 && starts.refused > 0, "\(starts)")
        }

        /// What the check is for: a store that opens with one entry less than was acknowledged, or with another one in its place.
        @Test(arguments: StoreForgery.allCases)
        func aStoreThatForgetsOneEntryIsFound(forgery: StoreForgery) async throws {
            let starts = try await FlippedStarts.run(copies: 2, seed: 1) { copy, _ in
                try await forgery.commit(on: copy.folder)
                return "\(forgery)"
            }
            #expect(starts.started == 2 && starts.refused == 0, "\(starts)")
            #expect(starts.violations.count == 2, "\(starts)")
            #expect(starts.violations.allSatisfy { $0.contains("holds another entry") }, "\(starts)")
        }

        private func expectNoViolation(nodes: Int, seed: UInt64, _ steps: [NemesisStep]) async throws {
            var left = steps[...]
            let outcome = try await NemesisRun(nodes: nodes, seed: seed).perform(say: { print($0) }, next: { left.popFirst() })
            expectNone(outcome.violations)
            let judged = steps.count { $0.hold == longerThanTheBound }
            #expect(outcome.judged.count >= judged, "\(outcome.judged)")
            for step in steps { #expect(outcome.tally[step.fault.kind] == 1, "\(step.fault.kind): \(outcome.tally)") }
            #expect(outcome.tally["SIGKILL", default: 0] >= steps.reduce(0) { $0 + $1.kills })
        }
    }
}
