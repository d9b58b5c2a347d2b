/// What must hold over all scrapes of a cluster, whatever was done to it. Each check returns what breaks it, in words; none is good.
public enum HistoryChecks {
    /// The checks that need to know nothing of what was done.
    public static func all(_ observations: [Observation], removals: [Removal] = []) -> [String] {
        viewsNeverGoBack(observations, removals: removals) + oneIndexIsOneView(observations) + oneNodeServesATerm(observations)
            + allAreOfOneCluster(observations) + malformed(observations)
    }

    /// Of two scrapes of which one ended before the other began, the later never shows an older view: not its index, not its term, not
    /// a transition counter.
    /// - Parameter removals: between two views of which the counters of that member may fall.
    public static func viewsNeverGoBack(_ observations: [Observation], removals: [Removal] = []) -> [String] {
        let served = observations.filter { $0.view != nil }
        let byEnd = served.sorted { $0.ended < $1.ended }
        var broken: [String] = []
        var next = 0
        var newest: (observation: Observation, view: NodePicture.View)?
        for later in served.sorted(by: { $0.began < $1.began }) {
            while next < byEnd.count, byEnd[next].ended < later.began {
                if let view = byEnd[next].view, view.index >= newest?.view.index ?? 0 { newest = (byEnd[next], view) }
                next += 1
            }
            guard let newest, let view = later.view else { continue }
            if view.index < newest.view.index || view.term < newest.view.term {
                broken.append(
                    "\(later.node) showed index \(view.index) of term \(view.term) after \(newest.observation.node) had shown "
                        + "\(newest.view.index) of \(newest.view.term)")
            }
            for (key, count) in newest.view.transitions where view.transitions[key] ?? 0 < count {
                let member = key.prefix { $0 != " " }
                let isNew = removals.contains { $0.member == member && $0.mayLie(between: newest.observation, and: later) }
                guard !isNew else { continue }
                broken.append("\(later.node): transitions \(key) fell from \(count) to \(view.transitions[key] ?? 0)")
            }
        }
        return broken
    }

    /// Whoever serves an index serves the same members' states.
    public static func oneIndexIsOneView(_ observations: [Observation]) -> [String] {
        var known: [Int: (node: String, view: NodePicture.View)] = [:]
        var broken: [String] = []
        for observation in observations {
            guard let view = observation.view else { continue }
            if let other = known[view.index], other.view != view {
                broken.append("\(observation.node) and \(other.node) differ at index \(view.index): \(view) and \(other.view)")
            }
            known[view.index] = (observation.node, view)
        }
        return broken
    }

    /// Scrapes that came, but could not be read.
    public static func malformed(_ observations: [Observation]) -> [String] {
        observations.compactMap { observation in
            guard case .failure(let failure) = observation.outcome, failure.isMalformed else { return nil }
            return "\(observation.node): \(failure)"
        }
    }

    /// At most one node serves the view of a term, over all time: a term has one leader.
    public static func oneNodeServesATerm(_ observations: [Observation]) -> [String] {
        var servers: [Int: String] = [:]
        var broken: [String] = []
        for observation in observations {
            guard let view = observation.view else { continue }
            if let other = servers[view.term], other != observation.node {
                broken.append("\(observation.node) served index \(view.index) of term \(view.term), which \(other) had served")
            } else {
                servers[view.term] = observation.node
            }
        }
        return broken
    }

    /// All nodes are of one cluster, over all time: whoever comes back does not found a second one.
    public static func allAreOfOneCluster(_ observations: [Observation]) -> [String] {
        var first: (node: String, id: String)?
        var broken: [String] = []
        for observation in observations {
            guard let id = observation.picture?.clusterID else { continue }
            let known = first ?? (observation.node, id)
            first = known
            if known.id != id { broken.append("\(observation.node) is of cluster \(id), \(known.node) of \(known.id)") }
        }
        return broken
    }

    /// These members are never shown down.
    public static func neverDown(_ members: [String], in observations: [Observation]) -> [String] {
        observations.flatMap { observation in
            members.compactMap { member in
                guard let row = observation.view?.members[member], row.isUp == false || row.state == "down" else { return nil }
                let index = observation.view?.index ?? 0
                return "\(observation.node) showed \(member) \(row.state) (\(row.reason ?? "no reason")) at index \(index)"
            }
        }
    }
}
