import ClusterHealth
import RaftCore
import Testing

@testable import NodeReplica

@Suite struct MembershipTests {
    private func settled(_ count: UInt64 = 3) throws -> VirtualCluster {
        var cluster = try VirtualCluster(count: count)
        #expect(cluster.run(for: .seconds(5)) { $0.everyoneIsUp })
        return cluster
    }

    private func role(of id: NodeID, in cluster: VirtualCluster) -> Membership.Role? {
        guard let leader = cluster.leader else { return nil }
        return cluster.nodes[leader]?.snapshot.view.membership?.member(id)?.role
    }

    @Test func aNewNodeIsALearnerUntilItHasCaughtUpThenAVoter() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let newcomer = try cluster.startNewcomer(4)
        cluster.tell(leader, .join(newcomer, ticket: 1))
        #expect(cluster.run(for: .seconds(1)) { $0.nodes[leader]?.outcomes[1] != nil })
        #expect(role(of: newcomer.id, in: cluster) == .learner)
        _ = cluster.run(for: .milliseconds(500))
        cluster.tell(leader, .join(newcomer, ticket: 2))
        #expect(cluster.run(for: .seconds(1)) { $0.nodes[leader]?.outcomes[2] != nil })
        #expect(role(of: newcomer.id, in: cluster) == .voter)
        cluster.tell(leader, .join(newcomer, ticket: 3))
        #expect(cluster.nodes[leader]?.outcomes[3] == .joined)
        #expect(cluster.run(for: .seconds(5)) { $0.state(of: newcomer.id, seenBy: leader) == .up })
        #expect(cluster.nodes[newcomer.id]?.isRemoved == false, "replaying configurations without it is no removal")
        cluster.kill(leader)
        #expect(cluster.run(for: .seconds(3)) { $0.leader.map { $0 != leader } ?? false })
        #expect(cluster.changesOfState(except: [leader]) == 0)
        #expect(cluster.divergences.isEmpty)
    }

    @Test func aRemovedFollowerIsToldAndDisturbsNobody() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let term = try #require(cluster.nodes[leader]?.snapshot.status.term)
        let victim = try #require(cluster.members.map(\.id).last { $0 != leader })
        cluster.tell(leader, .changeMembership(.remove(victim), ticket: 1))
        #expect(cluster.run(for: .seconds(1)) { $0.nodes[leader]?.outcomes[1] != nil })
        guard case .committed = cluster.nodes[leader]?.outcomes[1] else { return #expect(Bool(false), "not committed") }
        #expect(cluster.run(for: .seconds(4)) { $0.nodes[victim]?.isRemoved == true })
        _ = cluster.run(for: .seconds(5))
        #expect(cluster.leader == leader)
        #expect(cluster.nodes[leader]?.snapshot.status.term == term)
        #expect(cluster.nodes[leader]?.snapshot.view.rows[victim] == nil)
        #expect(cluster.nodes[leader]?.replica.peers.contains { $0.id == victim } == false)
    }

    @Test func aRemovedLeaderHandsOverAndKnowsThatItIsGone() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        cluster.tell(leader, .changeMembership(.remove(leader), ticket: 1))
        #expect(cluster.run(for: .milliseconds(100)) { $0.leader.map { $0 != leader } ?? false }, "no election timeout is waited for")
        guard case .committed = cluster.nodes[leader]?.outcomes[1] else {
            return #expect(Bool(false), "\(String(describing: cluster.nodes[leader]?.outcomes[1]))")
        }
        #expect(cluster.run(for: .seconds(4)) { $0.nodes[leader]?.isRemoved == true })
        _ = cluster.run(for: .seconds(4))
        #expect(cluster.changesOfState(except: [leader]) == 0)
    }

    @Test func aWipedNodeIsReplacedUnderItsName() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let victim = try #require(cluster.members.last { $0.id != leader })
        cluster.kill(victim.id)
        _ = cluster.run(for: .seconds(3))
        _ = try cluster.startNewcomer(9)
        let replacement = Membership.Member(id: NodeID(9), name: victim.name, role: .voter, address: victim.address, webURL: victim.webURL)
        cluster.tell(leader, .changeMembership(.add(replacement), ticket: 1))
        #expect(cluster.nodes[leader]?.outcomes[1] == .membershipRefused(.nameTaken))
        cluster.tell(leader, .changeMembership(.replace(victim.id, with: replacement), ticket: 2))
        #expect(cluster.run(for: .seconds(1)) { $0.nodes[leader]?.outcomes[2] != nil })
        #expect(role(of: NodeID(9), in: cluster) == .learner)
        _ = cluster.run(for: .seconds(1))
        cluster.tell(leader, .join(replacement, ticket: 3))
        #expect(cluster.run(for: .seconds(1)) { $0.nodes[leader]?.outcomes[3] != nil })
        #expect(role(of: NodeID(9), in: cluster) == .voter)
    }

    @Test func leadershipMovesOnRequest() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let target = try #require(cluster.members.map(\.id).last { $0 != leader })
        cluster.tell(leader, .transferLeadership(target, ticket: 1))
        #expect(cluster.run(for: .milliseconds(100)) { $0.leader == target })
        #expect(cluster.run(for: .milliseconds(100)) { $0.nodes[leader]?.outcomes[1] == .transferred })
        cluster.tell(leader, .transferLeadership(nil, ticket: 2))
        #expect(cluster.nodes[leader]?.outcomes[2] == .transferRefused(.notLeader))
    }

    @Test func aTransferToAFrozenNodeFailsAfterAnElectionTimeout() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        let target = try #require(cluster.members.map(\.id).last { $0 != leader })
        cluster.freeze(target)
        cluster.tell(leader, .transferLeadership(target, ticket: 1))
        #expect(cluster.run(for: .milliseconds(1_200)) { $0.nodes[leader]?.outcomes[1] == .transferFailed })
        #expect(cluster.leader == leader)
    }

    @Test func aLeaderWhoseDiskHangsHandsOverAndIsDegraded() throws {
        var cluster = try settled()
        let leader = try #require(cluster.leader)
        cluster.hangDisk(leader)
        #expect(cluster.run(for: .milliseconds(2_500)) { $0.leader.map { $0 != leader } ?? false })
        let successor = try #require(cluster.leader)
        #expect(cluster.run(for: .seconds(4)) { $0.state(of: leader, seenBy: successor) == .degraded }, "\(cluster.states)")
        #expect(cluster.nodes[successor]?.snapshot.view.rows[leader]?.sample?.degradedReasons == ["storage"])
        _ = cluster.run(for: .seconds(10))
        #expect(cluster.leader == successor, "a node that cannot store does not campaign")
        #expect(cluster.changesOfState(except: [leader]) == 0)
    }
}
