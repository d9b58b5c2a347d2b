import Testing

@testable import RaftCore

/// Changes of the configuration, by the sections of the thesis's fourth chapter.
@Suite struct MembershipPaperTests {
    private func leader(voters: UInt64 = 3, learners: UInt64 = 0, configuration: RaftConfiguration = raftConfiguration()) -> Bench {
        var bench = Bench(voters: Int(voters), learners: Int(learners), configuration: configuration)
        let peers = Array((1...(voters + learners)).dropFirst())
        bench.lead(with: peers.filter { $0 <= voters })
        bench.acknowledge(peers)
        bench.answerHeartbeat(peers)
        bench.sent = []
        bench.facts = []
        return bench
    }

    // MARK: §4.1 Safety

    @Test func aConfigurationGovernsFromTheMomentItIsInTheLog() throws {
        var bench = leader()
        #expect(try bench.change(.remove(node(3))) == index(3))
        #expect(bench.node.voters == [node(1), node(2)])
        #expect(bench.node.commitIndex == index(2))
        // Committed by the majority of the new configuration: of two voters that is both.
        bench.confirm()
        #expect(bench.node.commitIndex == index(2))
        bench.acknowledge([3], through: index(3))
        #expect(bench.node.commitIndex == index(2), "the removed node counts for nothing")
        bench.acknowledge([2], through: index(3))
        #expect(bench.node.commitIndex == index(3))
    }

    @Test func oneChangeIsTakenAtATime() throws {
        var bench = leader(learners: 1)
        _ = try bench.change(.promote(node(4)))
        #expect(throws: MembershipRefusal.changePending) { try bench.change(.remove(node(2))) }
        #expect(bench.node.voters.count == 4)
        bench.confirm()
        bench.acknowledge([2, 3])
        _ = try bench.change(.remove(node(2)))
    }

    /// The flaw of single-server changes as published, and its repair (Ongaro, raft-dev, 2015).
    @Test func nothingIsChangedBeforeAnEntryOfTheOwnTermIsCommitted() {
        var cluster = Cluster()
        cluster.elect(1)
        let isTaken = cluster.transfer(1, to: 2)
        #expect(isTaken)
        // Up to the votes: node 2 leads, and its first entry is nowhere else.
        for _ in 0..<20 where cluster.hosts[1].node?.isLeader != true {
            if cluster.messages.isEmpty {
                for number in 1...3 as ClosedRange<UInt64> { cluster.confirm(number) }
            } else {
                cluster.deliver(at: 0)
            }
        }
        #expect(cluster.hosts[1].node?.isLeader == true)
        #expect(cluster.changing(2, .remove(node(3))) == .failure(.noOwnTermCommit))
        cluster.settle()
        #expect(cluster.changing(2, .remove(node(3)))?.success != nil)
        cluster.settle()
        #expect(cluster.checker.violations == [])
    }

    @Test func aChangeThatIsReplacedGovernsNoMore() {
        var bench = Bench(learners: 1, id: 4)
        let promoted = LogEntry(index: index(2), term: term(2), content: .membership(membership(voters: 4)))
        bench.receive(
            .append(AppendRequest(previousIndex: index(1), previousTerm: term(1), entries: [promoted], commit: .zero)), term: 2, from: 1)
        #expect(bench.node.isVoter)
        bench.receive(
            .append(AppendRequest(previousIndex: index(1), previousTerm: term(1), entries: [noop(2, 3)], commit: .zero)), term: 3, from: 2)
        #expect(!bench.node.isVoter)
        #expect(bench.node.status.role == .learner)
    }

