import Testing

@testable import RaftCore

/// Leadership handed over (thesis §3.10).
@Suite struct TransferTests {
    private func leader(voters: Int = 3, learners: Int = 0) -> Bench {
        var bench = Bench(voters: voters, learners: learners)
        bench.lead(with: Array((1...UInt64(voters)).dropFirst()))
        bench.answerHeartbeat(Array((1...UInt64(voters + learners)).dropFirst()))
        return bench
    }

    private func orders(_ bench: Bench) -> [NodeID] { bench.sent.filter { $0.message.body == .timeoutNow }.map(\.to) }

    @Test func theTargetIsBroughtLevelBeforeItIsToldToCampaign() throws {
        var bench = leader()
        bench.acknowledge([2], through: index(2))
        _ = try bench.propose()
        try bench.transfer(to: 2)
        #expect(orders(bench) == [])
        bench.acknowledge([3], through: index(3))
        #expect(orders(bench) == [], "another one's log says nothing of the target's")
        bench.acknowledge([2], through: index(3))
        #expect(orders(bench) == [node(2)])
        bench.acknowledge([2], through: index(3))
        #expect(orders(bench) == [node(2)], "once")
    }

    @Test func proposalsAreRefusedMeanwhileAndTakenAgainWhenItIsAborted() throws {
        var bench = leader()
        bench.acknowledge([2, 3])
        try bench.transfer(to: 2)
        #expect(throws: ProposalRefusal.transferring) { try bench.propose() }
        #expect(throws: TransferRefusal.alreadyTransferring) { try bench.transfer(to: 3) }
        for _ in 0..<11 {
            bench.pass(heartbeatInterval)
            bench.answerHeartbeat([2, 3])
        }
        #expect(bench.node.isLeader)
        _ = try bench.propose()
        #expect(bench.node.counters.proposalsFailed == [0, 1, 0, 0, 0, 0])
    }

    @Test func withoutATargetTheVoterWithMostOfTheLogIsTaken() throws {
        var bench = leader(voters: 5, learners: 1)
        _ = try bench.propose()
        bench.acknowledge([6], through: index(3))
        bench.acknowledge([2, 3, 5], through: index(2))
        bench.acknowledge([4], through: index(3))
        try bench.transfer(to: nil)
        #expect(orders(bench) == [node(4)])
    }

    @Test func onlyAVoterInContactCanBeTheTarget() throws {
        var bench = leader(learners: 1)
        for target in [1, 4, 9] as [UInt64] { #expect(throws: TransferRefusal.noSuchVoter) { try bench.transfer(to: target) } }
        for _ in 0..<11 {
            bench.pass(heartbeatInterval)
            bench.answerHeartbeat([3])
        }
        #expect(throws: TransferRefusal.noSuchVoter) { try bench.transfer(to: 2) }
        try bench.transfer(to: 3)
        var follower = Bench()
        #expect(throws: TransferRefusal.notLeader) { try follower.transfer(to: 2) }
    }

    @Test func whoIsToldCampaignsAtOnceWithoutAskingAndTheOthersDoNotWithholdTheirVotes() {
        var cluster = Cluster(voters: 5)
        cluster.elect(1)
        let before = cluster.now
        let isTaken = cluster.transfer(1, to: 3)
        #expect(isTaken)
        cluster.settle()
        #expect(cluster.leader == 3)
        #expect(cluster.now == before, "no timeout was waited for")
        #expect(cluster.hosts[0].facts.contains(.steppedDown(term: term(3), reason: .transferred)))
        #expect(!cluster.hosts[2].facts.contains { if case .startedPreVote(term(3), _) = $0 { true } else { false } })
        #expect(cluster.checker.violations == [])
    }

    @Test func aHeartbeatOfTheOldLeaderDoesNotCancelTheCampaign() {
        var bench = Bench()
        bench.hear(2, term: 1)
        bench.receive(.timeoutNow, term: 1, from: 2)
        #expect(bench.node.status.role == .candidate)
        bench.receive(.heartbeat(Heartbeat(commit: .zero, round: 2)), term: 1, from: 2)
        #expect(bench.node.status.role == .candidate)
        #expect(bench.sent.to(2).last?.term == term(2), "the old leader learns of its end")
    }

    @Test func aLateOrStrayOrderIsIgnored() {
        var bench = Bench(term: 5)
        bench.hear(2, term: 5)
        bench.receive(.timeoutNow, term: 4, from: 2)
        bench.receive(.timeoutNow, term: 5, from: 3)
        #expect(bench.node.status.role == .follower)
        #expect(bench.node.currentTerm == term(5))
        var learner = Bench(voters: 2, learners: 1, id: 3)
        learner.receive(.timeoutNow, term: 1, from: 1)
        #expect(learner.node.status.role == .learner)
    }

    @Test func aTargetThatDiesCostsOneElectionTimeoutAndNoTerm() {
        var cluster = Cluster()
        cluster.elect(1)
        cluster.crash(2)
        let isTaken = cluster.transfer(1, to: 2)
        #expect(isTaken)
        cluster.run(for: electionTimeout + heartbeatInterval)
        #expect(cluster.leader == 1)
        #expect(cluster.hosts[0].node?.currentTerm == term(2))
        #expect(cluster.propose(1) != nil)
    }
}
