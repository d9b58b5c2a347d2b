import Testing

@testable import RaftCore

/// What went wrong in other implementations and no other test here shows; `Scenarios/README.md` has the whole list.
@Suite struct KnownBugTests {
    private func pollOfFive() -> Bench {
        var bench = Bench(voters: 5)
        bench.hear(2, term: 1)
        bench.fire()
        return bench
    }

    // MARK: Pre-votes

    @Test func preVotesAreNoVotesAndVotesNoPreVotes() {
        var bench = pollOfFive()
        for peer in [2, 3, 4, 5] as [UInt64] { bench.receive(.voteReply(VoteReply()), term: 1, from: peer) }
        #expect(bench.node.status.role == .preCandidate)
        for peer in [2, 3] as [UInt64] { bench.receive(.preVoteReply(VoteReply()), term: 2, from: peer) }
        bench.confirm()
        #expect(bench.node.status.role == .candidate)
        for peer in [2, 3, 4, 5] as [UInt64] {
            bench.receive(.preVoteReply(VoteReply()), term: 2, from: peer)
            bench.receive(.preVoteReply(VoteReply()), term: 3, from: peer)
        }
        #expect(bench.node.status.role == .candidate, "they would have voted, and have not")
        #expect(bench.node.hardState == HardState(term: term(2), votedFor: node(1)))
        for peer in [4, 5] as [UInt64] { bench.receive(.voteReply(VoteReply()), term: 2, from: peer) }
        #expect(bench.node.isLeader)
    }

    @Test func eachRoundOfAskingBeginsWithoutVotes() {
        var bench = pollOfFive()
        bench.receive(.preVoteReply(VoteReply()), term: 2, from: 2)
        bench.fire()
        bench.receive(.preVoteReply(VoteReply()), term: 2, from: 3)
        #expect(bench.node.status.role == .preCandidate, "the vote of a minute ago is none now")
        bench.receive(.preVoteReply(VoteReply()), term: 2, from: 4)
        #expect(bench.node.status.role == .candidate)
        bench.confirm()
        bench.receive(.voteReply(VoteReply()), term: 2, from: 2)
        bench.fire()
        for peer in [2, 3] as [UInt64] { bench.receive(.preVoteReply(VoteReply()), term: 3, from: peer) }
        bench.confirm()
        bench.receive(.voteReply(VoteReply()), term: 2, from: 4)
        bench.receive(.voteReply(VoteReply()), term: 3, from: 3)
        #expect(bench.node.status.role == .candidate, "votes of an earlier term count for nothing, early or late")
        bench.receive(.voteReply(VoteReply()), term: 3, from: 4)
        #expect(bench.node.isLeader)
    }

    /// Only the old leader has the last committed entry, so only it can win: it must grant itself and be granted.
    @Test func aLeaderThatStoodDownForWantOfAQuorumIsElectedAgain() {
        var cluster = Cluster()
        cluster.elect(1)
        cluster.isolate(3)
        _ = cluster.propose(1)
        cluster.settle()
        cluster.crash(2)
        cluster.run(for: electionTimeout * 3)
        #expect(cluster.leader == nil)
        #expect(cluster.hosts[0].facts.contains(.steppedDown(term: term(2), reason: .lostQuorum)))
        cluster.cut = []
        let isElected = cluster.run(for: electionTimeout * 4) { $0.leader == 1 }
        #expect(isElected)
        #expect(cluster.checker.violations == [])
    }

    // MARK: Quorum

    /// The one follower it reaches answers everything it is sent: appends, heartbeats and rounds of proof.
    @Test func noTrafficWithAMinorityKeepsALeaderInPlace() throws {
        var bench = Bench(voters: 5)
        bench.lead(with: [2, 3])
        let began = bench.now
        while bench.node.isLeader, bench.now < began + electionTimeout * 2 {
            _ = try bench.propose()
            _ = try bench.requestProof()
            bench.acknowledge([2])
            bench.answerHeartbeat([2])
            bench.pass(heartbeatInterval / 2)
        }
        #expect(bench.now - began <= electionTimeout)
        #expect(bench.facts.contains(.steppedDown(term: term(2), reason: .lostQuorum)))
        bench.sent = []
        #expect(throws: ProposalRefusal.notLeader) { try bench.propose() }
        #expect(throws: ProofRefusal.notLeader) { try bench.requestProof() }
        bench.peerConnected(2)
        #expect(bench.sent == [], "it holds nobody back with anything")
    }

    /// Its leader is fine and has a quorum: nothing is wrong but that this node must say it knows of none.
    @Test func aFollowerCutOffFromTheLeaderAloneSaysThatItHasNone() {
        var cluster = Cluster()
        cluster.elect(1)
        cluster.cut = [Cluster.Link(from: node(1), to: node(3)), Cluster.Link(from: node(3), to: node(1))]
        var seconds = 0
        cluster.run(for: electionTimeout * 2)
        for _ in 0..<20 where cluster.hosts[2].node?.status.leader == nil {
            cluster.run(for: electionTimeout / 2)
            seconds += 1
        }
        #expect(seconds == 20, "it follows someone")
        #expect(cluster.leader == 1)
        #expect(cluster.hosts[0].node?.status.failureTolerance == 0, "and the leader that it may lose nobody more")
    }

    // MARK: Replication

    /// Heartbeats are answered while the disk hangs, so the leader goes on sending.
    @Test func aFollowerWhoseDiskHungIsLevelAsSoonAsItIsBack() {
        var cluster = Cluster(configuration: raftConfiguration { $0.inflightMessages = 3 })
        cluster.elect(1)
        for beat in 0..<30 {
            _ = cluster.propose(1, [UInt8(beat)])
            cluster.advance(by: heartbeatInterval)
            cluster.fireDeadline(1)
            while true {
                while !cluster.messages.isEmpty { cluster.deliver(at: 0) }
                if cluster.hosts[0].writes.isEmpty, cluster.hosts[1].writes.isEmpty { break }
                cluster.confirm(1)
                cluster.confirm(2)
            }
        }
        #expect(cluster.leader == 1)
        #expect(cluster.hosts[0].node?.commitIndex == index(32), "a majority goes on")
        #expect(cluster.hosts[2].disk.entries.count == 2)
        #expect(cluster.hosts[2].writes.count > 3, "sent again and again")
        cluster.settle()
        cluster.beat()
        #expect(cluster.isLevel)
        #expect(cluster.checker.violations == [])
    }

    // MARK: Membership

    @Test func aConfigurationGovernsAsSoonAsItIsAppendedAndUntilItIsReplaced() {
        let four = membership(voters: 4)
        var bench = Bench(term: 2, configuration: raftConfiguration())
        let change = LogEntry(index: index(2), term: term(2), content: .membership(four))
        bench.receive(
            .append(AppendRequest(previousIndex: index(1), previousTerm: term(1), entries: [change], commit: .zero)), term: 2, from: 2)
        #expect(bench.node.membership == four, "before it is durable, let alone committed")
        bench.receive(
            .append(AppendRequest(previousIndex: index(1), previousTerm: term(1), entries: [noop(2, 3)], commit: .zero)), term: 3, from: 3)
        #expect(bench.node.membership == membership(voters: 3))
        #expect(bench.facts.suffix(1) == [.membershipChanged(membership(voters: 3))])
    }
}
