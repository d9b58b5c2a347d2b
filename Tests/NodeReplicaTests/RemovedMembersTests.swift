import RaftCore
import Testing

@testable import NodeReplica

@Suite struct RemovedMembersTests {
    private func membership(_ ids: [UInt64]) -> Membership {
        Membership(
            clusterID: ClusterID(high: 1, low: 1),
            members: ids.map { Membership.Member(id: NodeID($0), name: "m\($0)", role: .voter, address: "m\($0):1", webURL: "") })
    }

    @Test func whoeverACommittedChangeDropsWasRemoved() {
        var removed = RemovedMembers()
        removed.applied(membership([1, 2, 3]))
        removed.applied(membership([1, 2, 3, 4]))
        #expect(removed.incarnations.isEmpty)
        removed.applied(membership([1, 4]))
        #expect(removed.incarnations == [NodeID(2), NodeID(3)])
        removed.applied(membership([1, 2, 4]))
        #expect(removed.incarnations == [NodeID(3)], "an operator took it in again")
    }

    @Test func theNewestAreRemembered() {
        var removed = RemovedMembers()
        for number in 2...200 {
            removed.applied(membership([1, UInt64(number)]))
            removed.applied(membership([1]))
        }
        #expect(removed.incarnations.count == RemovedMembers.maximum)
        #expect(removed.incarnations.last == NodeID(200))
    }

    @Test func aStartReadsWhatTheLogStillHoldsFromBeforeTheSnapshot() {
        let entries = [[1, 2], [1, 2, 3], [1, 2], [1]].enumerated().map {
            LogEntry(index: LogIndex(UInt64($0.offset) + 5), term: Term(1), content: .membership(membership($0.element)))
        }
        let snapshot = Snapshot(
            position: LogPosition(index: LogIndex(7), term: Term(1)), membership: membership([1, 2]), membershipIndex: LogIndex(7),
            bytes: [])
        let state = RecoveredState(
            hardState: HardState(), snapshot: snapshot, start: LogPosition(index: LogIndex(4), term: Term(1)), entries: entries)
        let removed = RemovedMembers(recovered: state, applied: membership([1, 2]))
        #expect(removed.incarnations == [NodeID(3)], "the entry behind the snapshot is not applied yet")
    }

    /// A follower that catches up, and a node that starts again, take both changes in one step.
    @Test func aRemovalIsKnownThatIsAppliedTogetherWithTheAddition() throws {
        var cluster = try VirtualCluster(count: 3)
        #expect(cluster.run(for: .seconds(5)) { $0.everyoneIsUp })
        let leader = try #require(cluster.leader)
        let follower = try #require(cluster.members.map(\.id).last { $0 != leader })
        cluster.kill(follower)
        let newcomer = Membership.Member(id: NodeID(4), name: "m4", role: .learner, address: "m4:1", webURL: "")
        let changes: [MembershipChange] = [.add(newcomer), .remove(newcomer.id)]
        for (ticket, change) in zip(UInt64(1)..., changes) {
            cluster.tell(leader, .changeMembership(change, ticket: ticket))
            #expect(cluster.run(for: .seconds(1)) { $0.nodes[leader]?.outcomes[ticket] != nil })
        }
        #expect(cluster.nodes[leader]?.replica.removed.incarnations == [newcomer.id])
        try cluster.restart(follower, number: 2)
        #expect(cluster.run(for: .seconds(2)) { $0.nodes[follower]?.replica.removed.incarnations == [newcomer.id] })
        cluster.kill(leader)
        try cluster.restart(leader, number: 3)
        #expect(cluster.run(for: .seconds(2)) { $0.nodes[leader]?.replica.removed.incarnations == [newcomer.id] })
    }
}
