public import RaftCore

extension ClusterHealthView {
    /// What applying a round did.
    public struct ApplyOutcome: Equatable, Sendable {
        /// The changes of state it made, ascending by member.
        public var transitions: [Transition]
        /// How the rule of this process differs from the round's decisions; nil when it agrees, or is of another version.
        ///
        /// The view has taken the round's decisions all the same. A process that diverges has a bug or broken memory and must stop.
        public var divergence: String?

        public init(transitions: [Transition] = [], divergence: String? = nil) {
            self.transitions = transitions
            self.divergence = divergence
        }
    }

    /// Takes a membership: rows of those who stay keep everything, those who left vanish, new ones start unknown.
    public mutating func apply(_ membership: Membership) {
        var kept = NodeMap<MemberRow>()
        for member in membership.members {
            var row = rows[member.id] ?? newRow(member)
            row.update(from: member)
            kept[member.id] = row
        }
        self.membership = membership
        rows = kept
        links = linksBetweenMembers(links)
    }

    /// Takes a round: its samples, what its reports say of who is in contact, and its decisions.
    ///
    /// Deterministic: it reads no clock and no flag, and decides nothing. A round of the same rule version is also derived again from
    /// its evidence and compared. A cluster time below the view's counts as the view's; decisions and samples of nodes without a row
    /// change nothing.
    public mutating func apply(_ round: HealthRound) -> ApplyOutcome {
        let divergence = divergence(from: round)
        let time = max(round.clusterTime, clusterTime ?? round.clusterTime)
        let voters = membership?.voters ?? []
        let conclusive = Evidence.isConclusive(round.reports, voters: voters)
        var changes: [Transition] = []
        let isFirst = clusterTime == nil
        rows.updateEach { member, row in
            if isFirst { row.enter(at: time, wallTime: round.wallTime) }
            if let sample = round.samples[member] { row.sample = sample }
            row.take(Evidence(of: member, voters: voters, reports: round.reports), conclusive: conclusive, at: time)
            let from = row.state
            row.take(round.decisions[member], at: time, windowMilliseconds: round.settings.flapWindowMilliseconds)
            guard row.state != from else { return }
            row.enter(at: time, wallTime: round.wallTime)
            row.countTransition()
            changes.append(
                Transition(
                    member: member, name: row.name, from: from, to: row.state, reason: row.downReason, clusterTime: time,
                    wallTime: round.wallTime))
        }
        clusterTime = time
        wallTime = round.wallTime
        links = linksBetweenMembers(round.reports)
        transitions.append(contentsOf: changes)
        transitions.removeFirst(max(0, transitions.count - ClusterHealthView.maximumTransitions))
        return ApplyOutcome(transitions: changes, divergence: divergence)
    }

    private func newRow(_ member: Membership.Member) -> MemberRow {
        var row = MemberRow(member)
        if let clusterTime, let wallTime { row.enter(at: clusterTime, wallTime: wallTime) }
        return row
    }

    private func linksBetweenMembers(_ reports: NodeMap<ObserverReport>) -> NodeMap<ObserverReport> {
        var links = reports
        links.keep { observer, _ in rows.contains(observer) }
        links.updateEach { observer, report in
            report.observations.keep { member, _ in member != observer && rows.contains(member) }
        }
        return links
    }

    private func divergence(from round: HealthRound) -> String? {
        guard round.ruleVersion == VerdictRule.version else { return nil }
        let derived = VerdictRule.decide(
            view: self, clusterTime: round.clusterTime, settings: round.settings, reports: round.reports, samples: round.samples)
        guard derived != round.decisions else { return nil }
        var either = derived
        for (member, decision) in round.decisions { either[member] = decision }
        let differences = either.nodes.filter { derived[$0] != round.decisions[$0] }.map { member in
            "\(rows[member]?.name ?? "no member") (\(member)): the round says \(words(round.decisions[member])), "
                + "this process derives \(words(derived[member]))"
        }
        return "the verdict at cluster time \(round.clusterTime.milliseconds) diverges: " + differences.joined(separator: "; ")
    }
    private func words(_ decision: HealthRound.Decision?) -> String {
        guard let decision else { return "no change" }
        let reason = decision.downReason.map { " (\($0.label))" } ?? ""
        return decision.state.label + reason + (decision.flapping ? " flapping" : "")
    }
}

extension ClusterHealthView {
    /// Whether applying a round would start or end the wait of a down member for being up again.
    func wouldStartOrEndAWait(_ round: HealthRound) -> Bool {
        let voters = membership?.voters ?? []
        guard Evidence.isConclusive(round.reports, voters: voters) else { return false }
        return rows.contains { member, row in
            guard row.isUp == false else { return false }
            let stopping = (round.samples[member] ?? row.sample)?.stopping ?? false
            let reachable = Evidence(of: member, voters: voters, reports: round.reports).isReachable(stopping: stopping)
            return reachable != (row.reachableSince != nil)
        }
    }
}
