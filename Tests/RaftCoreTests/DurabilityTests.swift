import Testing

@testable import RaftCore

/// Nothing leaves, and nothing counts, before the write it depends on is durable.
@Suite struct DurabilityTests {
    private func append(_ previous: (UInt64, UInt64), _ entries: [LogEntry], commit: UInt64 = 0) -> Message.Body {
        .append(AppendRequest(previousIndex: index(previous.0), previousTerm: term(previous.1), entries: entries, commit: index(commit)))
    }

    @Test func aVoteLeavesOnlyWithTheWriteOfItsTermAndVote() {
        var bench = Bench()
        bench.receive(.voteRequest(VoteRequest(lastLogIndex: index(1), lastLogTerm: term(1))), term: 2, from: 2)
        #expect(bench.sent == [])
        #expect(bench.writes.map(\.hardState) == [HardState(term: term(2), votedFor: node(2))])
        #expect(bench.writes.first?.messages.bodies == [.voteReply(VoteReply())])
    }

    @Test func anAcknowledgementLeavesOnlyWithTheWriteOfItsEntriesAndInOrder() {
        var bench = Bench()
        bench.receive(append((1, 1), [command(2, 1)]), term: 1, from: 2)
        bench.receive(append((2, 1), [command(3, 1)]), term: 1, from: 2)
        bench.receive(append((2, 1), []), term: 1, from: 2)
        #expect(bench.sent == [])
        bench.confirm(1)
        #expect(bench.takeSent().bodies == [.appendReply(.accepted(match: index(2)))])
        bench.confirm(2)
        #expect(bench.takeSent().bodies == [.appendReply(.accepted(match: index(3))), .appendReply(.accepted(match: index(2)))])
    }

    @Test func anAcknowledgementOfEntriesStillBeingWrittenWaitsForThemInAWriteOfNothing() {
        var bench = Bench()
        bench.receive(append((1, 1), [command(2, 1)]), term: 1, from: 2)
        bench.receive(append((1, 1), [command(2, 1)]), term: 1, from: 2)
        #expect(bench.writes.map(\.entries.count) == [1, 0])
        #expect(bench.writes.last?.hardState == nil)
        #expect(bench.sent == [])
        bench.confirm()
        #expect(bench.takeSent().count == 2)
        bench.receive(append((1, 1), [command(2, 1)]), term: 1, from: 2)
        #expect(bench.writes.isEmpty, "with nothing on its way nothing is awaited")
        #expect(bench.sent.count == 1)
    }

    @Test func theTermAndTheEntriesOfANewLeaderAreOneWrite() {
        var bench = Bench()
        bench.receive(append((1, 1), [command(2, 3)]), term: 3, from: 2)
        #expect(bench.writes.count == 1)
        #expect(bench.writes.first?.hardState == HardState(term: term(3)))
        #expect(bench.writes.first?.entries == [command(2, 3)])
        #expect(bench.writes.first?.number == WriteNumber(1))
    }

    @Test func heartbeatsAndRefusalsWaitForNoDisk() {
        var bench = Bench()
        bench.receive(append((1, 1), [command(2, 1)]), term: 1, from: 2)
        bench.receive(.heartbeat(Heartbeat(commit: .zero, round: 3)), term: 1, from: 2)
        bench.receive(.preVoteRequest(VoteRequest(lastLogIndex: .zero, lastLogTerm: .zero)), term: 2, from: 3)
        #expect(bench.sent.bodies == [.heartbeatReply(HeartbeatReply(round: 3)), .preVoteReply(VoteReply(refusal: .leaderAlive))])
    }

    @Test func aCandidatesRequestsAndItsOwnVoteWaitForItsWrite() {
        var bench = Bench()
        bench.fire()
        bench.receive(.preVoteReply(VoteReply()), term: 2, from: 2)
        #expect(bench.sent.bodies.allSatisfy { $0.voteRequest == nil })
        bench.receive(.voteReply(VoteReply()), term: 2, from: 2)
        #expect(!bench.node.isLeader, "its own vote is not durable")
        bench.confirm()
        #expect(bench.node.isLeader)
    }

    @Test func oneVoterAloneCommitsOnlyWhatIsDurable() throws {
        var bench = Bench(voters: 1)
        bench.fire()
        #expect(bench.node.status.role == .candidate)
        bench.confirm()
        #expect(bench.node.isLeader)
        #expect(bench.node.commitIndex == .zero)
        bench.confirm()
        #expect(bench.node.commitIndex == index(2))
        let first = try bench.propose()
        _ = try bench.propose()
        #expect(bench.node.commitIndex == index(2))
        bench.confirm(1)
        #expect(bench.node.commitIndex == first)
        #expect(bench.committed.last?.index == first)
    }

    @Test func aLeaderCountsItselfOnlyAsFarAsItsOwnDiskAndAppliesNoFurther() throws {
        var bench = Bench()
        bench.lead(with: [2])
        bench.acknowledge([2])
        let position = try bench.propose()
        bench.acknowledge([2])
        #expect(bench.node.commitIndex == index(2), "one of three disks")
        bench.acknowledge([3])
        #expect(bench.node.commitIndex == position, "two of three, without its own")
        #expect(bench.committed.last?.index == index(2))
        bench.confirm()
        #expect(bench.committed.last?.index == position)
    }

