import ClusterHealth
public import Exposition
import RaftCore

extension Catalog {
    /// All families that the proven leader adds, in the order of `all`: `committedFamilies`, then `trackedFamilies`.
    ///
    /// Linear in the number of members, but for their sorting and the link matrix.
    public static func viewFamilies(_ facts: ViewFacts) -> [MetricFamily] {
        let members = NamedMember.sorted(facts.view)
        return committedFamilies(facts, members) + trackedFamilies(facts.tracking, members)
    }

    /// The families that depend on nothing but the applied log: the same for as long as term and index are.
    public static func committedFamilies(_ facts: ViewFacts) -> [MetricFamily] {
        committedFamilies(facts, NamedMember.sorted(facts.view))
    }

    /// The families from the leader's own tracking, which changes with every heartbeat.
    public static func trackedFamilies(_ facts: ViewFacts) -> [MetricFamily] {
        trackedFamilies(facts.tracking, NamedMember.sorted(facts.view))
    }

    private static func committedFamilies(_ facts: ViewFacts, _ members: [NamedMember]) -> [MetricFamily] {
        var states = StateSamples(members.count)
        var resources = ResourceSamples(members.count)
        var raft = MemberRaftSamples()
        for member in members {
            states.add(member)
            guard let sample = member.row.sample else { continue }
            states.add(sample, of: member)
            resources.add(sample.resources, of: member)
            if let counters = sample.raft { raft.add(counters, of: member) }
        }
        let whole = [
            ViewMetrics.term.family(.unsigned(facts.term.rawValue)),
            ViewMetrics.index.family(.unsigned(facts.index.rawValue)),
            ViewMetrics.linkUp.family(members.count <= facts.linkMatrixMaximumMembers ? linkSamples(facts.view.links, members) : []),
        ]
        return whole + states.families + resources.families + raft.families
    }

    /// Only links between members; an observer says nothing of itself.
    private static func linkSamples(_ links: NodeMap<ObserverReport>, _ members: [NamedMember]) -> [Sample] {
        var samples: [Sample] = []
        for observer in members {
            guard let report = links[observer.id] else { continue }
            let from = Labels(("from", observer.row.name))
            for member in members where member.id != observer.id {
                guard let observation = report.observations[member.id] else { continue }
                if observation == .noOpinion { continue }
                samples.append(Sample(from.adding("to", member.row.name), .flag(!observation.isLost)))
            }
        }
        return samples
    }

    private static func trackedFamilies(_ tracking: ViewFacts.LeaderTracking, _ members: [NamedMember]) -> [MetricFamily] {
        let others = members.filter { $0.id != tracking.leader }
        let progress = others.compactMap { member in tracking.progress[member.id].map { (labels: member.labels, progress: $0) } }
        return [
            TrackingMetrics.lastContact.family(
                members.compactMap { member in tracking.lastContact[member.id].map { Sample(member.labels, seconds($0)) } }),
            TrackingMetrics.matchIndex.family(progress.map { Sample($0.labels, .unsigned($0.progress.matchIndex.rawValue)) }),
            TrackingMetrics.lagEntries.family(progress.map { Sample($0.labels, .unsigned($0.progress.lagEntries)) }),
            TrackingMetrics.lagSeconds.family(progress.map { Sample($0.labels, seconds($0.progress.lag)) }),
            TrackingMetrics.heartbeatRoundTrip.family(
                others.compactMap { member in tracking.heartbeatRoundTrip[member.id].map { Sample(member.labels, seconds($0)) } }),
            TrackingMetrics.heartbeats.family(others.map { Sample($0.labels, .unsigned(tracking.heartbeats[$0.id] ?? 0)) }),
            TrackingMetrics.heartbeatFailures.family(others.map { Sample($0.labels, .unsigned(tracking.heartbeatFailures[$0.id] ?? 0)) }),
        ]
    }
}
