import Testing

@testable import RaftCore

/// How many round trips it takes to find where two logs part.
@Suite struct ConflictBackupTests {
    /// Appends the leader sends to a follower until that one's first acceptance.
    private func roundTrips(leader: [UInt64], follower: [UInt64], term: UInt64) -> Int {
        var cluster = Cluster(terms: [leader, follower, leader], term: term)
        cluster.crash(2)
        cluster.elect(1, level: false)
        cluster.restart(2)
        cluster.messages = []
        cluster.peerConnected(2, at: 1)
        var appends = 0
        for _ in 0..<5_000 {
            if cluster.messages.isEmpty {
                if let host = cluster.hosts.first(where: { !$0.writes.isEmpty }) { cluster.confirm(host.id.rawValue) } else { break }
                continue
            }
            let first = cluster.messages[0]
            if first.to == node(2), first.message.body.append != nil { appends += 1 }
            cluster.deliver(at: 0)
        }
        cluster.beat(3)
        #expect(cluster.isLevel)
        #expect(cluster.checker.violations == [])
        return appends
    }

    @Test func aLongTailOfOneOldTermIsBackedOverInTwoRoundTrips() {
        let shared: [UInt64] = [1, 1, 1]
        let trips = roundTrips(
            leader: shared + [UInt64](repeating: 3, count: 200), follower: shared + [UInt64](repeating: 2, count: 300), term: 4)
        #expect(trips <= 3, "\(trips)")
    }

    @Test func aShortLogIsFoundInOneRejection() {
        let trips = roundTrips(leader: [UInt64](repeating: 1, count: 500), follower: [1], term: 1)
        #expect(trips <= 2, "\(trips)")
    }

    @Test func tailsOfManyTermsTakeARoundTripATermAndNotOneAnEntry() {
        // Terms taken in turn by either side, five entries each: nothing agrees behind the shared start.
        var leader: [UInt64] = [1]
        var follower: [UInt64] = [1]
        for pair in 1...10 as ClosedRange<UInt64> {
            leader += [UInt64](repeating: pair * 2 + 1, count: 5)
            follower += [UInt64](repeating: pair * 2, count: 5)
        }
        let trips = roundTrips(leader: leader, follower: follower, term: 22)
        #expect(trips <= 12, "\(trips) round trips over 50 entries of 10 terms")
    }

    @Test func theHintNamesTheLastPlaceWhereTheLogsMayAgree() {
        var bench = Bench(term: 9, terms: [1, 1, 4, 4, 4])
        bench.receive(.append(AppendRequest(previousIndex: index(6), previousTerm: term(3), entries: [], commit: .zero)), term: 9, from: 2)
        bench.receive(.append(AppendRequest(previousIndex: index(40), previousTerm: term(7), entries: [], commit: .zero)), term: 9, from: 2)
        bench.confirm()
        #expect(
            bench.sent.bodies == [
                .appendReply(.rejected(rejected: index(6), hint: index(3), hintTerm: term(1))),
                .appendReply(.rejected(rejected: index(40), hint: index(6), hintTerm: term(4))),
            ])
    }
}
