import Testing

@testable import RaftCore

/// What the paper says of terms and elections. Source: Raft, extended version, §5.1 and §5.2.
@Suite struct PaperElectionTests {
    private func follower() -> Bench {
        var bench = Bench()
        bench.hear(2, term: 1)
        return bench
    }

    private func candidate() -> Bench {
        var bench = follower()
        bench.fire()
        bench.receive(.preVoteReply(VoteReply()), term: 2, from: 2)
        bench.confirm()
        return bench
    }

    private func leader() -> Bench {
        var bench = Bench()
        bench.lead(with: [2])
        return bench
    }

    // MARK: §5.1

    @Test func aNewerTermIsAdoptedAsAFollowerFromAnyRole() {
        for var bench in [follower(), candidate(), leader()] {
            bench.receive(
                .append(AppendRequest(previousIndex: index(1), previousTerm: term(1), entries: [], commit: .zero)), term: 9, from: 3)
            #expect(bench.node.currentTerm == term(9))
            #expect(bench.node.status.role == .follower)
            #expect(bench.node.currentLeader == node(3))
            #expect(bench.node.hardState.votedFor == nil)
        }
    }

    @Test func requestsOfAnOlderTermAreRefusedWithTheNewerTermAndChangeNothing() {
        var bench = leader()
        let before = bench.node.hardState
        bench.receive(
            .append(AppendRequest(previousIndex: index(1), previousTerm: term(1), entries: [command(2, 1)], commit: .zero)), term: 1,
            from: 3)
        bench.receive(.heartbeat(Heartbeat(commit: .zero, round: 4)), term: 1, from: 3)
        bench.receive(.voteRequest(VoteRequest(lastLogIndex: index(9), lastLogTerm: term(1))), term: 1, from: 3)
        bench.receive(.timeoutNow, term: 1, from: 3)
        #expect(bench.sent.to(3).map(\.term) == [term(2), term(2), term(2)])
        #expect(bench.sent.bodies.last?.voteReply?.refusal == .staleTerm)
        #expect(bench.node.hardState == before)
        #expect(bench.node.isLeader)
    }

    @Test func answersOfAnOlderTermCountForNothing() {
        var bench = candidate()
        bench.receive(.voteReply(VoteReply()), term: 1, from: 2)
        #expect(bench.node.status.role == .candidate)
    }

    // MARK: §5.2

    @Test func aNodeStartsAsAFollowerInItsStoredTerm() {
        let bench = Bench(term: 4, votedFor: 3)
        #expect(bench.node.status.role == .follower)
        #expect(bench.node.currentTerm == term(4))
        #expect(bench.node.currentLeader == nil)
    }

    @Test func aLeaderAssertsItselfToEveryPeerAtEveryInterval() {
        var bench = leader()
        for _ in 0..<3 {
            bench.answerHeartbeat([2, 3])
            bench.sent = []
            bench.pass(heartbeatInterval)
            #expect(bench.sent.filter { $0.message.body.heartbeat != nil }.map(\.to) == [node(2), node(3)])
        }
    }

    @Test func aFollowerThatHearsNothingAsksThenCampaignsInANewTermForItself() {
        var bench = follower()
        bench.fire()
        #expect(bench.node.status.role == .preCandidate)
        #expect(bench.node.currentTerm == term(1), "asking changes nothing")
        #expect(bench.takeSent().map(\.message.term) == [term(2), term(2)])
        bench.receive(.preVoteReply(VoteReply()), term: 2, from: 3)
        #expect(bench.node.hardState == HardState(term: term(2), votedFor: node(1)))
        bench.confirm()
        #expect(bench.takeSent().compactMap(\.message.body.voteRequest).count == 2)
    }

    @Test func aCandidateThatHearsNothingCampaignsAgainInTheNextTerm() {
        var bench = candidate()
        bench.fire()
        bench.receive(.preVoteReply(VoteReply()), term: 3, from: 3)
        #expect(bench.node.currentTerm == term(3))
        #expect(bench.node.status.role == .candidate)
    }

    @Test(arguments: [
        (1, [], [], RaftStatus.RoleName.leader), (3, [2], [], .leader), (3, [], [2, 3], .candidate), (3, [], [], .candidate),
        (5, [2, 3], [4, 5], .leader), (5, [2], [3, 4, 5], .candidate), (5, [2], [], .candidate), (4, [2], [], .candidate),
        (4, [2, 3], [], .leader),
    ])
    func anElectionIsWonByAMajorityOfVotes(voters: Int, granted: [UInt64], refused: [UInt64], role: RaftStatus.RoleName) {
        var bench = Bench(voters: voters)
        bench.fire()
        for peer in 1..<UInt64(voters) { bench.receive(.preVoteReply(VoteReply()), term: 2, from: peer + 1) }
        bench.confirm()
        for peer in granted { bench.receive(.voteReply(VoteReply()), term: 2, from: peer) }
        for peer in refused { bench.receive(.voteReply(VoteReply(refusal: .alreadyVoted)), term: 2, from: peer) }
        #expect(bench.node.status.role == role)
    }

    @Test func aVoteIsGivenOnceATermFirstComeFirstServed() {
        var bench = Bench()
        let request = Message.Body.voteRequest(VoteRequest(lastLogIndex: index(1), lastLogTerm: term(1)))
        bench.receive(request, term: 2, from: 2)
        bench.receive(request, term: 2, from: 3)
        bench.receive(request, term: 2, from: 2)
        bench.confirm()
        #expect(bench.sent.to(2).map(\.body.voteReply?.refusal) == [nil, nil])
        #expect(bench.sent.to(3).map(\.body.voteReply?.refusal) == [.alreadyVoted])
    }

    @Test(arguments: [2, 3] as [UInt64])
    func aCandidateFallsBackBehindALeaderOfItsTermOrALaterOne(leaderTerm: UInt64) {
        var bench = candidate()
        bench.receive(.heartbeat(Heartbeat(commit: .zero, round: 1)), term: leaderTerm, from: 3)
        #expect(bench.node.status.role == .follower)
        #expect(bench.node.currentLeader == node(3))
        #expect(bench.node.currentTerm == term(leaderTerm))
    }

    @Test func waitsAreDrawnFromOneToTwoElectionTimeouts() {
        var bench = follower()
        var waits: [Duration] = []
        for _ in 0..<500 {
            bench.hear(2, term: 1)
            waits.append(bench.node.nextDeadline - bench.now)
        }
        #expect(waits.allSatisfy { $0 >= electionTimeout && $0 < electionTimeout * 2 })
        #expect(waits.contains { $0 < electionTimeout * 1.1 } && waits.contains { $0 > electionTimeout * 1.9 })
        for _ in 0..<100 {
            var candidate = candidate()
            let wait = candidate.node.nextDeadline - candidate.now
            #expect(wait >= electionTimeout && wait < electionTimeout * 2)
            candidate.fire()
        }
    }

    @Test func twoOfFiveNodesSeldomDrawNearlyTheSameWait() {
        var collisions = 0
        for seed in 0..<500 as Range<UInt64> {
            var waits: [Duration] = []
            for number in 1...5 as ClosedRange<UInt64> {
                var bench = Bench(voters: 6, id: number, seed: seed * 8 + number)
                bench.hear(6, term: 1)
                waits.append(bench.node.nextDeadline - bench.now)
            }
            waits.sort()
            if waits[1] - waits[0] < .milliseconds(10) { collisions += 1 }
        }
        #expect(collisions < 50, "\(collisions) of 500 elections would be contested within 10 ms")
    }
}
