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
}