    @Test func everyChangeAltersTheVotersByOneAtMost() throws {
        var bench = leader(learners: 1)
        for (change, voters) in [
            (.add(member(5)), [1, 2, 3]), (.promote(node(4)), [1, 2, 3, 4]), (.demote(node(2)), [1, 3, 4]),
            (.replace(node(3), with: member(6)), [1, 4]), (.remove(node(6)), [1, 4]),
        ] as [(MembershipChange, [UInt64])] {
            _ = try bench.change(change)
            #expect(bench.node.voters.map(\.rawValue) == voters, "\(change)")
            bench.confirm()
            bench.acknowledge([2, 3, 4, 5, 6])
            bench.answerHeartbeat([2, 3, 4, 5, 6])
        }
        #expect(bench.node.membership?.member(node(5))?.role == .learner)
        #expect(bench.node.membership?.member(node(6)) == nil)
    }

    // MARK: §4.2.1 Catching up new servers

    @Test func aNewNodeIsALearnerAndIsPromotedOnlyWhenItHasCaughtUp() throws {
        var bench = leader(configuration: raftConfiguration { $0.promotionLagEntries = 2 })
        _ = try bench.change(.add(member(4, role: .voter)))
        #expect(bench.node.membership?.member(node(4))?.role == .learner, "whatever its role says")
        bench.confirm()
        bench.acknowledge([2, 3])
        #expect(throws: MembershipRefusal.behind) { try bench.change(.promote(node(4))) }
        bench.answerHeartbeat([4])
        #expect(throws: MembershipRefusal.behind, "in contact, and three entries behind") { try bench.change(.promote(node(4))) }
        bench.acknowledge([4], through: index(1))
        #expect(bench.node.hasCaughtUp(node(4)))
        _ = try bench.change(.promote(node(4)))
        #expect(bench.node.voters.count == 4)
    }

    @Test func aLearnerCountsTowardsNothing() throws {
        var bench = leader(learners: 2)
        let position = try bench.propose()
        bench.confirm()
        bench.acknowledge([4, 5])
        #expect(bench.node.commitIndex < position)
        bench.acknowledge([2])
        #expect(bench.node.commitIndex == position)
    }

    // MARK: §4.2.2 Removing the current leader

    @Test func aRemovedLeaderLeadsUntilThatIsCommittedWithoutCountingItselfAndThenHandsOver() throws {
        var bench = leader()
        _ = try bench.change(.remove(node(1)))
        bench.confirm()
        bench.acknowledge([2])
        #expect(bench.node.isLeader && bench.node.commitIndex == index(2), "one of the two voters left")
        bench.acknowledge([3])
        #expect(bench.node.commitIndex == index(3))
        #expect(!bench.node.isLeader)
        #expect(bench.facts.contains(.steppedDown(term: term(2), reason: .removed)))
        #expect(bench.sent.filter { $0.message.body == .timeoutNow }.count == 1)
        #expect(bench.node.electionDeadline == .never, "it does not campaign")
    }

    // MARK: §4.2.3 Disruptive servers

    @Test func aRemovedNodeThatDoesNotKnowUnseatsNobody() {
        var cluster = Cluster(voters: 4)
        cluster.elect(1)
        cluster.isolate(4)
        #expect(cluster.changing(1, .remove(node(4)))?.success != nil)
        cluster.settle()
        cluster.run(for: electionTimeout * 3)
        cluster.cut = []
        let before = cluster.hosts[0].node?.currentTerm
        cluster.run(for: electionTimeout * 10)
        #expect(cluster.leader == 1)
        #expect(cluster.hosts[0].node?.currentTerm == before)
        #expect(cluster.checker.violations == [])
    }

    @Test func aRemovedNodeIsToldAndThenForgotten() throws {
        var bench = leader()
        _ = try bench.change(.remove(node(3)))
        bench.confirm()
        #expect(bench.node.departing == [node(3)])
        bench.acknowledge([2])
        bench.sent = []
        bench.acknowledge([3])
        #expect(bench.sent.to(3).compactMap(\.body.heartbeat).map(\.commit) == [index(3)])
        #expect(bench.node.departing == [])
        bench.pass(heartbeatInterval)
        #expect(bench.sent.to(3).count == 1, "nothing more is sent to it")
    }

