import Testing

@testable import RaftCore

/// Where a hand-over of leadership meets something else (thesis §3.10).
@Suite struct TransferEdgeTests {
    private func leader(configuration: RaftConfiguration = raftConfiguration()) -> Bench {
        var bench = Bench(configuration: configuration)
        bench.lead(with: [2, 3])
        bench.acknowledge([2, 3])
        bench.answerHeartbeat([2, 3])
        bench.sent = []
        return bench
    }

    private func orders(_ bench: Bench) -> [NodeID] { bench.sent.filter { $0.message.body == .timeoutNow }.map(\.to) }

    @Test func itIsAbortedExactlyOneElectionTimeoutAfterItBegan() throws {
        var bench = leader()
        _ = try bench.propose()
        bench.confirm()
        try bench.transfer(to: 2)
        for _ in 0..<9 {
            bench.pass(heartbeatInterval)
            bench.answerHeartbeat([2, 3])
        }
        bench.pass(heartbeatInterval - .milliseconds(1))
        #expect(bench.node.isTransferring)
        #expect(throws: ProposalRefusal.transferring) { try bench.propose() }
        bench.pass(.milliseconds(1))
        #expect(!bench.node.isTransferring)
        _ = try bench.propose()
        #expect(orders(bench) == [], "the target never came level")
        bench.acknowledge([2])
        #expect(orders(bench) == [], "and no order follows late")
    }

    @Test func aTargetThatNeedsASnapshotGetsItFirst() throws {
        var cluster = Cluster(configuration: raftConfiguration { $0.tailEntries = 0 })
        cluster.elect(1)
        for number in 0..<5 as Range<UInt8> { _ = cluster.propose(1, [number]) }
        cluster.messages.removeAll { $0.to == node(3) }
        cluster.settle()
        #expect(cluster.capture(1) && cluster.compact(1))
        #expect(cluster.hosts[0].node?.log.firstIndex == index(8))
        cluster.peerConnected(3, at: 1)
        cluster.settle()
        let isTaken = cluster.transfer(1, to: 3)
        #expect(isTaken)
        cluster.settle()
        #expect(cluster.leader == 3)
        #expect(cluster.hosts[2].facts.contains { if case .snapshotReceived = $0 { true } else { false } })
        #expect(cluster.checker.violations == [])
    }

    @Test func noChangeOfTheConfigurationIsTakenMeanwhileSoTheTargetStaysAVoter() throws {
        var bench = leader()
        try bench.transfer(to: 2)
        #expect(throws: MembershipRefusal.transferring) { try bench.change(.remove(node(2))) }
        #expect(throws: MembershipRefusal.transferring) { try bench.change(.demote(node(2))) }
        #expect(bench.node.voters.contains(node(2)))
    }

    @Test func aRemovedOrDemotedNodeIsNoTarget() throws {
        var bench = leader()
        _ = try bench.change(.demote(node(2)))
        #expect(throws: TransferRefusal.noSuchVoter) { try bench.transfer(to: 2) }
        bench.confirm()
        bench.acknowledge([2, 3])
        _ = try bench.change(.remove(node(2)))
        #expect(throws: TransferRefusal.noSuchVoter) { try bench.transfer(to: 2) }
        bench.confirm()
        bench.acknowledge([2, 3])
        try bench.transfer(to: nil)
        #expect(orders(bench) == [node(3)])
    }

    @Test func aLeaderThatRestartsForgetsTheTransferAndTheOrderStillCountsInItsTerm() {
        var cluster = Cluster()
        cluster.elect(1)
        let isTaken = cluster.transfer(1, to: 2)
        #expect(isTaken)
        cluster.crash(1)
        cluster.restart(1)
        #expect(cluster.hosts[0].node?.isTransferring == false)
        cluster.settle()
        #expect(cluster.leader == 2, "the order was on its way, and its term is the present one")
        #expect(cluster.checker.violations == [])
    }

    @Test func aTargetThatRestartsHasForgottenTheOrderAndTheLeaderGoesOn() {
        var cluster = Cluster()
        cluster.elect(1)
        let isTaken = cluster.transfer(1, to: 2)
        #expect(isTaken)
        cluster.messages = []
        cluster.crash(2)
        cluster.restart(2)
        cluster.run(for: electionTimeout + heartbeatInterval)
        #expect(cluster.leader == 1)
        #expect(cluster.hosts[0].node?.currentTerm == term(2))
        let position = cluster.propose(1)
        cluster.run(for: heartbeatInterval * 3)
        #expect(position.map { cluster.checker.committed.count >= Int($0.rawValue) } == true)
    }

    @Test func aLeaderThatLosesItsQuorumMeanwhileStandsDown() throws {
        var bench = leader()
        _ = try bench.propose()
        try bench.transfer(to: 2)
        bench.pass(electionTimeout)
        #expect(!bench.node.isLeader)
        #expect(!bench.node.isTransferring)
        #expect(orders(bench) == [])
    }

    @Test func twoOrdersInOneTermLeaveOneLeader() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var cluster = Cluster(voters: 5, seed: seed)
            cluster.elect(1)
            let isTaken = cluster.transfer(1, to: 2)
            #expect(isTaken)
            // The first order is kept back; the leader gives up and orders another.
            let held = cluster.messages.filter { $0.message.body == .timeoutNow }
            cluster.messages.removeAll { $0.message.body == .timeoutNow }
            cluster.run(for: electionTimeout + heartbeatInterval)
            let isTakenAgain = cluster.transfer(1, to: 3)
            #expect(isTakenAgain)
            cluster.messages += held
            cluster.run(for: electionTimeout * 3, until: \.isLevel)
            cluster.run(for: electionTimeout)
            #expect(cluster.isLevel, "seed \(seed)")
            #expect(cluster.checker.violations == [], "seed \(seed)")
        }
    }

    @Test func aTargetWhoseDiskStallsDoesNotTakeTheOrder() {
        var cluster = Cluster()
        cluster.elect(1)
        _ = cluster.propose(1)
        while let place = cluster.messages.firstIndex(where: { $0.to == node(2) }) { cluster.deliver(at: place) }
        #expect(!cluster.hosts[1].writes.isEmpty)
        cluster.advance(by: electionTimeout)
        let before = cluster.hosts[1].node?.currentTerm
        _ = cluster.input(1) { $0.receive(Message(term: Term(2), body: .timeoutNow), from: node(1), now: $1) }
        #expect(cluster.hosts[1].node?.currentTerm == before, "it could not make its own vote durable")
        #expect(cluster.hosts[1].node?.status.role == .follower)
    }
}
