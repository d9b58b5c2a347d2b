import Testing

@testable import RaftCore

/// A process that ends and comes back with what its disk holds.
@Suite struct RestartTests {
    @Test func termVoteAndLogAreThoseOfTheDisk() {
        var bench = Bench(term: 5, votedFor: 3, terms: [2, 5])
        #expect(bench.node.hardState == HardState(term: term(5), votedFor: node(3)))
        #expect(bench.node.lastLogIndex == index(3))
        #expect(bench.node.durableIndex == index(3))
        #expect(bench.node.membership == membership(voters: 3))
        let request = Message.Body.voteRequest(VoteRequest(lastLogIndex: index(3), lastLogTerm: term(5)))
        bench.receive(request, term: 5, from: 2)
        bench.receive(request, term: 5, from: 3)
        #expect(bench.sent.to(2).map(\.body.voteReply?.refusal) == [.alreadyVoted])
        #expect(bench.sent.to(3).map(\.body.voteReply) == [VoteReply()])
    }

    @Test func aVoteThatDidNotReachTheDiskWasNeverGiven() {
        var cluster = Cluster()
        cluster.advance(to: cluster.hosts[1].node?.nextDeadline ?? cluster.now)
        cluster.fireDeadline(2)
        for _ in 0..<4 { cluster.deliver(at: 0) }
        cluster.confirm(2)
        while let place = cluster.messages.firstIndex(where: { $0.to == node(3) }) { cluster.deliver(at: place) }
        #expect(cluster.hosts[2].writes.count == 1)
        cluster.crash(3)
        #expect(cluster.hosts[2].disk.hardState == HardState(term: term(1)))
        cluster.restart(3)
        let isLevel = cluster.run(for: electionTimeout * 6 + .seconds(2), until: \.isLevel)
        #expect(isLevel)
        #expect(cluster.checker.violations == [])
    }

    @Test func aWholeClusterThatCrashesComesBackWithEverythingCommitted() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var cluster = Cluster(seed: seed)
            cluster.elect(1)
            for number in 0..<5 { _ = cluster.propose(1, [UInt8(number)]) }
            cluster.settle()
            _ = cluster.propose(1, [99])
            let committed = cluster.checker.committed
            for number in 1...3 as ClosedRange<UInt64> { cluster.crash(number) }
            cluster.messages = []
            for number in 1...3 as ClosedRange<UInt64> { cluster.restart(number) }
            let isLevel = cluster.run(for: electionTimeout * 6 + .seconds(2), until: \.isLevel)
            #expect(isLevel, "seed \(seed)")
            #expect(cluster.checker.committed.starts(with: committed))
            #expect(cluster.checker.violations == [])
        }
    }

    @Test func nothingIsAppliedUntilALeaderSaysItIsCommitted() {
        let bench = Bench(term: 2, terms: [2, 2])
        #expect(bench.committed == [])
        #expect(bench.node.commitIndex == .zero)
    }

    @Test func aNodeHasCaughtUpOnceItAppliedWhatALeaderCommittedInItsOwnTerm() {
        func append(_ entries: [LogEntry], after previous: (UInt64, UInt64), commit: UInt64) -> Message.Body {
            .append(
                AppendRequest(previousIndex: index(previous.0), previousTerm: term(previous.1), entries: entries, commit: index(commit)))
        }
        var bench = Bench(term: 2, terms: [2, 2])
        bench.receive(append([noop(4, 3)], after: (3, 2), commit: 0), term: 3, from: 2)
        bench.confirm()
        #expect(!bench.node.hasCaughtUp(appliedThrough: index(3)), "a leader that has committed nothing yet knows nothing of it")
        bench.receive(append([], after: (4, 3), commit: 3), term: 3, from: 2)
        #expect(!bench.node.hasCaughtUp(appliedThrough: index(3)))
        bench.receive(append([], after: (4, 3), commit: 4), term: 3, from: 2)
        #expect(!bench.node.hasCaughtUp(appliedThrough: index(3)))
        #expect(bench.node.hasCaughtUp(appliedThrough: index(4)))
    }

    @Test func aFollowerThatLostWhatItHadNotAcknowledgedIsBroughtLevelAgain() {
        var cluster = Cluster()
        cluster.elect(1)
        for number in 0..<6 { _ = cluster.propose(1, [UInt8(number)]) }
        while let place = cluster.messages.firstIndex(where: { $0.to != node(1) }) { cluster.deliver(at: place) }
        cluster.crash(3)
        cluster.restart(3)
        let isLevel = cluster.run(for: electionTimeout * 2, until: \.isLevel)
        #expect(isLevel)
        #expect(cluster.leader == 1)
        #expect(cluster.checker.violations == [])
    }
}
