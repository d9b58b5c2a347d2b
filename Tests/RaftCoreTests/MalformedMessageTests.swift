import Testing

@testable import RaftCore

/// What no correct peer sends is named and changes nothing; it never stops the process.
@Suite struct MalformedMessageTests {
    private func follower() -> Bench {
        var bench = Bench(term: 3, terms: [2, 3])
        bench.hear(2, term: 3)
        bench.receive(
            .append(AppendRequest(previousIndex: index(3), previousTerm: term(3), entries: [], commit: index(2))), term: 3, from: 2)
        bench.confirm()
        bench.sent = []
        return bench
    }

    private func expectIgnored(_ bench: Bench, _ body: Message.Body, term: UInt64, from sender: UInt64) {
        var after = bench
        after.receive(body, term: term, from: sender)
        let named = after.facts.contains {
            if case .malformedMessage(let from, let reason) = $0 { from == NodeID(sender) && !reason.isEmpty } else { false }
        }
        #expect(named, "\(body)")
        #expect(after.sent == [])
        #expect(after.node.log == bench.node.log)
        #expect(after.node.hardState == bench.node.hardState)
        #expect(after.node.commitIndex == bench.node.commitIndex)
        #expect(after.node.nextDeadline == bench.node.nextDeadline, "it counts as no sign of life")
    }

    @Test(
        arguments: [
            (3, 3, [command(5, 3)]), (3, 3, [command(4, 3), command(6, 3)]), (3, 3, [command(3, 3)]), (3, 3, [command(4, 2)]),
            (3, 3, [command(4, 9)]),
            (3, 3, [command(4, 3), command(5, 2)]), (1, 1, [command(2, 1)]), (1, 1, [command(2, 3)]),
        ] as [(UInt64, UInt64, [LogEntry])])
    func aMalformedAppendIsNamedAndIgnored(previousIndex: UInt64, previousTerm: UInt64, entries: [LogEntry]) {
        let request = AppendRequest(previousIndex: index(previousIndex), previousTerm: term(previousTerm), entries: entries, commit: .zero)
        expectIgnored(follower(), .append(request), term: 3, from: 2)
    }

    private func chunk(at position: UInt64, of term: UInt64) -> SnapshotChunk {
        SnapshotChunk(
            position: LogPosition(index: index(position), term: Term(term)), membership: membership(voters: 3), membershipIndex: index(1),
            checksum: 1, totalBytes: 8, offset: 0, bytes: [1, 2, 3, 4])
    }

    /// Index 2 is committed, of term 2: a snapshot of it has that term, and one of more no earlier term.
    @Test(arguments: [(2, 3), (2, 1), (1, 2), (3, 1), (9, 1)] as [(UInt64, UInt64)])
    func aSnapshotThatContradictsWhatIsCommittedIsNamedAndIgnored(position: UInt64, term: UInt64) {
        expectIgnored(follower(), .snapshotChunk(chunk(at: position, of: term)), term: 3, from: 2)
    }

    @Test func aSnapshotOfWhatIsCommittedIsAcknowledged() {
        var bench = follower()
        bench.receive(.snapshotChunk(chunk(at: 2, of: 2)), term: 3, from: 2)
        #expect(bench.sent.map(\.message.body) == [.appendReply(.accepted(match: index(2)))], "\(bench.sent)")
    }

    @Test func aSecondLeaderOfATermIsNamedAndIgnored() {
        expectIgnored(follower(), .heartbeat(Heartbeat(commit: .zero, round: 1)), term: 3, from: 3)
        expectIgnored(
            follower(), .append(AppendRequest(previousIndex: index(3), previousTerm: term(3), entries: [], commit: .zero)), term: 3, from: 3
        )
        var leader = Bench()
        leader.lead(with: [2])
        expectIgnored(leader, .heartbeat(Heartbeat(commit: .zero, round: 1)), term: 2, from: 3)
    }

    @Test func aMessageFromOneselfIsNamedAndIgnored() {
        expectIgnored(follower(), .voteReply(VoteReply()), term: 9, from: 1)
    }

