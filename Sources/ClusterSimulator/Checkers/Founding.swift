import RaftCore

/// A cluster is founded of all its initial members and once: of a majority of them, two wiped disks out of three would found a second one.
enum Founding {
    static func check(_ founders: [Membership.Member], against initial: Membership, by id: NodeID, _ ledger: Ledger) throws(Violation) {
        let missing = initial.members.filter { member in !founders.contains { $0.id == member.id } }
        guard missing.isEmpty, founders.count == initial.members.count else {
            throw Violation("founding", "\(id) founds a cluster without \(missing.map(\.name)), with \(founders.map(\.name))")
        }
        guard ledger.committed.isEmpty else {
            throw Violation("founding", "\(id) founds a cluster where one has committed \(ledger.committed.count) entries")
        }
    }
}
