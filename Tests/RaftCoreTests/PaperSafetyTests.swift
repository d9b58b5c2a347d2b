import Testing

@testable import RaftCore

/// What the paper says of safety. Source: Raft, extended version, §5.4.
@Suite struct PaperSafetyTests {
    @Test func aVoteRequestTellsTheEndOfTheCandidatesLog() {
        var bench = Bench(term: 5, terms: [2, 3, 5])
        bench.fire()
        for peer in [2, 3] as [UInt64] { bench.receive(.preVoteReply(VoteReply()), term: 6, from: peer) }
        bench.confirm()
        let request = VoteRequest(lastLogIndex: index(4), lastLogTerm: term(5))
        #expect(bench.sent.bodies == [.preVoteRequest(request), .preVoteRequest(request), .voteRequest(request), .voteRequest(request)])
    }

    @Test(
        arguments: [
            ([1], 2, 1, true), ([1], 3, 1, true), ([1], 1, 1, false), ([1], 1, 2, true), ([1, 2], 9, 1, false), ([2, 2], 3, 2, true),
            ([2, 2], 2, 2, false),
            ([1, 1, 3], 2, 3, false), ([1, 1, 3], 2, 4, true),
        ] as [([UInt64], UInt64, UInt64, Bool)])
    func aVoterRefusesALogLessCompleteThanItsOwn(own: [UInt64], lastIndex: UInt64, lastTerm: UInt64, grants: Bool) {
        let request = VoteRequest(lastLogIndex: index(lastIndex), lastLogTerm: term(lastTerm))
        var bench = Bench(term: 4, terms: own)
        bench.receive(.preVoteRequest(request), term: 5, from: 2)
        bench.receive(.voteRequest(request), term: 5, from: 2)
        bench.confirm()
        #expect(bench.sent.bodies.compactMap(\.preVoteReply).first?.refusal == (grants ? nil : .logBehind))
        #expect(bench.sent.bodies.compactMap(\.voteReply).first?.refusal == (grants ? nil : .logBehind))
        #expect(bench.node.hardState == HardState(term: term(5), votedFor: grants ? node(2) : nil))
    }

    /// Figure 8: an entry of an earlier term on a majority is not yet committed.
    @Test func onlyEntriesOfTheLeadersOwnTermAreCommittedByCounting() {
        var bench = Bench(term: 3, terms: [2, 3])
        bench.lead(with: [2])
        #expect(bench.node.currentTerm == term(4))
        bench.acknowledge([2, 3], through: index(3))
        #expect(bench.node.commitIndex == .zero)
        bench.acknowledge([2], through: index(4))
        #expect(bench.node.commitIndex == index(4))
    }
}
