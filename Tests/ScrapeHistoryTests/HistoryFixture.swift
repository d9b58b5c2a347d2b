import ScrapeHistory

/// Made-up histories, told in milliseconds from a start.
struct HistoryFixture {
    let start = ContinuousClock.now
    /// The wall clock at the start, in seconds.
    let wall = 1_700_000_000.0

    func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    /// A scrape that took ten milliseconds and showed a view.
    /// - Parameters:
    ///   - down: members shown down; the others are up.
    ///   - roundAt: when its round was proposed; at the scrape itself when nil.
    func served(
        _ node: String, at from: Int, until to: Int? = nil, term: Int = 1, index: Int, members: [String] = ["a", "b", "c"],
        down: [String] = [], transitions: [String: Int] = [:], roundAt: Int? = nil
    ) -> Observation {
        let rows = members.map { name in
            (name, NodePicture.Member(isUp: !down.contains(name), state: down.contains(name) ? "down" : "up"))
        }
        let view = NodePicture.View(
            term: term, index: index, members: Dictionary(uniqueKeysWithValues: rows), transitions: transitions)
        return scrape(node, at: from, until: to, term: term, applied: index, leads: true, roundAt: roundAt, view: view)
    }

    /// A scrape of a node that follows somebody, or nobody.
    func silent(
        _ node: String, at from: Int, term: Int = 1, applied: Int = 0, hasLeader: Bool = true, cluster: String? = nil
    ) -> Observation {
        scrape(
            node, at: from, until: nil, term: term, applied: applied, hasLeader: hasLeader, leads: false, roundAt: nil, view: nil,
            cluster: cluster)
    }

    func failed(_ node: String, at from: Int, _ failure: ScrapeFailure) -> Observation {
        Observation(node: node, began: at(from), ended: at(from + 10), outcome: .failure(failure))
    }

    private func scrape(
        _ node: String, at from: Int, until to: Int?, term: Int, applied: Int, hasLeader: Bool = true, leads: Bool, roundAt: Int?,
        view: NodePicture.View?, cluster: String? = nil
    ) -> Observation {
        let picture = NodePicture(
            clusterID: cluster, term: term, appliedIndex: applied, hasLeader: hasLeader, isLeader: leads,
            roundTimestampSeconds: wall + Double(roundAt ?? from) / 1_000, view: view)
        return Observation(
            node: node, began: at(from), ended: at(to ?? from + 10), wallSecondsAtBegin: wall + Double(from) / 1_000,
            outcome: .success(picture))
    }
}

extension Course {
    /// Adds a deed that took ten milliseconds.
    mutating func add(_ what: String, in fixture: HistoryFixture, at milliseconds: Int, _ change: (inout Situation) -> Void) {
        add(what, from: fixture.at(milliseconds), to: fixture.at(milliseconds + 10), change)
    }
}

/// Packets pass between these two no more, in neither direction.
func cutBothWays(_ one: String, _ other: String) -> Set<Situation.Way> {
    [Situation.Way(from: one, to: other), Situation.Way(from: other, to: one)]
}
