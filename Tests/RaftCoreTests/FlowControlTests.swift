import Testing

@testable import RaftCore

/// How much a leader sends unanswered, and how it recovers what is lost.
@Suite struct FlowControlTests {
    private func leader(_ change: @escaping (inout RaftConfiguration.Limits) -> Void = { _ in }) -> Bench {
        var bench = Bench(configuration: raftConfiguration(change))
        bench.lead(with: [2])
        return bench
    }

    private func appends(_ bench: inout Bench, to peer: UInt64) -> [AppendRequest] { bench.takeSent().to(peer).compactMap(\.body.append) }

    @Test func aPeerWhoseLogIsUnknownGetsOneAppendAtATime() throws {
        var bench = leader()
        for _ in 0..<5 { _ = try bench.propose() }
        #expect(bench.sent == [], "the first append is not yet answered")
        bench.acknowledge([2], through: index(2))
        let requests = appends(&bench, to: 2)
        #expect(requests.map(\.entries.count) == [5])
    }

    @Test func appendsInFlightAreBoundedInNumber() throws {
        var bench = leader { $0.inflightMessages = 4 }
        bench.acknowledge([2])
        bench.sent = []
        for _ in 0..<10 { _ = try bench.propose() }
        #expect(appends(&bench, to: 2).flatMap { $0.entries.map(\.index.rawValue) } == [3, 4, 5, 6])
        bench.acknowledge([2], through: index(4))
        #expect(appends(&bench, to: 2).flatMap { $0.entries.map(\.index.rawValue) } == Array(7...12), "the rest, in one")
    }

    @Test func appendsInFlightAreBoundedInBytes() throws {
        var bench = leader {
            $0.inflightBytes = 4_096
            $0.appendBytes = 1_024
        }
        bench.acknowledge([2])
        bench.sent = []
        for _ in 0..<20 { _ = try bench.propose([UInt8](repeating: 1, count: 600)) }
        let unanswered = appends(&bench, to: 2).flatMap(\.entries).reduce(0) { $0 + $1.size }
        #expect(unanswered >= 4_096 && unanswered < 4_096 + 1_024, "\(unanswered) bytes")
    }

    @Test func anAppendIsBoundedInEntriesAndBytesButHoldsAtLeastOne() throws {
        var bench = leader {
            $0.appendEntries = 3
            $0.appendBytes = 200
        }
        for size in [1, 1, 1, 1, 150, 150, 500, 1] { _ = try bench.propose([UInt8](repeating: 1, count: size)) }
        bench.acknowledge([2], through: index(2))
        #expect(appends(&bench, to: 2).map { $0.entries.map(\.index.rawValue) } == [[3, 4, 5], [6, 7], [8], [9], [10]])
    }

    @Test func aLostAppendIsSentAgainOnceHeartbeatsAreAnsweredAndItIsNot() throws {
        var bench = leader()
        bench.acknowledge([2])
        _ = try bench.propose()
        bench.sent = []
        for beat in 1...6 {
            bench.pass(heartbeatInterval)
            bench.answerHeartbeat([2])
            let again = appends(&bench, to: 2)
            #expect(again.isEmpty == (beat < 6), "beat \(beat)")
            if beat == 6 { #expect(again.map(\.previousIndex) == [index(2)]) }
        }
    }

    @Test func aFullWindowWhoseMessagesWereAllLostRecovers() throws {
        var bench = leader { $0.inflightMessages = 2 }
        bench.acknowledge([2])
        for _ in 0..<6 { _ = try bench.propose() }
        bench.sent = []
        for _ in 0..<6 {
            bench.pass(heartbeatInterval)
            bench.answerHeartbeat([2])
        }
        #expect(appends(&bench, to: 2).map { $0.entries.map(\.index.rawValue) } == [Array(3...8)])
    }

    @Test func aNewConnectionResendsAtOnceWhatWasUnanswered() throws {
        var bench = leader()
        bench.acknowledge([2])
        _ = try bench.propose()
        bench.sent = []
        bench.peerConnected(2)
        #expect(bench.sent.to(2).compactMap(\.body.append).map(\.previousIndex) == [index(2)])
        #expect(bench.sent.to(2).contains { $0.body.heartbeat != nil })
    }

    @Test func aLateOrDoubledRejectionMovesNothing() throws {
        var bench = leader()
        bench.acknowledge([2])
        for _ in 0..<3 { _ = try bench.propose() }
        bench.acknowledge([2])
        bench.sent = []
        let late = Message.Body.appendReply(.rejected(rejected: index(1), hint: index(0), hintTerm: term(0)))
        bench.receive(late, term: 2, from: 2)
        #expect(bench.sent == [])
        #expect(bench.node.status.progress[node(2)]?.nextIndex == index(6))
    }

    @Test func appendsThatOvertakeEachOtherStillLevelTheFollower() throws {
        var cluster = Cluster()
        cluster.elect(1)
        for number in 0..<10 { _ = cluster.propose(1, [UInt8(number)]) }
        cluster.messages.reverse()
        cluster.settle()
        cluster.beat(7)
        #expect(cluster.isLevel)
        #expect(cluster.checker.violations == [])
    }

    @Test func aPeerThatAnswersNothingForMinutesCostsNoMemory() {
        var bench = leader()
        for _ in 0..<2_500 {
            bench.acknowledge([3])
            bench.answerHeartbeat([3])
            bench.pass(heartbeatInterval)
            bench.sent = []
        }
        #expect(bench.node.isLeader)
        #expect((bench.node.role.leading?.roundsSent.count ?? .max) <= LeaderState.maximumRoundsRemembered)
    }
}