    /// Entry 2 is written by the leader of term 2, replaced by that of term 3, and again by that of term 4, before the first write ends.
    @Test func aLateConfirmationOfReplacedEntriesMakesNothingDurable() {
        var bench = Bench()
        bench.receive(append((1, 1), [command(2, 2), command(3, 2)]), term: 2, from: 2)
        bench.receive(append((1, 1), [command(2, 3)]), term: 3, from: 3)
        bench.receive(append((1, 1), [command(2, 4), command(3, 4), command(4, 4)], commit: 4), term: 4, from: 2)
        #expect(bench.node.commitIndex == index(4))
        bench.confirm(1)
        #expect(bench.node.durableIndex == index(1))
        #expect(bench.committed.map(\.index.rawValue) == [1])
        bench.confirm(1)
        #expect(bench.node.durableIndex == index(1))
        #expect(bench.committed.map(\.index.rawValue) == [1])
        bench.confirm(1)
        #expect(bench.node.durableIndex == index(4))
        #expect(bench.committed.map(\.term.rawValue) == [1, 4, 4, 4])
    }

    /// The same at a node that comes to lead: entry 2 of term 2 is confirmed when entry 2 is its own of term 3.
    @Test func aLeaderDoesNotCountAReplacingEntryByTheWriteOfTheReplacedOne() {
        var bench = Bench(voters: 2)
        bench.receive(append((1, 1), [command(2, 2)]), term: 2, from: 2)
        bench.receive(append((1, 1), [command(2, 3)]), term: 3, from: 2)
        bench.confirm(1)
        #expect(bench.node.durableIndex == index(1))
        bench.confirm()
        #expect(bench.node.durableIndex == index(2))
    }

    @Test func aDiskThatHangsQueuesNoMoreThanTheNamedMaximum() {
        var bench = Bench()
        let request = append((1, 1), [command(2, 1)])
        for _ in 0..<(RaftNode.maximumWritesInFlight + 100) { bench.receive(request, term: 1, from: 2) }
        #expect(bench.writes.count == RaftNode.maximumWritesInFlight)
        #expect(bench.node.currentLeader == node(2), "it follows still")
        bench.freeze(electionTimeout)
        bench.receive(.preVoteRequest(VoteRequest(lastLogIndex: index(9), lastLogTerm: term(9))), term: 9, from: 3)
        bench.receive(.voteRequest(VoteRequest(lastLogIndex: index(9), lastLogTerm: term(9))), term: 9, from: 3)
        #expect(bench.sent.bodies == [.preVoteReply(VoteReply(refusal: .storageStalled)), .voteReply(VoteReply(refusal: .storageStalled))])
        bench.confirm()
        bench.receive(request, term: 9, from: 2)
        #expect(bench.sent.bodies.contains(.appendReply(.accepted(match: index(2)))))
    }

    /// Entries 3 to 5 are its own of term 2, replaced by the leader of term 3, then its own again of term 4.
    @Test func aLateAcknowledgementOfAnEarlierTermOfItsOwnCountsForNothing() throws {
        var bench = Bench()
        bench.lead(with: [2])
        for _ in 0..<3 { _ = try bench.propose() }
        bench.confirm()
        bench.receive(append((2, 2), [command(3, 3)]), term: 3, from: 3)
        bench.confirm()
        bench.fire()
        bench.receive(.preVoteReply(VoteReply()), term: 4, from: 3)
        bench.confirm()
        bench.receive(.voteReply(VoteReply()), term: 4, from: 3)
        _ = try bench.propose()
        bench.confirm()
        #expect(bench.node.isLeader && bench.node.lastLogIndex == index(5))
        bench.receive(.appendReply(.accepted(match: index(5))), term: 2, from: 2)
        #expect(bench.node.commitIndex == .zero)
        #expect(bench.node.status.progress[node(2)]?.matchIndex == .zero)
    }

    @Test func aSnapshotIsToldOfOnlyWhenItIsDurable() throws {
        var bench = Bench(voters: 1)
        bench.fire()
        bench.confirm()
        bench.confirm()
        let position = try #require(bench.committed.last?.index)
        bench.compact(at: position)
        #expect(bench.node.status.snapshotIndex == .zero && bench.node.status.counters.snapshotsTaken == 0)
        bench.confirm()
        #expect(bench.node.status.snapshotIndex == position && bench.node.status.counters.snapshotsTaken == 1)
    }

    /// The disk takes one write after the other: two of 0.6 election timeouts each are not one of 1.2.
    @Test func aWriteThatWaitedForAnotherIsNotASlowOne() {
        var bench = Bench()
        bench.receive(append((1, 1), [command(2, 1)]), term: 1, from: 2)
        bench.pass(electionTimeout / 10)
        bench.receive(append((2, 1), [command(3, 1)]), term: 1, from: 2)
        bench.pass(electionTimeout / 2)
        bench.confirm(1)
        bench.pass(electionTimeout * 3 / 5)
        #expect(!bench.node.isDiskStalled)
        bench.pass(electionTimeout * 2 / 5)
        #expect(bench.node.isDiskStalled, "it has now been under way for a whole election timeout")
    }
}
