import ClusterHealth
import RaftCore
import Testing

@testable import NodeReplica

@Suite struct ReplicaTests {
    /// A cluster that has agreed on everybody being up.
    private func settled(_ count: UInt64 = 3) throws -> VirtualCluster {
        var cluster = try VirtualCluster(count: count)
        _ = cluster.run(for: .seconds(4))
        let states = cluster.states
        #expect(cluster.everyoneIsUp == true, "the members' states: \(states)")
        #expect(cluster.divergences.isEmpty)
        return cluster
    }

    @Test func threeNodesAgreeWithinASecond() throws {
        var cluster = try VirtualCluster(count: 3)
        #expect(cluster.run(for: .seconds(1)) { $0.leaderIsUp })
        #expect(cluster.run(for: .seconds(1)) { $0.everyoneIsUp })
    }

    @Test func aNodeAloneIsUpAtOnce() throws {
        var cluster = try VirtualCluster(count: 1)
        #expect(cluster.run(for: .milliseconds(100)) { $0.everyoneIsUp })
    }

    /// Anybody who reaches the port may say hello, under any number of names.
    @Test func nothingIsKeptOfStrangers() throws {
        let cluster = try settled(1)
        let leader = try #require(cluster.leader)
        var replica = try #require(cluster.nodes[leader]?.replica)
        let moment = Moment(monotonic: cluster.now, wall: WallTime(milliseconds: 1))
        let planner = replica.planner
        let sample = HealthSample(measuredAt: moment.wall, version: "x")
        for stranger in (100...150 as ClosedRange<UInt64>).map(NodeID.init) {
            let reply = Message(term: replica.currentSnapshot.status.term, body: .heartbeatReply(HeartbeatReply(round: 1)))
            let health = HealthAttachment(sample: sample, report: ObserverReport(observer: stranger))
            _ = replica.handle(.linkOpened(stranger, boot: BootID(stranger.rawValue), direction: .inbound), at: moment)
            _ = replica.handle(.received(reply, health: health, from: stranger), at: moment)
            _ = replica.handle(.contact(stranger, roundTrip: .milliseconds(1)), at: moment)
            #expect(replica.currentSnapshot.peers.nodes == [stranger])
            _ = replica.handle(.linkClosed(stranger, boot: BootID(stranger.rawValue), direction: .inbound), at: moment)
        }
        #expect(replica.currentSnapshot.peers.isEmpty && replica.currentSnapshot.lastContact.isEmpty)
        #expect(replica.planner == planner)
    }

