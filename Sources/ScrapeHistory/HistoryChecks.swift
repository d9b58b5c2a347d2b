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
        var check = ViewOrder(removals: removals)
        return views(observations).flatMap { check.take($0, $1) }
    }

    /// Whoever serves an index serves the same members' states.
    public static func oneIndexIsOneView(_ observations: [Observation]) -> [String] {
        var check = ViewsByIndex()
        return views(observations).compactMap { check.take($0, $1) }
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
        var check = ServersByTerm()
        return views(observations).compactMap { check.take($0, $1) }
    }

    /// All nodes are of one cluster, over all time: whoever comes back does not found a second one.
    public static func allAreOfOneCluster(_ observations: [Observation]) -> [String] {
        var check = SingleCluster()
        return observations.compactMap { check.take($0) }
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

    /// The scrapes with a view, in the order in which the answers came.
    static func views(_ observations: [Observation]) -> [(Observation, NodePicture.View)] {
        observations.sorted { $0.ended < $1.ended }.compactMap { scrape in scrape.view.map { (scrape, $0) } }
    }
}
