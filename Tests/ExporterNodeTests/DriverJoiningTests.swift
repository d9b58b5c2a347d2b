import ClusterTransport
import NIOCore
import NodeReplica
import RaftCore
import Testing
import WireFormat

@testable import ExporterNode

/// Requests to join and their answers, as the driver routes them.
@Suite struct DriverJoiningTests {
    private let newcomer = Membership.Member(id: NodeID(9), name: "d", role: .learner, address: "d:1", webURL: "")

    private func request(of member: Membership.Member, sequence: UInt64 = 1) -> JoinRequest {
        JoinRequest(sequence: sequence, incarnation: member.id, name: member.name, address: member.address, webURL: member.webURL)
    }

    private func seen(_ name: String, id: UInt64, _ direction: ConnectionDirection) -> HelloSeen {
        let hello = Hello(
            protocolVersion: 1, clusterName: "test", clusterID: nil, memberName: name, incarnation: NodeID(id), boot: BootID(id),
            programVersion: "1", listenAddress: "\(name):1", webURL: "", kind: .node, bootstrapped: false, asksToJoin: true)
        return HelloSeen(address: "\(name):1", direction: direction, hello: hello)
    }

    private func refused(_ sequence: UInt64) -> JoinReply {
        JoinReply(sequence: sequence, outcome: .refused("full", retry: false))
    }

    /// It was taken in and removed before it knew of either. The leader starts again, and applies both changes in one step.
    @Test func aRemovedNodeThatStillAsksIsNotTakenInByALeaderThatStartedAgain() async throws {
        let alone = Membership(clusterID: ClusterID(high: 1, low: 1), members: [testedNode])
        let both = Membership(clusterID: alone.clusterID, members: [testedNode, newcomer])
        let entries = [alone, both, alone].enumerated().map {
            LogEntry(index: LogIndex(UInt64($0.offset) + 1), term: Term(1), content: .membership($0.element))
        }
        try await withDriver(stored: entries) { driver in
            await driver.perform(.deadline)
            // Ten seconds of this test's own time: the others may hold it up for longer.
            for _ in 1...2_000 where driver.snapshot.appliedIndex < LogIndex(4) { try await Task.sleep(for: .milliseconds(5)) }
            #expect(driver.snapshot.status.role == .leader)
            await driver.greeted(seen("d", id: 9, .inbound))
            await driver.take(request(of: newcomer), from: newcomer.id)
            #expect(driver.snapshot.status.membership == alone)
            let another = Membership.Member(id: NodeID(8), name: "e", role: .learner, address: "e:1", webURL: "")
            await driver.greeted(seen("e", id: 8, .inbound))
            await driver.take(request(of: another), from: another.id)
            #expect(driver.snapshot.status.membership?.member(another.id) == another, "any other node is")
        }
    }

    @Test func aNodeThatIsToldThatItWasRemovedEnds() async throws {
        try await withDriver(joining: Joining(own: testedNode)) { driver in
            await driver.greeted(seen("b", id: 2, .outbound))
            await driver.askToJoin()
            await driver.take(JoinReply(sequence: 1, outcome: .removed("gone")), from: NodeID(3))
            #expect(await !driver.hasEnded, "another node than the one that was asked")
            await driver.take(JoinReply(sequence: 1, outcome: .removed("gone")), from: NodeID(2))
            #expect(await driver.hasEnded)
            await #expect(throws: NodeFailure.removed) { try await driver.failure.get() }
        }
    }

    /// A learner asks for a vote and passes on what others ask.
    @Test func theAnswerToItsOwnRequestIsNotTakenForTheOneToARequestThatWasPassedOn() async throws {
        try await withDriver(joining: Joining(own: testedNode)) { driver in
            await driver.greeted(seen("b", id: 2, .outbound))
            await driver.askToJoin()
            let passedOn = await driver.plant(ForwardedJoin(leader: NodeID(2), request: request(of: newcomer)))
            await driver.take(refused(1), from: NodeID(2))
            #expect(await driver.joining?.isOver == true)
            #expect(await driver.forwardedJoins.keys.sorted() == [passedOn])
            await driver.take(refused(passedOn), from: NodeID(2))
            #expect(await driver.forwardedJoins.isEmpty)
        }
    }

    @Test func onlyTheOneThatARequestWasPassedOnToAnswersIt() async throws {
        try await withDriver { driver in
            let passedOn = await driver.plant(ForwardedJoin(leader: NodeID(2), request: request(of: newcomer)))
            await driver.take(refused(passedOn), from: NodeID(3))
            #expect(await driver.forwardedJoins.keys.sorted() == [passedOn])
            await driver.take(refused(passedOn), from: NodeID(2))
            #expect(await driver.forwardedJoins.isEmpty)
        }
    }
}

extension NodeDriver {
    fileprivate func plant(_ join: ForwardedJoin) -> UInt64 {
        let sequence = nextTicket()
        forwardedJoins[sequence] = join
        return sequence
    }
}