    @Test func aKilledFollowerIsDownWithinOneAndAHalfSeconds() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let victim = try #require(cluster.members.map(\.id).first { $0 != leader })
        cluster.kill(victim)
        #expect(cluster.run(for: .milliseconds(1_500)) { $0.state(of: victim, seenBy: leader) == .down })
        #expect(cluster.nodes[leader]?.snapshot.view.rows[victim]?.downReason == .refused)
        try cluster.restart(victim, number: 2)
        #expect(cluster.run(for: .seconds(4)) { $0.everyoneIsUp })
        #expect(cluster.changesOfState(except: [victim]) == 0)
    }

    @Test func aKilledLeaderIsReplacedInMillisecondsAndCalledDown() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let before = try #require(cluster.nodes[leader]?.snapshot.status.term)
        let killedAt = cluster.now
        cluster.kill(leader)
        #expect(cluster.run(for: .milliseconds(300)) { $0.leader.map { $0 != leader } ?? false })
        let successor = try #require(cluster.leader)
        #expect(try #require(cluster.nodes[successor]?.snapshot.status.term) > before)
        #expect(cluster.run(for: .seconds(2)) { $0.state(of: leader, seenBy: successor) == .down })
        #expect(cluster.now - killedAt < .seconds(2))
        #expect(cluster.changesOfState(except: [leader]) == 0)
    }

    @Test(arguments: [UInt64(3), 5])
    func aFrozenLeaderIsReplacedAndNobodyElseChangesState(count: UInt64) throws {
        var cluster = try settled(count)
        let leader = try #require(cluster.leader)
        cluster.freeze(leader)
        #expect(cluster.run(for: .milliseconds(2_500)) { $0.leader != nil })
        #expect(cluster.run(for: .milliseconds(2_500)) { $0.leader.map { $0 != leader } ?? false })
        cluster.thaw(leader)
        _ = cluster.run(for: .seconds(5))
        #expect(cluster.everyoneIsUp, "\(cluster.states)")
        #expect(cluster.changesOfState(except: [leader]) == 0, "\(cluster.transitions)")
        #expect(cluster.divergences.isEmpty)
    }

    @Test func aLeaderCutOffServesNoView() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        for member in cluster.members.map(\.id) where member != leader {
            cluster.cut += [(leader, member), (member, leader)]
        }
        cluster.askForProof(of: leader, ticket: 7)
        _ = cluster.run(for: .milliseconds(900))
        #expect(cluster.nodes[leader]?.answers[7] == nil)
        _ = cluster.run(for: .seconds(2))
        #expect(cluster.nodes[leader]?.answers[7] == .failed(.leadershipLost))
        #expect(cluster.nodes[leader]?.replica.isLeading == false)
    }

    @Test func aProofShowsTheStateAfterTheRequest() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let index = try #require(cluster.nodes[leader]?.snapshot.appliedIndex)
        cluster.askForProof(of: leader, ticket: 1)
        #expect(cluster.run(for: .milliseconds(50)) { $0.nodes[leader]?.answers[1] != nil })
        guard case .proven(let snapshot) = cluster.nodes[leader]?.answers[1] else { return #expect(Bool(false), "not proven") }
        #expect(snapshot.appliedIndex >= index)
        #expect(snapshot.view.rows.count == 3)
    }

    @Test func aFollowerProvesNothing() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let follower = try #require(cluster.members.map(\.id).first { $0 != leader })
        cluster.askForProof(of: follower, ticket: 1)
        #expect(cluster.nodes[follower]?.answers[1] == .failed(.notLeader))
    }

    @Test func aScrapeOfASuccessorWaitsForTheHandover() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        cluster.tell(leader, .stopping)
        #expect(cluster.run(for: .milliseconds(50)) { $0.leader == leader && $0.campaigner != nil })
        let successor = try #require(cluster.campaigner)
        cluster.askForProof(of: leader, ticket: 1)
        cluster.askForProof(of: successor, ticket: 2)
        #expect(cluster.nodes[successor]?.answers[2] == nil)
        #expect(cluster.run(for: .milliseconds(50)) { $0.nodes[successor]?.answers[2] != nil })
        #expect(cluster.nodes[leader]?.answers[1] == .failed(.leadershipLost))
        guard case .proven(let snapshot) = cluster.nodes[successor]?.answers[2] else { return #expect(Bool(false), "not proven") }
        #expect(snapshot.status.id == successor && snapshot.appliedTerm == snapshot.status.term)
    }

    @Test func aScrapeOfACandidateThatDoesNotWinIsAnsweredWithoutAView() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        cluster.tell(leader, .stopping)
        #expect(cluster.run(for: .milliseconds(50)) { $0.campaigner != nil })
        let candidate = try #require(cluster.campaigner)
        let third = try #require(cluster.members.map(\.id).first { $0 != leader && $0 != candidate })
        cluster.askForProof(of: candidate, ticket: 3)
        for member in [leader, third] { cluster.cut += [(candidate, member)] }
        #expect(cluster.run(for: .seconds(5)) { $0.nodes[candidate]?.answers[3] != nil })
        #expect(cluster.nodes[candidate]?.answers[3] == .failed(.notLeader))
        #expect(cluster.nodes[candidate]?.replica.isCampaigning == false)
    }

    @Test func aLeaderWhoseFollowersCannotStoreStopsServingItsOldView() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        for member in cluster.members.map(\.id) where member != leader { cluster.hangDisk(member) }
        _ = cluster.run(for: .seconds(5))
        #expect(cluster.leader == leader, "heartbeats need no disk")
        cluster.askForProof(of: leader, ticket: 2)
        _ = cluster.run(for: .milliseconds(100))
        #expect(cluster.nodes[leader]?.answers[2] == .failed(.stale))
    }

    @Test func aLeaderToldToStopHandsOverAndIsDownBecauseItStopped() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        cluster.tell(leader, .stopping)
        #expect(cluster.run(for: .milliseconds(50)) { $0.leader.map { $0 != leader } ?? false })
        _ = cluster.run(for: .milliseconds(300))
        cluster.kill(leader)
        let successor = try #require(cluster.leader)
        #expect(cluster.run(for: .seconds(2)) { $0.state(of: leader, seenBy: successor) == .down })
        #expect(cluster.nodes[successor]?.snapshot.view.rows[leader]?.downReason == .stopped)
        #expect(cluster.changesOfState(except: [leader]) == 0)
    }

    @Test func allThreeKilledComeBackWithWhatWasCommitted() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let index = try #require(cluster.nodes[leader]?.snapshot.appliedIndex)
        for member in cluster.members.map(\.id) { cluster.kill(member) }
        _ = cluster.run(for: .seconds(1))
        for member in cluster.members.map(\.id) { try cluster.restart(member, number: 2) }
        #expect(
            cluster.run(for: .seconds(6)) { cluster in
                cluster.members.allSatisfy { (cluster.nodes[$0.id]?.snapshot.appliedIndex ?? .zero) > index } && cluster.everyoneIsUp
            }, "\(cluster.states)")
        #expect(cluster.divergences.isEmpty)
    }

    @Test func aLeaderThatCommitsNoRoundOfItsTermSaysSoWhenTheTimeOfAProofIsUp() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let follower = try #require(cluster.members.map(\.id).first { $0 != leader })
        #expect(cluster.nodes[leader]?.replica.proofFailureAtExpiry == .timeout, "its round is there, a majority does not answer")
        #expect(cluster.nodes[follower]?.replica.proofFailureAtExpiry == .timeout)
        cluster.kill(leader)
        #expect(cluster.run(for: .seconds(1)) { $0.leader.map { $0 != leader } ?? false })
        let successor = try #require(cluster.leader)
        // It can be proven that it leads, since heartbeats need no disk.
        for id in cluster.members.map(\.id) where id != successor { cluster.hangDisk(id) }
        _ = cluster.run(for: .milliseconds(500))
        #expect(cluster.leader == successor)
        #expect(cluster.nodes[successor]?.replica.proofFailureAtExpiry == .noRound)
    }
}

extension VirtualCluster {
    var leaderIsUp: Bool {
        guard let leader else { return false }
        return state(of: leader, seenBy: leader) == .up
    }

    var everyoneIsUp: Bool {
        guard let leader else { return false }
        return members.allSatisfy { state(of: $0.id, seenBy: leader) == .up }
    }

    /// For messages of failed expectations.
    var states: String {
        guard let leader else { return "no leader" }
        return members.map { "\($0.name)=\(state(of: $0.id, seenBy: leader).map { "\($0)" } ?? "nil")" }.joined(separator: " ")
    }

    /// Changes after having come up the first time, of members other than these.
    func changesOfState(except excluded: [NodeID]) -> Int {
        transitions.filter { !excluded.contains($0.transition.member) && $0.transition.from != .unknown }.count
    }
}
