import Testing

@testable import RaftCore

/// What a later version says of a membership stays in every one that this version makes of it.
@Suite struct LaterVersionTests {
    @Test func everyChangeKeepsWhatALaterVersionSays() throws {
        let members = [member(1, role: .voter), saying([2], member(2, role: .voter)), member(3, role: .voter), saying([4], member(4))]
        let before = Membership(clusterID: ClusterID(high: 1, low: 2), members: members, extra: [9])
        var bench = Bench(entries: log(before))
        bench.lead(with: [2, 3])
        bench.acknowledge([2, 3, 4])
        bench.fire()
        bench.answerHeartbeat([2, 3, 4])
        let changes: [MembershipChange] = [
            .add(saying([5], member(5))), .promote(node(4)), .demote(node(2)), .remove(node(3)),
            .replace(node(3), with: saying([6], member(6))),
        ]
        for change in changes {
            let after = try bench.node.changed(by: change)
            #expect(after.extra == [9])
            for member in after.members { #expect(member.extra == expected[Int(member.id.rawValue)], "\(change)") }
        }
    }

    private let expected: [[UInt8]] = [[], [], [2], [], [4], [5], [6]]

    private func saying(_ extra: [UInt8], _ member: Membership.Member) -> Membership.Member {
        Membership.Member(
            id: member.id, name: member.name, role: member.role, address: member.address, webURL: member.webURL, extra: extra)
    }
}