    @Test func anAcknowledgementOfWhatWasNeverSentIsNamedAndIgnored() {
        var leader = Bench()
        leader.lead(with: [2])
        expectIgnored(leader, .appendReply(.accepted(match: index(99))), term: 2, from: 2)
        expectIgnored(leader, .heartbeatReply(HeartbeatReply(round: 99)), term: 2, from: 2)
    }

    @Test func theGreatestNumbersTheWireCarriesStopNobody() {
        let greatest = UInt64(Int64.max)
        for var bench in [follower(), Bench(), Bench(term: greatest - 1, terms: [2, 3])] {
            let request = AppendRequest(
                previousIndex: index(greatest), previousTerm: term(greatest), entries: [command(greatest + 1, greatest)],
                commit: index(greatest))
            bench.receive(.append(request), term: greatest, from: 2)
            bench.receive(.heartbeat(Heartbeat(commit: index(greatest), round: greatest)), term: greatest, from: 2)
            bench.receive(
                .appendReply(.rejected(rejected: index(greatest), hint: index(greatest), hintTerm: term(greatest))), term: greatest, from: 2
            )
            bench.receive(.preVoteRequest(VoteRequest(lastLogIndex: index(greatest), lastLogTerm: term(greatest))), term: greatest, from: 2)
            bench.receive(.timeoutNow, term: greatest, from: 2)
            bench.confirm()
            #expect(bench.node.commitIndex <= bench.node.lastLogIndex)
        }
    }

    /// Were it believed, every node would store it, and there would be no later term to be elected in.
    @Test(arguments: [4 + 1 << 32, 1 << 62] as [UInt64])
    func aTermFarBeyondItsOwnIsNamedAndIgnored(term: UInt64) {
        let position = LogPosition(index: index(9), term: Term(term))
        let bodies: [Message.Body] = [
            .preVoteRequest(VoteRequest(lastLogIndex: position.index, lastLogTerm: position.term)), .preVoteReply(VoteReply()),
            .voteRequest(VoteRequest(lastLogIndex: position.index, lastLogTerm: position.term)), .voteReply(VoteReply()),
            .heartbeat(Heartbeat(commit: .zero, round: 1)), .heartbeatReply(HeartbeatReply(round: 1)), .timeoutNow,
            .append(AppendRequest(previousIndex: index(3), previousTerm: Term(3), entries: [], commit: .zero)),
            .appendReply(.accepted(match: index(1))), .snapshotChunk(chunk(at: 9, of: term)),
        ]
        for body in bodies { expectIgnored(follower(), body, term: term, from: 2) }
    }

    @Test func aTermThatElectionsCanReachIsBelieved() {
        var bench = follower()
        bench.receive(.heartbeat(Heartbeat(commit: .zero, round: 1)), term: 3 + 1 << 32, from: 2)
        #expect(bench.node.term == Term(3 + 1 << 32))
    }

    @Test func anAnswerOfAStrangerBringsNoTerm() {
        var leader = Bench()
        leader.lead(with: [2])
        let before = leader.node.term
        for body in [.voteReply(VoteReply()), .heartbeatReply(HeartbeatReply(round: 1)), .appendReply(.accepted(match: index(1)))]
            as [Message.Body]
        {
            leader.receive(body, term: before.rawValue + 1, from: 77)
            #expect(leader.node.isLeader && leader.node.term == before)
        }
        leader.receive(.heartbeatReply(HeartbeatReply(round: 1)), term: before.rawValue + 1, from: 2)
        #expect(!leader.node.isLeader && leader.node.term > before)
    }

    @Test func aRejectionWithAnAbsurdHintSendsTheLeaderNoFurtherThanItsLog() {
        var leader = Bench()
        leader.lead(with: [2])
        for hint in [(0, 0), (99, 99), (1, 99)] as [(UInt64, UInt64)] {
            leader.receive(.appendReply(.rejected(rejected: index(1), hint: index(hint.0), hintTerm: term(hint.1))), term: 2, from: 3)
            let next = leader.node.status.progress[node(3)]?.nextIndex ?? .zero
            #expect(next >= index(1) && next <= index(2))
        }
    }
}
