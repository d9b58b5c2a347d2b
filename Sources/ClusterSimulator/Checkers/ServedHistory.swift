import ClusterHealth
import NodeReplica
import RaftCore
import ScrapeHistory

/// What scrapes say, and nothing else, held against what real processes' scrapes are held against.
struct ServedHistory {
    private var checks = ScrapeChecks()
    private var asked: [UInt64: Int64] = [:]
    /// The rows served last, as far as a scrape shows them, and in its words.
    private var rows = NodeMap<MemberRow>()
    private var members: [String: NodePicture.Member] = [:]
    private var transitions: [String: Int] = [:]
    /// How many committed configurations have been looked at.
    private var configurations = 1
    private var lastAnswer: Int64 = 0
    /// True time zero; only differences count.
    private let origin = ContinuousClock.now

    mutating func asked(ticket: UInt64, at now: Int64) { asked[ticket] = now }

    mutating func gaveUp(ticket: UInt64) { asked[ticket] = nil }

    mutating func answered(
        _ id: NodeID, ticket: UInt64, _ outcome: ProofOutcome, at now: Int64, _ ledger: ConfigurationLedger
    ) throws(Violation) {
        guard let began = asked.removeValue(forKey: ticket), case .proven(let snapshot) = outcome else { return }
        noteRemovals(through: snapshot.appliedIndex.rawValue, ledger, at: now)
        lastAnswer = now
        let scrape = Observation(
            node: id.description, began: origin + .nanoseconds(began), ended: origin + .nanoseconds(now),
            outcome: .success(picture(snapshot)))
        if let broken = checks.take(scrape).first { throw Violation("scrape-history", broken) }
    }

    /// Whom a configuration left out since the view served last.
    private mutating func noteRemovals(through index: UInt64, _ ledger: ConfigurationLedger, at now: Int64) {
        while configurations < ledger.history.count, ledger.history[configurations].index <= index {
            let (before, after) = (ledger.history[configurations - 1].membership, ledger.history[configurations].membership)
            for member in before.members where after.member(member.id) == nil {
                checks.note(
                    Removal(of: member.id.description, during: (origin + .nanoseconds(lastAnswer))...(origin + .nanoseconds(now))))
            }
            configurations += 1
        }
    }

    /// A member is named by its identity: one that comes back with an empty store is another one.
    private mutating func picture(_ snapshot: ReplicaSnapshot) -> NodePicture {
        let index = Int(snapshot.appliedIndex.rawValue)
        if !isShown(snapshot.view.rows) { show(snapshot.view.rows) }
        let view = NodePicture.View(
            term: Int(snapshot.appliedTerm.rawValue), index: index, members: members, transitions: transitions)
        return NodePicture(
            clusterID: snapshot.status.membership.map { "\($0.clusterID)" }, term: Int(snapshot.status.term.rawValue), appliedIndex: index,
            hasLeader: true, isLeader: true, view: view)
    }

    /// Most views are in these words as the one before.
    private func isShown(_ new: NodeMap<MemberRow>) -> Bool {
        new.count == rows.count
            && zip(new, rows).allSatisfy { new, old in
                new.id == old.id && new.value.state == old.value.state && new.value.isUp == old.value.isUp
                    && new.value.downReason == old.value.downReason && new.value.transitionsTo == old.value.transitionsTo
            }
    }

    private mutating func show(_ new: NodeMap<MemberRow>) {
        rows = new
        members = [:]
        transitions = [:]
        for (id, row) in new {
            let name = id.description
            members[name] = NodePicture.Member(isUp: row.isUp, state: "\(row.state)", reason: row.downReason.map { "\($0)" })
            for (state, count) in zip(MemberState.allCases, row.transitionsTo) { transitions["\(name) \(state)"] = Int(count) }
        }
    }
}