    @Test func aRemovedNodeThatDoesNotAnswerIsGivenUpAfterAnElectionTimeout() throws {
        var bench = leader()
        _ = try bench.change(.remove(node(3)))
        bench.confirm()
        bench.acknowledge([2])
        for _ in 0..<12 {
            bench.pass(heartbeatInterval)
            bench.answerHeartbeat([2])
        }
        #expect(bench.node.departing == [])
        #expect(bench.facts.contains(.departed(node(3))))
    }

    // MARK: §4.2.2 Removing the current leader

    /// Its change makes it no voter and stands in its own log alone: the other one lacks the vote of the only node with a newer log.
    @Test(arguments: [MembershipChange.demote(node(1)), .remove(node(1))])
    func aLeaderWhoseOwnChangeNobodyElseHoldsIsElectedOnceMoreToCommitIt(change: MembershipChange) {
        var cluster = Cluster(voters: 2)
        cluster.elect(1)
        #expect(cluster.changing(1, change)?.success != nil)
        cluster.confirm(1)
        cluster.messages = []
        cluster.crash(1)
        cluster.restart(1)
        let isRepaired = cluster.run(for: .seconds(10)) { cluster in
            guard let node = cluster.hosts[1].node, node.isLeader else { return false }
            return node.commitIndex == node.lastLogIndex
        }
        #expect(isRepaired)
        #expect(cluster.hosts[1].node?.voters == [node(2)])
        #expect(cluster.checker.violations == [])
    }

    // MARK: §4.4 Availability

    @Test func aChangeAfterWhichTooFewVotersAreInContactIsRefused() throws {
        var bench = leader()
        for _ in 0..<12 {
            bench.pass(heartbeatInterval)
            bench.answerHeartbeat([2])
        }
        #expect(throws: MembershipRefusal.quorumAtRisk) { try bench.change(.remove(node(2))) }
        #expect(throws: MembershipRefusal.quorumAtRisk) { try bench.change(.demote(node(2))) }
        _ = try bench.change(.remove(node(3)))
    }

    @Test func theLastVoterStays() {
        var bench = leader(voters: 1)
        #expect(throws: MembershipRefusal.lastVoter) { try bench.change(.remove(node(1))) }
        #expect(throws: MembershipRefusal.lastVoter) { try bench.change(.demote(node(1))) }
        #expect(bench.node.isLeader)
    }

    @Test func moreThanSevenVotersAreRefused() {
        var bench = leader(voters: 7, learners: 1)
        #expect(throws: MembershipRefusal.tooManyVoters) { try bench.change(.promote(node(8))) }
    }

    @Test func aNameBelongsToOneMember() throws {
        var bench = leader()
        let newcomer = Membership.Member(id: node(9), name: "n2", role: .learner, address: "other:1", webURL: "")
        #expect(throws: MembershipRefusal.nameTaken) { try bench.change(.add(newcomer)) }
        _ = try bench.change(.replace(node(2), with: newcomer))
        #expect(bench.node.membership?.member(node(9))?.name == "n2")
    }

    /// Two members at one address: only one of them is dialled there, and the other one may never get the log.
    @Test func anAddressBelongsToOneMemberAndGoesToTheOneThatReplacesIt() throws {
        var bench = leader()
        let address = try #require(bench.node.membership?.member(node(2))?.address)
        let newcomer = Membership.Member(id: node(9), name: "n9", role: .learner, address: address, webURL: "")
        #expect(throws: MembershipRefusal.addressTaken) { try bench.change(.add(newcomer)) }
        #expect(throws: MembershipRefusal.addressTaken) { try bench.change(.replace(node(3), with: newcomer)) }
        _ = try bench.change(.replace(node(2), with: newcomer))
        #expect(bench.node.membership?.member(node(9))?.address == address)
    }
}
