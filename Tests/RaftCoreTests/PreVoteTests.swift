import Testing

@testable import RaftCore

/// Asking before campaigning (thesis §9.6), and votes withheld while a leader lives (thesis §4.2.3).
@Suite struct PreVoteTests {
    private let level = VoteRequest(lastLogIndex: index(1), lastLogTerm: term(1))

    private func answer(_ bench: Bench, _ request: VoteRequest, term: UInt64) -> Message? {
        var asked = bench
        asked.sent = []
        asked.receive(.preVoteRequest(request), term: term, from: 3)
        #expect(asked.node.hardState == bench.node.hardState, "a pre-vote changes nothing")
        #expect(asked.node.nextDeadline == bench.node.nextDeadline, "a pre-vote postpones nothing")
        #expect(asked.writes.count == bench.writes.count)
        return asked.sent.to(3).first { $0.body.preVoteReply != nil }
    }

    @Test func aPreVoteIsGrantedInTheTermAskedForWhenNoLeaderIsKnown() {
        let reply = answer(Bench(), level, term: 2)
        #expect(reply == Message(term: term(2), body: .preVoteReply(VoteReply())))
    }

    @Test func aPreVoteIsGrantedAgainToAnother() {
        var bench = Bench()
        bench.receive(.voteRequest(level), term: 2, from: 2)
        bench.confirm()
        #expect(answer(bench, level, term: 3)?.body.preVoteReply?.granted == true)
    }

    @Test func aRefusalCarriesTheHigherTerm() {
        #expect(answer(Bench(term: 7), level, term: 5) == Message(term: term(7), body: .preVoteReply(VoteReply(refusal: .staleTerm))))
        #expect(answer(Bench(term: 7), level, term: 7) == Message(term: term(7), body: .preVoteReply(VoteReply(refusal: .staleTerm))))
    }

    @Test func aRefusalNamesALogBehind() {
        #expect(answer(Bench(terms: [1]), level, term: 2)?.body.preVoteReply?.refusal == .logBehind)
    }

    @Test func aLeaderAndAFollowerInContactRefuse() {
        var follower = Bench()
        follower.hear(2, term: 1)
        #expect(answer(follower, level, term: 2)?.body.preVoteReply?.refusal == .leaderAlive)
        follower.freeze(electionTimeout)
        #expect(answer(follower, level, term: 2)?.body.preVoteReply?.granted == true)

        var leader = Bench()
        leader.lead(with: [2])
        #expect(
            answer(leader, VoteRequest(lastLogIndex: index(9), lastLogTerm: term(9)), term: 9)?.body.preVoteReply?.refusal == .leaderAlive)
    }

    @Test func aPreCandidateForgetsItsLeaderAndGrants() {
        var bench = Bench()
        bench.hear(2, term: 1)
        bench.fire()
        #expect(bench.node.currentLeader == nil)
        #expect(answer(bench, level, term: 2)?.body.preVoteReply?.granted == true)
    }

    @Test func aRefusedPreCandidateAdoptsTheHigherTermAndAsksAgainSoon() {
        var bench = Bench()
        bench.hear(2, term: 1)
        bench.fire()
        bench.receive(.preVoteReply(VoteReply(refusal: .staleTerm)), term: 5, from: 2)
        #expect(bench.node.currentTerm == term(5))
        #expect(bench.node.nextDeadline <= bench.now + heartbeatInterval * 2)
        #expect(bench.node.counters.preVotesRefused[0] == 1, "counted under its reason")
        bench.sent = []
        bench.fire()
        #expect(bench.sent.map(\.message.term) == [term(6), term(6)])
    }

    @Test(arguments: [[2], [2, 3]] as [[UInt64]])
    func aRefusalForALiveLeaderIsAskedAboutAgainAfterAHeartbeatAlsoWhenTheRestIsSilent(refusing: [UInt64]) {
        var bench = Bench()
        bench.hear(2, term: 1)
        bench.fire()
        for peer in refusing { bench.receive(.preVoteReply(VoteReply(refusal: .leaderAlive)), term: 1, from: peer) }
        #expect(bench.node.nextDeadline >= bench.now + heartbeatInterval)
        #expect(bench.node.nextDeadline <= bench.now + heartbeatInterval * 2)
        #expect(bench.node.currentTerm == term(1))
    }

    @Test func grantsForAnotherTermAndVotesOfStrangersDoNotCount() {
        var bench = Bench()
        bench.hear(2, term: 1)
        bench.fire()
        bench.receive(.preVoteReply(VoteReply()), term: 3, from: 2)
        bench.receive(.preVoteReply(VoteReply()), term: 2, from: 9)
        #expect(bench.node.status.role == .preCandidate)
        #expect(bench.node.currentTerm == term(1), "a granted pre-vote is not news of a term")
    }

    @Test func votesAreWithheldWhileALeaderLivesAndTheTermIsNotAdopted() {
        var bench = Bench()
        bench.hear(2, term: 1)
        bench.receive(.voteRequest(level), term: 8, from: 3)
        #expect(bench.sent.bodies == [.voteReply(VoteReply(refusal: .leaderAlive))])
        #expect(bench.node.currentTerm == term(1))
        bench.freeze(electionTimeout)
        bench.receive(.voteRequest(level), term: 8, from: 3)
        #expect(bench.node.hardState == HardState(term: term(8), votedFor: node(3)))
    }

    @Test func aHandOverOverridesTheWithholding() {
        var bench = Bench()
        bench.hear(2, term: 1)
        bench.receive(.voteRequest(VoteRequest(lastLogIndex: index(1), lastLogTerm: term(1), transfer: true)), term: 2, from: 3)
        #expect(bench.node.hardState == HardState(term: term(2), votedFor: node(3)))
    }

    @Test func aLearnerNeitherAsksNorCampaignsButVotes() {
        var bench = Bench(voters: 2, learners: 1, id: 3)
        #expect(bench.node.nextDeadline == .never)
        #expect(bench.node.status.role == .learner)
        bench.receive(.voteRequest(level), term: 2, from: 2)
        bench.confirm()
        #expect(bench.sent.bodies == [.voteReply(VoteReply())], "its configuration may be older than the one that made it a voter")
        #expect(bench.node.nextDeadline == .never)
    }

    /// One side has the longer log, the other the higher term.
    @Test func twoCohortsOfWhichOneHasTheTermAndOneTheLogStillElect() {
        var cluster = Cluster(voters: 4, terms: [[1, 1], [1, 1], [], []], term: 1)
        for number in [3, 4] as [UInt64] { cluster.crash(number) }
        for number in [3, 4] as [UInt64] {
            cluster.restart(number)
            _ = cluster.input(Int(number) - 1) {
                $0.receive(Message(term: term(9), body: .voteReply(VoteReply(refusal: .staleTerm))), from: node(1), now: $1)
            }
        }
        cluster.settle()
        let elected = cluster.run(for: electionTimeout * 6 + .seconds(2), until: \.isLevel)
        #expect(elected)
        #expect((cluster.leader ?? 9) <= 2, "the longer log leads")
        #expect(cluster.checker.violations == [])
    }
}
