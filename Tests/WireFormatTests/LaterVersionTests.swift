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

    @Test func tooMuchOfALaterVersionInASampleIsRefused() {
        var sample = Examples.sample
        sample.resources.extra = [0xa2, 6, 0x80, 0x40] + [UInt8](repeating: 0, count: 8_192)
        let field = "attachment.sample.resources unknown fields"
        #expect(throws: WireFormatError.tooLarge(field: field, count: 8_196, limit: WireLimits.extraBytes)) {
            try AttachmentCoding.decode(AttachmentCoding.encode(HealthAttachment(sample: sample)))
        }
    }
}
