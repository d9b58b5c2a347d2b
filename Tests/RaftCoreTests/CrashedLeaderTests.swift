import Testing

@testable import RaftCore

/// Evidence that the leader's process is gone, and what it may and may not do.
@Suite struct CrashedLeaderTests {
    private let slot = Duration.milliseconds(40)
    private let level = VoteRequest(lastLogIndex: index(1), lastLogTerm: term(1), leaderCrashed: true)

    private func follower(_ id: UInt64, of leader: UInt64 = 1, voters: Int = 5) -> Bench {
        var bench = Bench(voters: voters, id: id)
        bench.hear(leader, term: 1)
        return bench
    }

    @Test(arguments: [(2, 1, 0), (3, 1, 1), (4, 1, 2), (5, 1, 3), (1, 3, 0), (5, 3, 3), (4, 3, 2)] as [(UInt64, UInt64, Int)])
    func survivorsCampaignInTurnOfTheirRank(id: UInt64, leader: UInt64, rank: Int) {
        var bench = follower(id, of: leader)
        bench.processGone(leader, slot: slot)
        #expect(bench.node.nextDeadline == bench.now + slot * rank)
        bench.fire()
        #expect(bench.sent.bodies.compactMap(\.preVoteRequest).map(\.leaderCrashed) == [true, true, true, true])
    }

    @Test func newsOfAnotherPeerOrTwiceTheSameNewsPostponeNothing() {
        var bench = follower(3)
        let before = bench.node.nextDeadline
        bench.processGone(2)
        #expect(bench.node.nextDeadline == before)
        bench.processGone(1, slot: slot)
        let due = bench.node.nextDeadline
        bench.freeze(.milliseconds(10))
        bench.processGone(1, slot: slot)
        #expect(bench.node.nextDeadline == due)
    }

    @Test func aMessageOfTheLeaderCancels() {
        var bench = follower(3)
        bench.processGone(1, slot: slot)
        bench.hear(1, term: 1)
        #expect(bench.node.nextDeadline >= bench.now + electionTimeout)
        bench.receive(.preVoteRequest(level), term: 2, from: 2)
        #expect(bench.sent.bodies == [.preVoteReply(VoteReply(refusal: .leaderAlive))])
        bench.fire()
        #expect(bench.sent.bodies.compactMap(\.preVoteRequest).allSatisfy { !$0.leaderCrashed })
    }

    @Test func whoeverHasTheEvidenceTooGrantsAtOnce() {
        var bench = follower(3)
        bench.processGone(1, slot: slot)
        bench.receive(.preVoteRequest(level), term: 2, from: 2)
        #expect(bench.sent.bodies == [.preVoteReply(VoteReply())])
        bench.receive(.voteRequest(level), term: 2, from: 2)
        #expect(bench.node.hardState.votedFor == node(2))
    }

    @Test func aPreVoteWithEvidenceMakesItsReceiverProbeTheLeader() {
        var bench = follower(3)
        bench.receive(.preVoteRequest(level), term: 2, from: 2)
        #expect(bench.probes == [node(1)])
        #expect(bench.sent.bodies == [.preVoteReply(VoteReply(refusal: .leaderAlive))])
        bench.receive(.preVoteRequest(VoteRequest(lastLogIndex: index(1), lastLogTerm: term(1))), term: 2, from: 2)
        #expect(bench.probes == [node(1)], "without evidence nobody is probed")
    }

    @Test func theLeaderItselfAnswersWithAHeartbeat() {
        var bench = Bench()
        bench.lead(with: [2])
        bench.receive(.preVoteRequest(level), term: 3, from: 2)
        #expect(bench.sent.to(2).contains { $0.body.heartbeat != nil })
        #expect(bench.node.isLeader)
    }

    @Test func whileEvidenceStandsARefusedCampaignIsRepeatedWithin50To150Milliseconds() {
        var bench = follower(2, voters: 3)
        bench.processGone(1, slot: slot)
        bench.fire()
        for _ in 0..<8 {
            bench.receive(.preVoteReply(VoteReply(refusal: .leaderAlive)), term: 1, from: 3)
            let wait = bench.node.nextDeadline - bench.now
            #expect(wait >= .zero && wait <= .milliseconds(150))
            bench.fire()
        }
        bench.freeze(electionTimeout * 2)
        bench.fire()
        bench.receive(.preVoteReply(VoteReply(refusal: .logBehind)), term: 1, from: 3)
        #expect(bench.node.nextDeadline >= bench.now + electionTimeout, "and not for ever")
        #expect(bench.node.currentTerm == term(1))
    }

    @Test func theQuickRetryOfACampaignCountsFromWhenItsRequestsLeft() {
        var bench = follower(2, voters: 3)
        bench.processGone(1, slot: slot)
        bench.fire()
        bench.receive(.preVoteReply(VoteReply()), term: 2, from: 3)
        #expect(bench.node.nextDeadline >= bench.now + electionTimeout, "the own vote is still being written")
        bench.freeze(.milliseconds(400))
        bench.confirm()
        #expect(bench.node.nextDeadline >= bench.now + .milliseconds(50) && bench.node.nextDeadline <= bench.now + .milliseconds(150))
    }

    /// A firewall that rejects one follower's connections to the leader.
    @Test func aFalseRefusalAtOneFollowerDisturbsNobody() {
        var cluster = Cluster()
        cluster.elect(1)
        cluster.cut = [Cluster.Link(from: node(1), to: node(2)), Cluster.Link(from: node(2), to: node(1))]
        cluster.processGone(1, at: 2)
        cluster.run(for: .seconds(10))
        #expect(cluster.leader == 1)
        #expect(cluster.hosts.compactMap { $0.node?.currentTerm } == [term(2), term(2), term(2)])
        cluster.cut = []
        let isLevel = cluster.run(for: .seconds(1), until: \.isLevel)
        #expect(isLevel)
    }

    @Test func afterACrashAllSurvivorsSeeANewLeaderIsThereWithinATenthOfTheElectionTimeout() {
        for seed in 1...50 as ClosedRange<UInt64> {
            var cluster = Cluster(voters: 5, seed: seed)
            cluster.elect(1)
            cluster.crash(1)
            for survivor in 2...5 as ClosedRange<UInt64> { cluster.processGone(1, at: survivor, slot: slot) }
            let elected = cluster.run(for: electionTimeout * 0.1) { $0.leader.map { leader in leader != 1 } ?? false }
            #expect(elected, "seed \(seed)")
        }
    }

    @Test func aFreshClusterElectsAtOnce() throws {
        for seed in 1...50 as ClosedRange<UInt64> {
            var cluster = Cluster(seed: seed)
            let elected = cluster.run(for: electionTimeout * 0.1) { $0.leader != nil }
            #expect(elected, "seed \(seed)")
        }
        var founder = Bench(term: 0, entries: [])
        #expect(founder.node.nextDeadline == .never, "a node that belongs nowhere waits to be told")
        try founder.bootstrap(membership(voters: 3))
        #expect(founder.node.nextDeadline == founder.now)
        #expect(founder.writes.map(\.entries) == [log(membership(voters: 3))])
        #expect(throws: BootstrapRefusal.alreadyBootstrapped) { try founder.bootstrap(membership(voters: 3)) }
    }
}
