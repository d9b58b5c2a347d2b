import ClusterHealth
public import Exposition
import RaftCore

extension Catalog {
    /// All families that the proven leader adds, in the order of `all`: `committedFamilies`, then `trackedFamilies`.
    ///
    /// Linear in the number of members, but for their sorting and the link matrix.
    public static func viewFamilies(_ facts: ViewFacts) -> [MetricFamily] {
        let members = NamedMember.sorted(facts.view.rows)
        return committedFamilies(facts, members) + trackedFamilies(facts.tracking, members)
    }

    /// The families that depend on nothing but the applied log: the same for as long as term and index are.
    public static func committedFamilies(_ facts: ViewFacts) -> [MetricFamily] {
        committedFamilies(facts, NamedMember.sorted(facts.view.rows))
    }

    /// The families from the leader's own tracking, which changes with every heartbeat.
    public static func trackedFamilies(_ facts: ViewFacts) -> [MetricFamily] {
        trackedFamilies(facts.tracking, NamedMember.sorted(facts.view.rows))
    }

    private static func committedFamilies(_ facts: ViewFacts, _ members: [NamedMember]) -> [MetricFamily] {
        var states = StateSamples(members.count)
        var resources = ResourceSamples(members.count)
        var raft = MemberRaftSamples()
        let rows = facts.view.rows.values
        for member in members {
            let row = rows[member.position]
            states.add(row, member.labels)
            guard let sample = row.sample else { continue }
            states.add(sample, member.labels)
            resources.add(sample.resources, member.labels)
            if let counters = sample.raft { raft.add(counters, member.labels) }
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
            let from = Labels(("from", observer.name))
            for member in members where member.id != observer.id {
                guard let observation = report.observations[member.id] else { continue }
                if observation == .noOpinion { continue }
                samples.append(Sample(from.adding("to", member.name), .flag(!observation.isLost)))
            }
        }
        return samples
    }

    private static func trackedFamilies(_ tracking: ViewFacts.LeaderTracking, _ members: [NamedMember]) -> [MetricFamily] {
        var samples = TrackingSamples(members.count)
        for member in members { samples.add(tracking, member) }
        return samples.families
    }
}
