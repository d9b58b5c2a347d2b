import Testing

@testable import RaftCore

/// Proof that a node leads, by a round sent after the request (§8; thesis §6.4).
@Suite struct ProofTests {
    private func leader(voters: Int = 3, learners: Int = 0) -> Bench {
        var bench = Bench(voters: voters, learners: learners)
        bench.lead(with: Array((1...UInt64(voters)).dropFirst()))
        return bench
    }

    private func reply(_ round: UInt64) -> Message.Body { .heartbeatReply(HeartbeatReply(round: round)) }

    @Test func aRequestSendsARoundAtOnceAndAMajorityOfAnswersProvesIt() throws {
        var bench = leader(voters: 5)
        bench.acknowledge([2, 3])
        bench.sent = []
        let id = try bench.requestProof()
        #expect(bench.sent.bodies.compactMap(\.heartbeat?.round) == [2, 2, 2, 2])
        bench.receive(reply(2), term: 2, from: 2)
        #expect(bench.proofs == [])
        bench.receive(reply(2), term: 2, from: 2)
        #expect(bench.proofs == [], "one voter answers twice")
        bench.receive(reply(2), term: 2, from: 3)
        #expect(bench.proofs == [ProofAnswer(id: id, result: .proven(readIndex: index(2), term: term(2)))])
    }

    @Test func answersToRoundsSentBeforeTheRequestProveNothing() throws {
        var bench = leader()
        bench.pass(heartbeatInterval)
        _ = try bench.requestProof()
        bench.receive(reply(1), term: 2, from: 2)
        bench.receive(reply(2), term: 2, from: 3)
        #expect(bench.proofs == [])
        bench.receive(reply(3), term: 2, from: 3)
        #expect(bench.proofs.count == 1)
    }

    /// A round of term 1, answered by a follower of term 2 before this node came to lead term 2, says nothing of a round of term 2 with
    /// the same number.
    @Test func anAnswerToARoundOfAnEarlierTermProvesNothing() throws {
        var follower = Bench(id: 2, term: 2, votedFor: 1)
        follower.receive(.heartbeat(Heartbeat(commit: .zero, round: 2)), term: 1, from: 1)
        let answer = try #require(follower.takeSent().first)
        var bench = leader()
        bench.acknowledge([2, 3])
        _ = try bench.requestProof()
        #expect(bench.node.role.leading?.round == 2 && answer.message.term == bench.node.term)
        bench.receive(answer.message.body, term: 2, from: 2)
        #expect(bench.proofs == [] && bench.facts.isEmpty)
        bench.receive(reply(2), term: 2, from: 2)
        #expect(bench.proofs.count == 1)
    }

    @Test func aLaterRoundProvesEarlierRequestsTogether() throws {
        var bench = leader()
        _ = try bench.requestProof()
        _ = try bench.requestProof()
        bench.pass(heartbeatInterval)
        bench.answerHeartbeat([3])
        #expect(bench.proofs.map(\.id) == [ProofID(1), ProofID(2)])
    }

    @Test func requestsBetweenTwoLooksShareOneRound() throws {
        var bench = leader()
        let before = bench.node.role.leading?.round ?? 0
        for _ in 0..<10 { _ = try bench.node.requestProof(now: bench.now) }
        _ = try bench.requestProof()
        #expect(bench.node.role.leading?.round == before + 1)
    }

    @Test func learnersStrangersAndOtherTermsProveNothing() throws {
        var bench = leader(voters: 3, learners: 2)
        _ = try bench.requestProof()
        for peer in [4, 5, 9] as [UInt64] { bench.receive(reply(2), term: 2, from: peer) }
        bench.receive(reply(2), term: 1, from: 2)
        #expect(bench.proofs == [])
        #expect(bench.node.isLeader)
    }

    @Test func anAnswerOfAHigherTermEndsLeadershipAndSaysSo() throws {
        var bench = leader()
        let ids = [try bench.requestProof(), try bench.requestProof()]
        bench.receive(reply(2), term: 3, from: 2)
        #expect(bench.proofs == ids.map { ProofAnswer(id: $0, result: .leadershipLost) })
        #expect(throws: ProofRefusal.notLeader) { try bench.requestProof() }
    }

    @Test func theReadIndexIsAtLeastTheTermsFirstEntry() throws {
        var bench = Bench(term: 3, terms: [2, 3, 3])
        bench.lead(with: [2])
        _ = try bench.requestProof()
        bench.answerHeartbeat([2])
        #expect(bench.proofs.map(\.result) == [.proven(readIndex: index(5), term: term(4))], "nothing before tells what is committed")
        #expect(bench.node.commitIndex == .zero)
        bench.acknowledge([2])
        _ = try bench.propose()
        bench.confirm()
        bench.acknowledge([2])
        _ = try bench.requestProof()
        bench.answerHeartbeat([2])
        #expect(bench.proofs.last?.result == .proven(readIndex: index(6), term: term(4)))
    }

    @Test func theReadIndexIsThatOfTheRequestNotOfTheAnswer() throws {
        var bench = leader()
        bench.acknowledge([2])
        _ = try bench.requestProof()
        _ = try bench.propose()
        bench.confirm()
        bench.acknowledge([2])
        bench.answerHeartbeat([2])
        #expect(bench.proofs.map(\.result) == [.proven(readIndex: index(2), term: term(2))])
    }

    @Test func oneVoterAloneIsItsOwnProof() throws {
        var bench = leader(voters: 1)
        _ = try bench.requestProof()
        #expect(bench.proofs.count == 1)
    }

    @Test func requestsAreBoundedAndRefusedByWhoDoesNotLead() throws {
        var follower = Bench()
        #expect(throws: ProofRefusal.notLeader) { try follower.requestProof() }
        var bench = leader()
        for _ in 0..<RaftNode.maximumProofs { _ = try bench.requestProof() }
        #expect(throws: ProofRefusal.tooManyWaiting) { try bench.requestProof() }
        bench.answerHeartbeat([2])
        #expect(bench.proofs.count == RaftNode.maximumProofs)
        _ = try bench.requestProof()
    }

    /// The old leader is cut off and does not know; another one leads and has committed more.
    @Test func aDeposedLeaderProvesNothing() {
        var cluster = Cluster()
        cluster.elect(1)
        cluster.isolate(1)
        cluster.run(for: electionTimeout * 0.95)
        #expect(cluster.hosts[0].node?.isLeader == true)
        let isTaken = cluster.requestProof(1)
        #expect(isTaken)
        cluster.run(for: electionTimeout * 5) { $0.leader.map { leader in leader != 1 } ?? false }
        #expect(cluster.hosts[0].proofs.map(\.result) == [.leadershipLost])
        #expect(cluster.checker.violations == [])
    }
}
