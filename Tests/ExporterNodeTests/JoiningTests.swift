import RaftCore
import Testing
import WireFormat

@testable import ExporterNode

@Suite struct JoiningTests {
    private let own = Membership.Member(id: NodeID(9), name: "d", role: .voter, address: "d:1", webURL: "http://d:2")

    private func hello(_ name: String, id: UInt64) -> Hello {
        Hello(
            protocolVersion: 1, clusterName: "test", clusterID: ClusterID(high: 1, low: 1), memberName: name, incarnation: NodeID(id),
            boot: BootID(id), programVersion: "1", listenAddress: "\(name):1", webURL: "http://\(name):2", kind: .node, bootstrapped: true)
    }

    private func membership(with role: Membership.Role?) -> Membership {
        let others = [1, 2].map { Membership.Member(id: NodeID($0), name: "\($0)", role: .voter, address: "\($0):1", webURL: "") }
        let mine = role.map { [Membership.Member(id: own.id, name: own.name, role: $0, address: own.address, webURL: "")] } ?? []
        return Membership(clusterID: ClusterID(high: 1, low: 1), members: others + mine)
    }

    @Test func itAsksThoseThatAnsweredInTurn() {
        var joining = Joining(own: own)
        #expect(joining.next(governing: nil, applied: nil) == nil)
        joining.greeted(by: hello("a", id: 1))
        joining.greeted(by: hello("b", id: 2))
        let asked = (1...3).map { _ in joining.next(governing: nil, applied: nil)?.to }
        #expect(asked == [NodeID(1), NodeID(2), NodeID(1)])
        joining.lost(NodeID(2))
        #expect(joining.next(governing: nil, applied: nil)?.to == NodeID(1))
        let request = joining.next(governing: nil, applied: nil)?.request
        #expect(request == JoinRequest(sequence: 5, incarnation: own.id, name: "d", address: "d:1", webURL: "http://d:2"))
    }

    @Test func itGoesOnAsALearnerAndEndsAsAVoterOnceThatIsCommitted() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        #expect(joining.next(governing: membership(with: .learner), applied: nil) != nil)
        #expect(joining.next(governing: membership(with: .voter), applied: membership(with: .learner)) != nil, "it may not come about")
        #expect(joining.next(governing: membership(with: .voter), applied: membership(with: .voter)) == nil)
        #expect(joining.isOver)
    }

    @Test func whatIsReplayedIsNoRemovalButARemovalEndsIt() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        #expect(joining.next(governing: membership(with: nil), applied: membership(with: nil)) != nil)
        #expect(joining.next(governing: membership(with: .learner), applied: membership(with: nil)) != nil)
        #expect(joining.next(governing: membership(with: .learner), applied: membership(with: .learner)) != nil)
        #expect(joining.next(governing: membership(with: nil), applied: membership(with: .learner)) == nil)
        #expect(!joining.isOver, "it may not come about")
        #expect(joining.next(governing: membership(with: .learner), applied: membership(with: .learner)) != nil)
        #expect(joining.next(governing: membership(with: nil), applied: membership(with: nil)) == nil)
        #expect(joining.isOver)
    }

    /// The leader that took it in was cut off, and its change came to nothing.
    @Test func aChangeThatComesToNothingIsNoRemoval() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        #expect(joining.next(governing: membership(with: .learner), applied: nil) != nil)
        #expect(joining.next(governing: membership(with: nil), applied: membership(with: nil)) != nil)
        #expect(!joining.isOver && !joining.hasBelonged)
        let isNew = joining.learn(applied: membership(with: .learner))
        let isNewAgain = joining.learn(applied: membership(with: .learner))
        #expect(isNew && !isNewAgain)
    }

    @Test func aRefusalIsToldOnceAndEndsItOnlyWhenAskingAgainIsOfNoUse() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        _ = joining.next(governing: nil, applied: nil)
        let wait = JoinReply(sequence: 1, outcome: .refused("wait", retry: true))
        #expect(joining.take(wait) == "not taken in yet: wait")
        #expect(joining.take(wait) == nil)
        #expect(joining.next(governing: nil, applied: nil) != nil)
        _ = joining.take(JoinReply(sequence: 9, outcome: .refused("never asked", retry: false)))
        #expect(!joining.isOver)
        _ = joining.take(JoinReply(sequence: 2, outcome: .refused("full", retry: false)))
        #expect(joining.next(governing: nil, applied: nil) == nil)
    }

    @Test func beingTakenInIsTold() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        _ = joining.next(governing: nil, applied: nil)
        let taken = joining.take(JoinReply(sequence: 1, outcome: .joined(membership(with: .learner))))
        #expect(taken?.contains("taken in by cluster") == true)
    }

    @Test func silenceIsExplainedOnce() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        for _ in 1..<Joining.patience {
            _ = joining.next(governing: nil, applied: nil)
            #expect(joining.complaint() == nil)
        }
        _ = joining.next(governing: nil, applied: nil)
        #expect(joining.complaint()?.contains("can the members dial this node at d:1?") == true)
        for _ in 0..<Joining.patience { _ = joining.next(governing: nil, applied: nil) }
        #expect(joining.complaint() == nil)
    }
}
