import Testing

@testable import RaftCore

/// What the paper says of replication. Source: Raft, extended version, §5.3.
@Suite struct PaperReplicationTests {
    @Test func aLeaderSendsANewEntryAtOnceBehindTheOneBeforeIt() throws {
        var bench = Bench()
        bench.lead(with: [2])
        bench.acknowledge([2, 3])
        bench.sent = []
        let position = try bench.propose([7])
        #expect(position == index(3))
        let entry = LogEntry(index: index(3), term: term(2), content: .command([7]))
        let expected = AppendRequest(previousIndex: index(2), previousTerm: term(2), entries: [entry], commit: index(2))
        #expect(bench.sent.map(\.to) == [node(2), node(3)])
        #expect(bench.sent.bodies == [.append(expected), .append(expected)])
        #expect(bench.writes.last?.entries == [entry])
    }

    @Test(arguments: [
        (1, 0, true), (2, 0, false), (2, 1, true), (3, 0, false), (3, 1, true), (4, 1, false), (4, 2, true), (5, 1, false), (5, 2, true),
        (5, 4, true),
        (7, 2, false), (7, 3, true),
    ])
    func anEntryIsCommittedOnceAMajorityHoldsIt(voters: Int, acknowledged: UInt64, isCommitted: Bool) throws {
        var bench = Bench(voters: voters)
        let peers = Array((1...UInt64(voters)).dropFirst())
        bench.lead(with: peers)
        bench.acknowledge(peers)
        let position = try bench.propose()
        bench.confirm()
        bench.acknowledge(Array(peers.prefix(Int(acknowledged))))
        #expect((bench.node.commitIndex == position) == isCommitted)
        #expect((bench.committed.last?.index == position) == isCommitted)
    }

    @Test(arguments: [[1], [1, 1], [1, 2, 2], [2, 3]] as [[UInt64]])
    func committingAnEntryCommitsAllBeforeIt(terms: [UInt64]) {
        var bench = Bench(term: 4, terms: terms)
        bench.lead(with: [2])
        bench.acknowledge([2])
        #expect(bench.committed.map(\.index) == (1...UInt64(terms.count + 2)).map(LogIndex.init))
        #expect(bench.committed.last?.content == .noop)
    }

    @Test func aFollowerAppliesInOrderWhatTheLeaderCalledCommitted() {
        for commit in 1...4 as ClosedRange<UInt64> {
            var bench = Bench()
            let entries = [command(2, 1), command(3, 1), command(4, 1)]
            bench.receive(
                .append(AppendRequest(previousIndex: index(1), previousTerm: term(1), entries: entries, commit: index(commit))), term: 1,
                from: 2)
            #expect(bench.committed.map(\.index.rawValue) == [1], "nothing that is not durable here")
            bench.confirm()
            #expect(bench.committed.map(\.index.rawValue) == Array(1...commit))
        }
    }

    @Test func theCommitIndexGoesNoFurtherThanTheAppendProves() {
        var bench = Bench(terms: [1, 1])
        bench.receive(
            .append(AppendRequest(previousIndex: index(1), previousTerm: term(1), entries: [command(2, 1)], commit: index(9))), term: 1,
            from: 2)
        #expect(bench.node.commitIndex == index(2), "entry 3 may differ from the leader's")
    }

    @Test(
        arguments: [
            (1, 1, true), (2, 2, true), (3, 3, true), (2, 1, false), (3, 2, false), (4, 3, false), (9, 9, false),
        ] as [(UInt64, UInt64, Bool)])
    func aFollowerAcceptsOnlyBehindAnEntryItHolds(previousIndex: UInt64, previousTerm: UInt64, accepts: Bool) {
        var bench = Bench(term: 9, terms: [2, 3])
        bench.receive(
            .append(AppendRequest(previousIndex: index(previousIndex), previousTerm: term(previousTerm), entries: [], commit: .zero)),
            term: 9, from: 2)
        bench.confirm()
        let reply = bench.sent.bodies.compactMap(\.appendReply).first
        #expect((reply == .accepted(match: index(previousIndex))) == accepts, "\(String(describing: reply))")
    }

    @Test(
        arguments: [
            (3, 3, [4], [2, 3, 4]), (2, 2, [3, 4], [2, 3, 4]), (1, 1, [4, 4], [4, 4]), (2, 2, [4], [2, 4]), (1, 1, [2], [2, 3]),
            (2, 2, [], [2, 3]),
        ] as [(UInt64, UInt64, [UInt64], [UInt64])])
    func aFollowerCutsItsLogOnlyWhereItDiffers(previousIndex: UInt64, previousTerm: UInt64, sent: [UInt64], result: [UInt64]) {
        var bench = Bench(term: 4, terms: [2, 3])
        let entries = sent.enumerated().map { command(previousIndex + 1 + UInt64($0.offset), $0.element) }
        bench.receive(
            .append(AppendRequest(previousIndex: index(previousIndex), previousTerm: term(previousTerm), entries: entries, commit: .zero)),
            term: 4, from: 2)
        #expect(bench.node.log.slice(from: index(2)).map(\.term.rawValue) == result)
    }

    /// The paper's figure 7, each log one longer by the configuration in front.
    @Test(
        arguments: [
            [1, 1, 4, 4, 5, 5, 6, 6], [1, 1, 4], [1, 1, 4, 4, 5, 5, 6, 6, 6, 6], [1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], [1, 1, 4, 4, 4, 4],
            [1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
        ] as [[UInt64]])
    func aLeaderBringsEveryLogOfFigure7IntoLineWithItsOwn(follower: [UInt64]) {
        let leader: [UInt64] = [1, 1, 4, 4, 5, 5, 6, 6, 6]
        var cluster = Cluster(terms: [leader, follower, leader], term: 8)
        cluster.cut = [Cluster.Link(from: node(2), to: node(3)), Cluster.Link(from: node(3), to: node(2))]
        cluster.elect(1)
        cluster.beat(2)
        #expect(cluster.isLevel)
        #expect(cluster.hosts[1].disk.entries.dropFirst().map(\.term.rawValue).prefix(9) == leader[...])
        #expect(cluster.checker.violations == [])
    }
}
