import Testing

@testable import RaftCore

/// What a proposal may meet, and what a leader counts.
@Suite struct ProposalTests {
    @Test func onlyALeaderTakesProposals() {
        var bench = Bench()
        #expect(throws: ProposalRefusal.notLeader) { try bench.propose() }
        #expect(bench.writes.isEmpty && bench.sent.isEmpty)
        #expect(bench.node.counters.proposalsFailed == [1, 0, 0, 0, 0, 0])
    }

    @Test func anEntryMayHaveSoManyBytesAndNoMore() throws {
        var bench = Bench(voters: 1, configuration: raftConfiguration { $0.entryBytes = 100 })
        bench.lead(with: [])
        _ = try bench.propose([UInt8](repeating: 0, count: 100))
        #expect(throws: ProposalRefusal.tooLarge) { try bench.propose([UInt8](repeating: 0, count: 101)) }
        #expect(bench.node.counters.proposalsFailed == [0, 0, 1, 0, 0, 0])
    }

    @Test func uncommittedBytesAreBoundedAndFreedByCommitment() throws {
        let limits = raftConfiguration {
            $0.entryBytes = 1_000
            $0.uncommittedBytes = 4_000
        }
        var bench = Bench(configuration: limits)
        bench.lead(with: [2])
        bench.acknowledge([2])
        for _ in 0..<20 {
            var taken = 0
            while taken < 100 {
                do throws(ProposalRefusal) { _ = try bench.propose([UInt8](repeating: 0, count: 600)) } catch {
                    #expect(error == .tooManyUncommitted)
                    break
                }
                taken += 1
            }
            #expect(taken == 6, "6 × 624 bytes, and 600 more would be too many")
            #expect((bench.node.role.leading?.uncommittedBytes ?? .max) == 6 * 624)
            bench.confirm()
            bench.acknowledge([2])
            #expect(bench.node.role.leading?.uncommittedBytes == 0)
        }
    }

    @Test func entriesOfEarlierTermsThatAreNotYetCommittedCountTowardsTheBound() {
        var bench = Bench(term: 3, terms: [2, 2, 3])
        bench.lead(with: [2])
        let expected = bench.node.log.slice(from: index(1)).reduce(0) { $0 + $1.size }
        #expect(bench.node.role.leading?.uncommittedBytes == expected)
        bench.acknowledge([2])
        #expect(bench.node.role.leading?.uncommittedBytes == 0)
    }

    @Test func pendingProposalsAreThoseBehindTheCommitIndex() throws {
        var bench = Bench()
        bench.lead(with: [2])
        bench.acknowledge([2])
        _ = try bench.propose()
        _ = try bench.propose()
        #expect(bench.node.status.proposalsPending == 2)
        bench.confirm()
        bench.acknowledge([2])
        #expect(bench.node.status.proposalsPending == 0)
    }

    @Test func aProposalThatAnotherLeaderReplacedIsCounted() throws {
        var bench = Bench()
        bench.lead(with: [2])
        bench.acknowledge([2])
        _ = try bench.propose()
        _ = try bench.propose()
        bench.receive(
            .append(AppendRequest(previousIndex: index(2), previousTerm: term(2), entries: [noop(3, 3)], commit: .zero)), term: 3, from: 2)
        #expect(bench.node.counters.proposalsFailed == [0, 0, 0, 0, 2, 0])
        #expect(bench.facts.contains(.logTruncated(from: index(3))))
    }

    @Test func lagIsTheAgeOfTheOldestEntryAPeerLacks() throws {
        var bench = Bench()
        bench.lead(with: [2])
        bench.acknowledge([2, 3])
        func lag(_ peer: UInt64) -> Duration? { bench.node.status.progress[node(peer)]?.lag }
        func keep(_ beats: Int) {
            for _ in 0..<beats {
                bench.confirm()
                bench.answerHeartbeat([2, 3])
                bench.pass(heartbeatInterval)
            }
        }
        #expect(lag(2) == .zero && lag(3) == .zero)
        keep(20)
        #expect(lag(2) == .zero, "an idle cluster has no lag")
        let first = try bench.propose()
        keep(10)
        _ = try bench.propose()
        keep(10)
        #expect(lag(3) == .seconds(2))
        #expect(bench.node.status.progress[node(3)]?.lagEntries == 2)
        bench.acknowledge([3], through: first)
        #expect(lag(3) == .seconds(1), "the second entry's age")
        bench.acknowledge([2])
        #expect(lag(2) == .zero)
    }
}
