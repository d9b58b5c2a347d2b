public import RaftCore

/// How an operator's request, or a node's to be taken in, ended.
public enum RequestOutcome: Equatable, Sendable {
    /// The change is committed, at this index.
    case committed(LogIndex)
    /// Another node leads, or is just being told to.
    case transferred
    /// The node that asks belongs already: as learner until it has caught up, then as voter.
    case joined
    case membershipRefused(MembershipRefusal)
    case transferRefused(TransferRefusal)
    /// The target did not take over within an election timeout.
    case transferFailed
    /// This node stopped leading before the outcome was known: the change may or may not come about.
    case leadershipLost
}

/// Requests whose outcome is not known yet.
struct RequestTable: Equatable, Sendable {
    /// Ascending by index; at most one of them is not committed.
    private var changes: [(ticket: UInt64, position: LogPosition)] = []
    private var transfers: [UInt64] = []

    var hasTransfers: Bool { !transfers.isEmpty }

    mutating func proposed(_ ticket: UInt64, at position: LogPosition) { changes.append((ticket, position)) }

    mutating func transferring(_ ticket: UInt64) { transfers.append(ticket) }

    mutating func abandon(_ ticket: UInt64) {
        changes.removeAll { $0.ticket == ticket }
        transfers.removeAll { $0 == ticket }
    }

    /// The changes that an applied entry decides: committed when it is theirs, lost when it took their place.
    mutating func takeDecided(by position: LogPosition) -> [(ticket: UInt64, outcome: RequestOutcome)] {
        let due = changes.filter { $0.position.index <= position.index }
        changes.removeAll { $0.position.index <= position.index }
        return due.map { ($0.ticket, $0.position == position ? .committed(position.index) : .leadershipLost) }
    }

    mutating func takeChanges() -> [UInt64] {
        defer { changes = [] }
        return changes.map(\.ticket)
    }

    mutating func takeTransfers() -> [UInt64] {
        defer { transfers = [] }
        return transfers
    }

    static func == (lhs: RequestTable, rhs: RequestTable) -> Bool {
        lhs.changes.elementsEqual(rhs.changes, by: ==) && lhs.transfers == rhs.transfers
    }
}

extension Replica {
    mutating func changeMembership(_ change: MembershipChange, ticket: UInt64) {
        do {
            let index = try raft.proposeMembership(change, now: now)
            requests.proposed(ticket, at: LogPosition(index: index, term: raft.currentTerm))
        } catch {
            effects.append(.answerRequest(ticket: ticket, .membershipRefused(error)))
        }
    }

    /// A node asks to be taken in; it asks again until it is a voter, so nothing is remembered of it here.
    mutating func join(_ newcomer: Membership.Member, ticket: UInt64) {
        guard raft.isLeader, let membership = raft.membership else {
            return effects.append(.answerRequest(ticket: ticket, .membershipRefused(.notLeader)))
        }
        guard let member = membership.member(newcomer.id) else { return changeMembership(.add(newcomer), ticket: ticket) }
        switch member.role {
        case .learner where raft.hasCaughtUp(member.id): changeMembership(.promote(member.id), ticket: ticket)
        case .learner, .voter: effects.append(.answerRequest(ticket: ticket, .joined))
        }
    }

    mutating func transferLeadership(to target: NodeID?, ticket: UInt64) {
        do {
            try raft.transferLeadership(to: target, now: now)
            requests.transferring(ticket)
        } catch {
            effects.append(.answerRequest(ticket: ticket, .transferRefused(error)))
        }
    }

    /// A transfer that is no longer under way while this node still leads has failed.
    mutating func answerFailedTransfers() {
        guard requests.hasTransfers, raft.isLeader, !raft.isTransferring else { return }
        for ticket in requests.takeTransfers() { effects.append(.answerRequest(ticket: ticket, .transferFailed)) }
    }

    /// This node leads no longer. A leader that a change removed stands down because that is committed: its answer is on the way.
    mutating func answerRequestsOnStepDown(_ reason: StepDownReason) {
        for ticket in requests.takeTransfers() {
            effects.append(.answerRequest(ticket: ticket, reason == .transferred ? .transferred : .leadershipLost))
        }
        guard reason != .removed else { return }
        for ticket in requests.takeChanges() { effects.append(.answerRequest(ticket: ticket, .leadershipLost)) }
    }
}
