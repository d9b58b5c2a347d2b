import Testing

@testable import RaftCore

/// A leader that hears of no majority stands down within one election timeout (thesis §6.2).
@Suite struct QuorumContactTests {
    private func leader(voters: Int = 3, learners: Int = 0, with peers: [UInt64] = [2]) -> Bench {
        var bench = Bench(voters: voters, learners: learners)
        bench.lead(with: peers)
        return bench
    }

    @Test func aNewLeaderThatIsNeverAnsweredStandsDownAndFallsSilentWithinOneElectionTimeout() throws {
        var bench = leader()
        let proof = try bench.requestProof()
        bench.pass(electionTimeout - .milliseconds(1))
        #expect(bench.node.isLeader)
        bench.pass(.milliseconds(1))
        #expect(bench.node.status.role == .follower)
        #expect(bench.facts.contains(.steppedDown(term: term(2), reason: .lostQuorum)))
        #expect(bench.proofs == [ProofAnswer(id: proof, result: .leadershipLost)])
        #expect(bench.node.currentLeader == nil)
        bench.sent = []
        bench.pass(electionTimeout - .milliseconds(1))
        #expect(bench.sent == [], "silent until it campaigns")
        bench.pass(electionTimeout * 3)
        #expect(!bench.sent.bodies.contains { $0.isLeaders })
        #expect(bench.node.currentTerm == term(2), "it asks and does not disturb")
    }

    @Test func contactCountsFromWhenTheAnsweredHeartbeatWasSent() {
        var bench = leader()
        bench.pass(.milliseconds(300))
        let sentAt = bench.now
        bench.freeze(.milliseconds(600))
        bench.answerHeartbeat([2])
        #expect(bench.node.nextDeadline <= sentAt + electionTimeout)
        bench.pass(.milliseconds(399))
        #expect(bench.node.isLeader)
        bench.pass(.milliseconds(1))
        #expect(!bench.node.isLeader, "the answer was late, what it proves is old")
    }

    @Test func learnersAndStrangersAreNoQuorum() {
        var bench = leader(voters: 3, learners: 2)
        for _ in 0..<11 where bench.node.isLeader {
            bench.answerHeartbeat([4, 5, 9])
            bench.pass(heartbeatInterval)
        }
        #expect(!bench.node.isLeader)
    }

    @Test func aMajorityKeepsALeaderAndOneVoterAloneNeverStandsDown() {
        var five = leader(voters: 5, with: [2, 3])
        for _ in 0..<30 {
            five.answerHeartbeat([2, 5])
            five.pass(heartbeatInterval)
        }
        #expect(five.node.isLeader)
        #expect(five.node.status.failureTolerance == 0)
        var one = leader(voters: 1, with: [])
        one.pass(electionTimeout * 5)
        #expect(one.node.isLeader)
    }

    /// Leader 1 keeps a link to node 2 only; nodes 2, 3, 4 and 5 are joined.
    @Test func aLeaderWithoutQuorumDoesNotHoldABridgeNodeBack() {
        var cluster = Cluster(voters: 5)
        cluster.elect(1)
        for other in 3...5 as ClosedRange<UInt64> {
            cluster.cut += [Cluster.Link(from: node(1), to: node(other)), Cluster.Link(from: node(other), to: node(1))]
        }
        let elected = cluster.run(for: electionTimeout * 6 + .seconds(2)) {
            ($0.leader ?? 1) != 1 && $0.hosts[1].node?.currentLeader != node(1)
        }
        #expect(elected)
        #expect(cluster.checker.violations == [])
    }

    /// It asks over and over, and asking changes nothing at those who hear the leader.
    @Test func aNodeThatHearsNothingButIsHeardUnseatsNobody() {
        var cluster = Cluster()
        cluster.elect(1)
        let before = cluster.hosts[0].node?.currentTerm
        cluster.cut = [Cluster.Link(from: node(1), to: node(3)), Cluster.Link(from: node(2), to: node(3))]
        cluster.run(for: .seconds(20))
        #expect(cluster.leader == 1)
        #expect(cluster.hosts[0].node?.currentTerm == before)
        #expect(cluster.hosts[2].node?.currentTerm == before)
    }

    @Test func aSingleCutLinkAmongThreeLeavesALeaderThatCommits() {
        for pair in [(1, 2), (1, 3), (2, 3)] as [(UInt64, UInt64)] {
            var cluster = Cluster()
            cluster.elect(1)
            cluster.cut = [Cluster.Link(from: node(pair.0), to: node(pair.1)), Cluster.Link(from: node(pair.1), to: node(pair.0))]
            cluster.run(for: .seconds(8))
            let before = cluster.checker.committed.count
            _ = cluster.leader.flatMap { cluster.propose($0) }
            cluster.run(for: .seconds(1))
            #expect(cluster.checker.committed.count == before + 1, "\(pair)")
            #expect(cluster.hosts.compactMap { $0.node?.currentTerm.rawValue }.max() ?? 9 <= 3, "elections stay few: \(pair)")
        }
    }
}
