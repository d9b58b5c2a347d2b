import ClusterHealth
import NodeReplica
import RaftCore

/// What a client that scrapes every node may see: only committed views, each at least as new as everything known to be committed when it
/// asked and as every view served before it asked; by the leader of the view's term after a round of its own term; never an old one.
struct ScrapeOracle {
    private var requests: [UInt64: Request] = [:]
    /// When each entry was proposed, by the proposer's own clock.
    private var proposals: [Place: Proposal] = [:]
    private var newestServed: UInt64 = 0
    private(set) var served = 0
    private(set) var refused = 0

    private struct Request {
        var committed: UInt64
        var served: UInt64
    }

    private struct Place: Hashable {
        var index: UInt64
        var term: UInt64
    }

    private struct Proposal {
        var local: Int64
        var at: Int64
    }

    /// What was served.
    struct Served {
        var index: LogIndex
        /// True time at which the newest round in the view was proposed.
        var roundProposedAt: Int64
    }

    mutating func proposed(_ index: LogIndex, _ term: Term, local: MonotonicInstant, at now: Int64) {
        let place = Place(index: index.rawValue, term: term.rawValue)
        if proposals[place] == nil { proposals[place] = Proposal(local: local.nanoseconds, at: now) }
    }

    /// When an entry was proposed, in true time; nil for one that nobody was seen to propose.
    func proposedAt(_ index: UInt64, _ term: UInt64) -> Int64? { proposals[Place(index: index, term: term)]?.at }

    mutating func asked(ticket: UInt64, _ ledger: Ledger) {
        requests[ticket] = Request(committed: ledger.committedIndex, served: newestServed)
    }

    mutating func gaveUp(ticket: UInt64) { requests[ticket] = nil }

    /// - Returns: what was served, if anything was.
    mutating func answered(
        _ id: NodeID, ticket: UInt64, _ outcome: ProofOutcome, local: MonotonicInstant, limit: Duration, canonical: ClusterHealthView?,
        leader: (Term) -> NodeID?, _ ledger: Ledger
    ) throws(Violation) -> Served? {
        guard let request = requests.removeValue(forKey: ticket) else {
            throw Violation("scrape", "\(id) answered ticket \(ticket), which nobody holds")
        }
        guard case .proven(let snapshot) = outcome else {
            refused += 1
            return nil
        }
        let index = snapshot.appliedIndex.rawValue
        guard index <= ledger.committedIndex else { throw fail(id, "view at \(index), committed is \(ledger.committedIndex)") }
        guard index >= request.committed else {
            throw fail(id, "view at \(index), \(request.committed) was committed before the request")
        }
        guard index >= request.served else { throw fail(id, "view at \(index) after one at \(request.served)") }
        if let canonical, canonical != snapshot.view { throw fail(id, "another view at \(index) than was applied") }
        let term = snapshot.status.term
        guard snapshot.status.role == .leader, leader(term) == id else { throw fail(id, "view of term \(term), which it does not lead") }
        let result = try checkRound(id, index, term, local, limit, ledger)
        newestServed = max(newestServed, index)
        served += 1
        return result
    }

    private func checkRound(
        _ id: NodeID, _ index: UInt64, _ term: Term, _ local: MonotonicInstant, _ limit: Duration, _ ledger: Ledger
    ) throws(Violation) -> Served {
        let round = index == 0 ? 0 : ledger.committed[Int(index) - 1].lastCommand
        guard round > 0, ledger.committed[Int(round) - 1].entry.term == term.rawValue else {
            throw fail(id, "view at \(index) without a round of its term \(term)")
        }
        guard let proposal = proposals[Place(index: round, term: term.rawValue)] else {
            throw fail(id, "round \(round) of term \(term), which nobody proposed")
        }
        let age = local.nanoseconds - proposal.local
        guard age <= limit.wholeNanoseconds else {
            throw fail(id, "view whose last round is \(age / RunPlan.millisecond) ms old, at most \(limit) are allowed")
        }
        return Served(index: LogIndex(index), roundProposedAt: proposal.at)
    }

    private func fail(_ id: NodeID, _ words: String) -> Violation { Violation("scrape", "\(id) served a \(words)") }
}
