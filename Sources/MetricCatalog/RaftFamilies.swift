import Exposition
import RaftCore

extension Catalog {
    /// This node's consensus.
    static func raftFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        positionFamilies(facts) + roleFamilies(facts) + electionFamilies(facts.status) + proposalFamilies(facts)
    }

    private static func positionFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        let status = facts.status
        return [
            RaftMetrics.term.family(.unsigned(status.term.rawValue)),
            RaftMetrics.commitIndex.family(.unsigned(status.commitIndex.rawValue)),
            RaftMetrics.appliedIndex.family(.unsigned(facts.appliedIndex.rawValue)),
            RaftMetrics.lastLogIndex.family(.unsigned(status.lastLogIndex.rawValue)),
            RaftMetrics.firstLogIndex.family(.unsigned(status.firstLogIndex.rawValue)),
            RaftMetrics.snapshotLastIndex.family(.unsigned(status.snapshotIndex.rawValue)),
        ]
    }

    private static func roleFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        let status = facts.status
        // The configuration applied may lag behind the governing one, or the other way round: a name from either will do.
        let leader = status.leader.flatMap { (facts.membership?.member($0) ?? status.membership?.member($0))?.name }
        return [
            RaftMetrics.role.family(
                RaftStatus.RoleName.allCases.map { Sample(Labels(("role", $0.label)), .flag($0 == status.role)) }),
            RaftMetrics.isLeader.family(.flag(status.role == .leader)),
            RaftMetrics.hasLeader.family(.flag(status.leader != nil)),
            RaftMetrics.leaderInfo.family(leader.map { [Sample(Labels(("member", $0)), .unsigned(1))] } ?? []),
        ]
    }

    private static func electionFamilies(_ status: RaftStatus) -> [MetricFamily] {
        let counters = status.counters
        return [
            RaftMetrics.leaderChanges.family(.unsigned(counters.leaderChanges)),
            RaftMetrics.electionsStarted.family(.unsigned(counters.electionsStarted)),
            RaftMetrics.electionsWon.family(.unsigned(counters.electionsWon)),
            RaftMetrics.preVotesRefused.family(samples(counters.preVotesRefused, VoteRefusal.allCases.map(\.label))),
            RaftMetrics.stepDowns.family(samples(counters.stepDowns, StepDownReason.allCases.map(\.label))),
            RaftMetrics.failureTolerance.family(status.failureTolerance.map { .signed(Int64($0)) }),
        ]
    }

    private static func proposalFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        let counters = facts.status.counters
        return [
            RaftMetrics.proposals.family(.unsigned(counters.proposals)),
            RaftMetrics.proposalsFailed.family(samples(counters.proposalsFailed, ProposalRefusal.allCases.map(\.label))),
            RaftMetrics.proposalsPending.family(.signed(Int64(facts.status.proposalsPending))),
            RaftMetrics.commitDuration.family(facts.commitDuration),
        ]
    }
}

/// One sample for each reason, 0 for those that never happened.
private func samples(_ counts: [UInt64], _ reasons: [String]) -> [Sample] {
    zip(counts, reasons).map { Sample(Labels(("reason", $1)), .unsigned($0)) }
}
