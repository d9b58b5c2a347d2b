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
        #expect(joining.next(sequence: 1, governing: nil, applied: nil) == nil)
        joining.greeted(by: hello("a", id: 1))
        joining.greeted(by: hello("b", id: 2))
        let asked = (2...4).map { joining.next(sequence: $0, governing: nil, applied: nil)?.to }
        #expect(asked == [NodeID(1), NodeID(2), NodeID(1)])
        joining.lost(NodeID(2))
        #expect(joining.next(sequence: 4, governing: nil, applied: nil)?.to == NodeID(1))
        let request = joining.next(sequence: 5, governing: nil, applied: nil)?.request
        #expect(request == JoinRequest(sequence: 5, incarnation: own.id, name: "d", address: "d:1", webURL: "http://d:2"))
    }

    @Test func itGoesOnAsALearnerAndEndsAsAVoterOnceThatIsCommitted() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        #expect(joining.next(sequence: 1, governing: membership(with: .learner), applied: nil) != nil)
        #expect(
            joining.next(sequence: 1, governing: membership(with: .voter), applied: membership(with: .learner)) != nil,
            "it may not come about")
        #expect(joining.next(sequence: 1, governing: membership(with: .voter), applied: membership(with: .voter)) == nil)
        #expect(joining.isOver)
    }

    @Test func whatIsReplayedIsNoRemovalButARemovalEndsIt() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        #expect(joining.next(sequence: 1, governing: membership(with: nil), applied: membership(with: nil)) != nil)
        #expect(joining.next(sequence: 1, governing: membership(with: .learner), applied: membership(with: nil)) != nil)
        #expect(joining.next(sequence: 1, governing: membership(with: .learner), applied: membership(with: .learner)) != nil)
        #expect(joining.next(sequence: 1, governing: membership(with: nil), applied: membership(with: .learner)) == nil)
        #expect(!joining.isOver, "it may not come about")
        #expect(joining.next(sequence: 1, governing: membership(with: .learner), applied: membership(with: .learner)) != nil)
        #expect(joining.next(sequence: 1, governing: membership(with: nil), applied: membership(with: nil)) == nil)
        #expect(joining.isOver)
    }

    /// The leader that took it in was cut off, and its change came to nothing.
    @Test func aChangeThatComesToNothingIsNoRemoval() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        #expect(joining.next(sequence: 1, governing: membership(with: .learner), applied: nil) != nil)
        #expect(joining.next(sequence: 1, governing: membership(with: nil), applied: membership(with: nil)) != nil)
        #expect(!joining.isOver && !joining.hasBelonged)
        let isNew = joining.learn(applied: membership(with: .learner))
        let isNewAgain = joining.learn(applied: membership(with: .learner))
        #expect(isNew && !isNewAgain)
    }

    @Test func aRefusalIsToldOnceAndEndsItOnlyWhenAskingAgainIsOfNoUse() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        let wait = JoinReply.Outcome.refused("wait", retry: true)
        let news = (UInt64(1)...2).map { sequence in
            _ = joining.next(sequence: sequence, governing: nil, applied: nil)
            return joining.take(JoinReply(sequence: sequence, outcome: wait), from: NodeID(1))
        }
        #expect(news == [.line("not taken in yet: wait"), .nothing])
        #expect(joining.next(sequence: 3, governing: nil, applied: nil) != nil)
        _ = joining.take(JoinReply(sequence: 3, outcome: .refused("full", retry: false)), from: NodeID(1))
        #expect(joining.next(sequence: 4, governing: nil, applied: nil) == nil)
    }

    @Test func nobodyAnswersForAnotherOrWhatWasNotAsked() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        _ = joining.next(sequence: 7, governing: nil, applied: nil)
        for (sequence, sender) in [(UInt64(7), UInt64(2)), (1, 1), (8, 1)] {
            for outcome in [JoinReply.Outcome.refused("never", retry: false), .removed("gone"), .joined(membership(with: .learner))] {
                let news = joining.take(JoinReply(sequence: sequence, outcome: outcome), from: NodeID(sender))
                #expect(news == .nothing)
            }
        }
        #expect(!joining.isOver)
        let news = joining.take(JoinReply(sequence: 7, outcome: .refused("never", retry: false)), from: NodeID(1))
        #expect(news != .nothing && joining.isOver)
    }

    @Test func oneThatWasRemovedBeforeItKnewThatItBelongedIsTold() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        _ = joining.next(sequence: 1, governing: nil, applied: nil)
        let news = joining.take(JoinReply(sequence: 1, outcome: .removed("gone")), from: NodeID(1))
        #expect(news == .removed)
        #expect(joining.next(sequence: 2, governing: nil, applied: nil) == nil)
    }

    @Test func beingTakenInIsTold() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        _ = joining.next(sequence: 1, governing: nil, applied: nil)
        guard case .line(let line) = joining.take(JoinReply(sequence: 1, outcome: .joined(membership(with: .learner))), from: NodeID(1))
        else { return #expect(Bool(false), "nothing is told") }
        #expect(line.contains("taken in by cluster"))
    }

    @Test func silenceIsExplainedOnce() {
        var joining = Joining(own: own)
        joining.greeted(by: hello("a", id: 1))
        for _ in 1..<Joining.patience {
            _ = joining.next(sequence: 1, governing: nil, applied: nil)
            #expect(joining.complaint() == nil)
        }
        _ = joining.next(sequence: 1, governing: nil, applied: nil)
        #expect(joining.complaint()?.contains("can the members dial this node at d:1?") == true)
        for _ in 0..<Joining.patience { _ = joining.next(sequence: 1, governing: nil, applied: nil) }
        #expect(joining.complaint() == nil)
    }
}
