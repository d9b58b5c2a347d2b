import ClusterHealth
import RaftCore
import Testing
import WireFormat

@Suite struct SnapshotCodingTests {
    @Test func aViewOfNothingComesBackAsItWas() throws {
        #expect(SnapshotCoding.encode(ClusterHealthView()).isEmpty)
        #expect(try SnapshotCoding.decode([]) == ClusterHealthView())
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func whateverWasAppliedTheViewComesBackAsItWas(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        var view = ClusterHealthView()
        for _ in 0..<(1 + random.number(below: 40)) {
            if random.number(below: 5) == 0 || view.membership == nil { view.apply(membership(&random)) }
            _ = view.apply(round(&random))
            let bytes = SnapshotCoding.encode(view)
            let decoded = try SnapshotCoding.decode(bytes)
            #expect(decoded == view)
            #expect(SnapshotCoding.encode(decoded) == bytes)
        }
    }

    @Test func aViewThatDiffersInAnythingHasAnotherDigest() throws {
        let view = exampleView()
        let digest = SnapshotCoding.digest(of: view, at: LogIndex(4))
        #expect(digest == ViewDigest(index: LogIndex(4), format: SnapshotCoding.digestFormat, value: digest.value))
        var random = RandomSource(seed: 1)
        var others = 0
        for bit in 0..<(SnapshotCoding.encode(view).count * 8) where random.number(below: 4) == 0 {
            var bytes = SnapshotCoding.encode(view)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let other = decoded(bytes), other != view else { continue }
            #expect(SnapshotCoding.digest(of: other, at: LogIndex(4)).value != digest.value)
            others += 1
        }
        #expect(others > 100)
    }

    /// Nodes of two versions compare digests of one format. Does this fail, the encoding has changed: give it another `digestFormat`, and
    /// add a case for the new one.
    @Test func theDigestOfAFormatIsTheSameInEveryVersion() {
        #expect(SnapshotCoding.digestFormat == 1)
        var view = ClusterHealthView()
        view.apply(Examples.membership)
        for _ in 0..<2 { _ = view.apply(Examples.round) }
        #expect(SnapshotCoding.digest(of: view, at: LogIndex(4)).value == 3_116_899_337_687_611_267)
    }

    @Test func everyTruncationAndEveryFlippedByteDecodesOrThrows() {
        var bytes = SnapshotCoding.encode(exampleView())
        for count in bytes.indices { _ = decoded(Array(bytes[..<count])) }
        for position in bytes.indices {
            for flip in [0x01, 0x80, 0xff] as [UInt8] {
                bytes[position] ^= flip
                if let decoded = decoded(bytes) { #expect(throws: Never.self) { try expectComesBack(decoded) } }
                bytes[position] ^= flip
            }
        }
    }

    @Test func rowsOtherThanThoseOfTheMembershipAreRefused() throws {
        let whole = SnapshotCoding.encode(exampleView())
        // Field 2, a row of two fields of which only the member is read: 7 belongs to no one.
        let stranger: [UInt8] = [0x12, 9, 9, 7, 0, 0, 0, 0, 0, 0, 0]
        #expect(throws: WireFormatError.outOfRange(field: "view_snapshot.rows.member", value: 7)) {
            try SnapshotCoding.decode(whole + stranger)
        }
        var view = ClusterHealthView()
        view.apply(Examples.membership)
        let membershipOnly = Array(SnapshotCoding.encode(view).prefix { _ in true }.prefix(2 + Int(SnapshotCoding.encode(view)[1])))
        #expect(throws: WireFormatError.unpaired(field: "view_snapshot.rows", count: 0, expected: 2)) {
            try SnapshotCoding.decode(membershipOnly)
        }
    }

    @Test func linksOfStrangersAreRefused() {
        // Field 6, a report of the observer 7.
        let link: [UInt8] = [0x32, 9, 9, 7, 0, 0, 0, 0, 0, 0, 0]
        #expect(throws: WireFormatError.unpaired(field: "view_snapshot.links", count: 1, expected: 0)) { try SnapshotCoding.decode(link) }
    }

    @Test func timesThatLeaveNoRoomForLaterOnesAreRefused() {
        // Field 3, a number above 2⁶².
        let time: [UInt8] = [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]
        #expect(throws: WireFormatError.outOfRange(field: "view_snapshot.cluster_time_milliseconds", value: .max)) {
            try SnapshotCoding.decode(time)
        }
    }

    private func expectComesBack(_ view: ClusterHealthView) throws {
        #expect(try SnapshotCoding.decode(SnapshotCoding.encode(view)) == view)
    }

    private func decoded(_ bytes: [UInt8]) -> ClusterHealthView? {
        do { return try SnapshotCoding.decode(bytes) } catch { return nil }
    }
}

/// A view after two rounds, with something in every field.
private func exampleView() -> ClusterHealthView {
    var random = RandomSource(seed: 7)
    var view = ClusterHealthView()
    view.apply(Examples.membership)
    for _ in 0..<6 { _ = view.apply(round(&random, members: [NodeID(1), NodeID(.max)])) }
    return view
}

private let candidates: [NodeID] = [1, 2, 3, 4, 5, .max].map { NodeID($0) }

private func membership(_ random: inout RandomSource) -> Membership {
    let chosen = candidates.filter { _ in random.number(below: 3) > 0 }
    return Membership(
        clusterID: ClusterID(high: 1, low: 2),
        members: chosen.map { id in
            let role: Membership.Role = random.number(below: 3) == 0 ? .learner : .voter
            return Membership.Member(id: id, name: "n\(id)", role: role, address: "a\(random.number(below: 9)):1", webURL: "")
        })
}

private func round(_ random: inout RandomSource, members: [NodeID] = candidates) -> HealthRound {
    func time() -> UInt64 { 1_700_000_000_000 + random.number(below: 900_000) }
    var round = HealthRound(
        clusterTime: ClusterTime(milliseconds: time()), wallTime: WallTime(milliseconds: Int64(time())),
        ruleVersion: VerdictRule.version &+ 1,
        settings: VerdictSettings(upAfterMilliseconds: 1, flapLimit: 2, flapWindowMilliseconds: UInt32(random.number(below: 600_000))))
    for member in members {
        if random.number(below: 2) == 0 { round.samples[member] = random.number(below: 2) == 0 ? Examples.sample : Examples.emptySample }
        var observations = NodeMap<Observation>()
        for other in members where random.number(below: 3) > 0 {
            observations[other] = Observation.allCases[Int(random.number(below: UInt64(Observation.allCases.count)))]
        }
        if random.number(below: 4) > 0 { round.reports[member] = ObserverReport(observer: member, observations: observations) }
        guard random.number(below: 2) == 0 else { continue }
        let state = MemberState.allCases[Int(random.number(below: UInt64(MemberState.allCases.count)))]
        let reason = random.number(below: 2) == 0 ? nil : DownReason.allCases[Int(random.number(below: UInt64(DownReason.allCases.count)))]
        round.decisions[member] = HealthRound.Decision(state: state, downReason: reason, flapping: random.number(below: 2) == 0)
    }
    return round
}
