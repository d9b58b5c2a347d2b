import ClusterHealth
import NodeReplica
import RaftCore
import Testing
import WireFormat

@testable import ClusterSimulator

/// What checkers see in a running simulator, put before them by hand.
@Suite struct RunningCheckerTests {
    @Test func whoTakesLeadershipFromAnUndisturbedLeaderIsFound() throws {
        func lead(undisturbed: NodeID?) throws -> String? {
            var simulator = try Forged.simulator()
            // Its election is another checker's matter.
            simulator.machines[0].replica = nil
            simulator.undisturbedLeader = undisturbed
            return try objection { try simulator.carryOut([.log(.becameLeader(term: Term(2)))], on: 0) }
        }
        #expect(try lead(undisturbed: nil) == nil)
        #expect(try lead(undisturbed: Forged.b) == "disturbed-leader")
    }

    @Test func electionsOfOneProcessAreCounted() throws {
        var simulator = try Forged.simulator()
        func start(on slot: Int) throws -> String? {
            try objection { try simulator.carryOut([.log(.startedElection(term: Term(2)))], on: slot) }
        }
        var found: String?
        for _ in 1...1_000 where found == nil { found = try start(on: 0) }
        #expect(found == "election-rate")
        #expect(try start(on: 1) == nil)
    }

    @Test func aMessageThatNoCorrectNodeSendsIsFound() throws {
        var simulator = try Forged.simulator()
        let fine = RaftFact.preVoteRefused(by: Forged.b, reason: .logBehind)
        #expect(try objection { try simulator.carryOut([.log(fine)], on: 0) } == nil)
        let malformed = RaftFact.malformedMessage(from: Forged.b, reason: "a hole")
        #expect(try objection { try simulator.carryOut([.log(malformed)], on: 0) } == "malformed-message")
    }

    @Test func aFrameThatCannotBeReadIsFound() throws {
        var simulator = try Forged.simulator()
        let sender = simulator.machines[0].identity
        let at = simulator.position(0, 1)
        simulator.links[at].open(
            acceptor: Link.Seen(identity: simulator.machines[1].identity, boot: 1), dialer: Link.Seen(identity: sender, boot: 1))
        func arrive(_ bytes: [UInt8]) throws -> String? {
            let delivery = Delivery(
                from: 0, sender: sender.id, to: 1, connection: simulator.links[at].connection, content: .bytes(bytes))
            return try objection { try simulator.arrived(delivery) }
        }
        let frame = FrameCoding.encode(.raft(Message(term: Term(1), body: .preVoteReply(VoteReply())), nil))
        #expect(try arrive(frame) == nil)
        #expect(try arrive(frame.dropLast()) == "wire-format")
    }

    @Test func whatALaterVersionWouldGarbleIsFound() throws {
        func send(_ body: Message.Body) throws -> String? {
            var simulator = try Forged.simulator()
            simulator.machines[0].isLater = true
            let peer = simulator.machines[1].identity.id
            return try objection { try simulator.send(Message(term: Term(2), body: body), nil, from: 0, to: peer) }
        }
        func append(_ entries: [LogEntry]) -> Message.Body {
            .append(AppendRequest(previousIndex: .zero, previousTerm: .zero, entries: entries, commit: .zero))
        }
        func reply(_ bytes: Int) -> Message.Body {
            .snapshotReply(SnapshotReply(position: .origin, checksum: 1, receivedBytes: bytes))
        }
        #expect(try send(append([Forged.entry(1, 1), Forged.entry(2, 2)])) == nil)
        #expect(try send(append([Forged.entry(1, 1), Forged.entry(3, 2)])) == "later-version", "it cannot be read")
        #expect(try send(reply(1)) == nil)
        #expect(try send(reply(-1)) == "later-version", "it reads otherwise")
    }
}
