import ClusterHealth
import RaftCore
import Testing
import WireFormat

/// What a later version adds to a membership stays with it: every node stores and sends the same bytes, whatever it knows of them.
@Suite struct LaterVersionTests {
    /// Field 100 of the membership and of its second member, after everything this version knows.
    private let bytes: [UInt8] = {
        let plain = Examples.membershipOfALaterVersion
        let members = plain.members.map {
            Membership.Member(id: $0.id, name: $0.name, role: $0.role, address: $0.address, webURL: $0.webURL)
        }
        func encoded(_ members: [Membership.Member]) -> [UInt8] {
            EntryCoding.encode(.membership(Membership(clusterID: plain.clusterID, members: members))).bytes
        }
        let first = encoded([members[0]])
        let second = Array(encoded(members)[first.count...])
        return first + [second[0], second[1] + 5] + second[2...] + [0xa2, 6, 2, 8, 1] + [0xa0, 6, 42]
    }()

    @Test func theFieldsOfALaterVersionAreKeptInTheirPlaces() throws {
        guard case .membership(let membership) = try EntryCoding.decode(.membership, bytes) else {
            Issue.record("no membership")
            return
        }
        #expect(membership == Examples.membershipOfALaterVersion)
        #expect(membership.extra == [0xa0, 6, 42])
        #expect(membership.members.map(\.extra) == [[], [0xa2, 6, 2, 8, 1]])
        #expect(EntryCoding.encode(.membership(membership)).bytes == bytes)
    }

    @Test func tooManyOfThemAreRefused() {
        let field: [UInt8] = [0xa2, 6, 0x80, 0x40] + [UInt8](repeating: 0, count: 8_192)
        #expect(throws: WireFormatError.tooLarge(field: "membership unknown fields", count: field.count + 3, limit: WireLimits.extraBytes))
        {
            try EntryCoding.decode(.membership, bytes + field)
        }
    }

    /// Field 100 of a sample and of each of its parts.
    private var sample: HealthSample {
        var sample = Examples.sample
        sample.extra = [0xa0, 6, 1]
        sample.raft?.extra = [0xa0, 6, 2]
        sample.resources.extra = [0xa0, 6, 3]
        for place in sample.resources.filesystems.indices { sample.resources.filesystems[place].extra = [0xa0, 6, 4, 0xa8, 6, 5] }
        return sample
    }

    @Test func aSampleOfALaterVersionIsHandedOnAsItCame() throws {
        let attachment = HealthAttachment(sample: sample)
        let bytes = AttachmentCoding.encode(attachment)
        #expect(bytes.count > AttachmentCoding.encode(HealthAttachment(sample: Examples.sample)).count + 12)
        #expect(try AttachmentCoding.decode(bytes) == attachment)
    }

    @Test func aSampleOfALaterVersionStaysInTheLogAndInASnapshotAsItCame() throws {
        let member = NodeID(7)
        let membership = Membership(
            clusterID: ClusterID(high: 1, low: 2),
            members: [Membership.Member(id: member, name: "a", role: .voter, address: "a:1", webURL: "")])
        var round = HealthRound(
            clusterTime: ClusterTime(milliseconds: 5), wallTime: WallTime(milliseconds: 6), ruleVersion: VerdictRule.version,
            settings: VerdictSettings())
        round.samples[member] = sample
        let logged = try HealthRoundCoding.decode(HealthRoundCoding.encode(round))
        #expect(logged.samples[member] == sample)
        var view = ClusterHealthView()
        view.apply(membership)
        _ = view.apply(logged)
        let installed = try SnapshotCoding.decode(SnapshotCoding.encode(view))
        #expect(installed == view && installed.rows[member]?.sample == sample)
    }

    /// Field 100, bytes, with so many of them.
    private func largeField(_ count: Int) -> [UInt8] {
        [0xa2, 6, UInt8(count & 0x7f) | 0x80, UInt8(count >> 7 & 0x7f) | 0x80, UInt8(count >> 14)] + [UInt8](repeating: 0, count: count)
    }

    @Test(arguments: [8_192, 40_000, 70_000, 200_000])
    func whatALaterVersionSaysInASampleIsKeptUpToALimitAndDroppedBeyondIt(count: Int) throws {
        var sample = sample
        sample.resources.extra = largeField(count)
        let attachment = HealthAttachment(sample: sample)
        var expected = sample
        if count > WireLimits.sampleBytes { expected.removeExtra() }
        #expect(try AttachmentCoding.decode(AttachmentCoding.encode(attachment)).sample == expected)
    }

    /// A leader of a later version has put it there: whoever could not read it would end.
    @Test func aSampleInTheLogIsReadHoweverMuchALaterVersionSays() throws {
        var round = HealthRound(
            clusterTime: ClusterTime(milliseconds: 5), wallTime: WallTime(milliseconds: 6), ruleVersion: VerdictRule.version,
            settings: VerdictSettings())
        var sample = sample
        sample.extra = largeField(1_000_000)
        round.samples[NodeID(7)] = sample
        #expect(try HealthRoundCoding.decode(HealthRoundCoding.encode(round)).samples[NodeID(7)] == sample)
    }

    @Test func aSampleThatIsTooLargeByItselfIsRefused() throws {
        var sample = Examples.sample
        sample.resources.filesystems = (100..<200).map { number in
            HealthSample.Filesystem(mountpoint: "/\(number)" + String(repeating: "x", count: 1_000), sizeBytes: 1, availableBytes: 1)
        }
        let expected = WireFormatError.tooLarge(field: "attachment.sample", count: sample.size, limit: WireLimits.sampleBytes)
        #expect(throws: expected) { try AttachmentCoding.decode(AttachmentCoding.encode(HealthAttachment(sample: sample))) }
    }
}
