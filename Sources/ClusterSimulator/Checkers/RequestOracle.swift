import NodeReplica
import RaftCore

/// What an operator or a joining node is told: once at most, and what is called done is done.
struct RequestOracle {
    private var requests: [UInt64: Request] = [:]

    /// What was asked of a node.
    enum Request {
        case change(MembershipChange)
        case join(Membership.Member, isWiped: Bool)
        case transfer
    }

    /// What an answer means for the run.
    enum News: Equatable {
        case nothing
        case changed(FaultKind)
        case transferred
        /// A wiped disk under its old name was not taken in.
        case wipedRefused
    }

    mutating func asked(ticket: UInt64, _ request: Request) { requests[ticket] = request }

    /// Whoever asked has stopped waiting.
    mutating func gaveUp(ticket: UInt64) { requests[ticket] = nil }

    mutating func answered(
        _ id: NodeID, ticket: UInt64, _ outcome: RequestOutcome, _ replica: SimulatedReplica, _ ledger: Ledger
    ) throws(Violation) -> News {
        guard let request = requests.removeValue(forKey: ticket) else {
            throw Violation("request", "\(id) answered ticket \(ticket), which nobody holds")
        }
        switch (request, outcome) {
        case (.change(let change), .committed(let index)): return try changed(id, change, index, ledger)
        case (.join(let member, let isWiped), .committed(let index)):
            if isWiped, let other = other(of: member, before: index, ledger) { throw wiped(id, member, other) }
            let isPromotion = ledger.configurations.committed(at: index)?.member(member.id)?.role == .voter
            return try changed(id, isPromotion ? .promote(member.id) : .add(member), index, ledger)
        case (.join(let member, _), .joined):
            guard replica.membership?.member(member.id) != nil else {
                throw Violation("request", "\(id) told \(member.name) that it belongs, which it does not")
            }
            return .nothing
        case (.join(_, isWiped: true), .membershipRefused(.nameTaken)): return .wipedRefused
        case (.transfer, .transferred):
            guard !replica.inspection.isLeader else { throw Violation("request", "\(id) says it handed over, and leads") }
            return .transferred
        case (.transfer, .committed), (.transfer, .joined), (.change, .joined), (.change, .transferred), (.join, .transferred):
            throw Violation("request", "\(id) answered a request by \(outcome)")
        default: return .nothing
        }
    }

    private func changed(_ id: NodeID, _ change: MembershipChange, _ index: LogIndex, _ ledger: Ledger) throws(Violation) -> News {
        guard let membership = ledger.configurations.committed(at: index) else {
            throw Violation("request", "\(id) says that entry \(index) changed the configuration, which it does not")
        }
        let isDone: Bool
        let kind: FaultKind
        switch change {
        case .add(let member): (isDone, kind) = (RequestOracle.holds(membership, member), .join)
        case .promote(let node): (isDone, kind) = (membership.member(node)?.role == .voter, .promote)
        case .demote(let node): (isDone, kind) = (membership.member(node)?.role == .learner, .demote)
        case .remove(let node): (isDone, kind) = (membership.member(node) == nil, .remove)
        case .replace(let node, let member):
            (isDone, kind) = (membership.member(node) == nil && RequestOracle.holds(membership, member), .replace)
        }
        guard isDone else { throw Violation("request", "\(id) says that entry \(index) did what was asked, \(change)") }
        return .changed(kind)
    }

    /// Whether a newcomer is a learner, with all it said of itself.
    private static func holds(_ membership: Membership, _ newcomer: Membership.Member) -> Bool {
        guard let found = membership.member(newcomer.id) else { return false }
        return found.role == .learner && found.extra == newcomer.extra && found.name == newcomer.name && found.address == newcomer.address
    }

    /// The incarnation that had a member's name just before an index, if it was another one.
    private func other(of member: Membership.Member, before index: LogIndex, _ ledger: Ledger) -> NodeID? {
        let before = ledger.configurations.history.last { $0.index < index.rawValue }?.membership
        return before?.members.first { $0.name == member.name && $0.id != member.id }?.id
    }

    private func wiped(_ id: NodeID, _ member: Membership.Member, _ other: NodeID) -> Violation {
        Violation("request", "\(id) took in \(member.name) as \(member.id) while incarnation \(other) belongs")
    }
}
