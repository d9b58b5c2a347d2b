import ClusterHealth
import NodeReplica
import RaftCore

/// Every round says what was really reported, and decides what its reports show: counted again by the words of the design, not by the rule.
struct VerdictEvidence {
    private let freshness: Duration
    /// The reports that reached each leader.
    private var reports: [NodeID: Delivered] = [:]

    private struct Delivered {
        var term: Term
        var newest = NodeMap<(report: ObserverReport, at: MonotonicInstant)>()
    }

    init(freshness: Duration) { self.freshness = freshness }

    /// A frame is handed to a node that leads.
    mutating func delivered(
        _ message: Message, _ health: HealthAttachment?, from sender: NodeID, to id: NodeID, term: Term, local: MonotonicInstant
    ) {
        guard case .heartbeatReply = message.body, message.term == term, let report = health?.report, report.observer == sender else {
            return
        }
        if reports[id]?.term != term { reports[id] = Delivered(term: term) }
        reports[id]?.newest[sender] = (report, local)
    }

    /// A leader has put a round into its log, drawn from the view it holds.
    func proposed(
        _ round: HealthRound, in entry: LogEntry, by id: NodeID, _ replica: SimulatedReplica, local: MonotonicInstant,
        _ honesty: ObserverHonesty
    ) throws(Violation) {
        let voters = replica.membership?.voters ?? []
        for (observer, report) in round.reports {
            guard voters.contains(observer) else { throw fail(id, entry, "holds a report of \(observer), which is no voter") }
            if observer == id { try honesty.said(report, by: id, at: local) } else { try check(report, of: observer, id, entry, local) }
        }
        let view = replica.inspectedView
        for (member, row) in view.rows { try check(member, row, round, voters, id, entry) }
        for (member, _) in round.decisions where !view.rows.contains(member) {
            throw fail(id, entry, "decides on \(member), which does not belong")
        }
    }

    private func check(
        _ report: ObserverReport, of observer: NodeID, _ id: NodeID, _ entry: LogEntry, _ local: MonotonicInstant
    ) throws(Violation) {
        guard let delivered = reports[id], delivered.term == entry.term, let newest = delivered.newest[observer] else {
            throw fail(id, entry, "holds a report that \(observer) never made to it in its term")
        }
        guard newest.report == report else { throw fail(id, entry, "holds another report than \(observer) made") }
        guard local - newest.at < freshness else { throw fail(id, entry, "holds a report of \(observer) that is \(local - newest.at) old") }
    }

    private func check(
        _ member: NodeID, _ row: MemberRow, _ round: HealthRound, _ voters: [NodeID], _ id: NodeID, _ entry: LogEntry
    ) throws(Violation) {
        let said = voters.filter { $0 != member }.compactMap { round.reports[$0]?.observations[member] }
        let lost = said.count { $0.isLost }
        let isStopping = (round.samples[member] ?? row.sample)?.stopping ?? false
        let isConclusive = voters.count { round.reports.contains($0) } >= Quorum.majority(of: voters.count)
        let isLost = isConclusive && (lost >= Quorum.majority(of: voters.count) || (isStopping && lost > 0))
        let decision = round.decisions[member]
        guard isConclusive || decision == nil else { throw fail(id, entry, "decides on \(row.name) without a majority's reports") }
        let wasDown = row.isUp == false
        let isDown = decision.map { $0.downReason != nil } ?? wasDown
        if isDown, !wasDown, !isLost { throw fail(id, entry, "calls \(row.name) down, which \(lost) of \(voters.count) voters have lost") }
        if !isDown, isLost { throw fail(id, entry, "does not call \(row.name) down, which \(lost) of \(voters.count) voters have lost") }
        let reaching = said.count { $0 == .reaching }
        if wasDown, !isDown, reaching == 0, voters != [member] { throw fail(id, entry, "calls \(row.name) up, which nobody reaches") }
    }

    private func fail(_ id: NodeID, _ entry: LogEntry, _ words: String) -> Violation {
        Violation("verdict-evidence", "round \(entry.index) of \(id) in term \(entry.term) \(words)")
    }
}
