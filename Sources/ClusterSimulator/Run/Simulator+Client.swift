import NodeReplica
import RaftCore

// The client: scrapes every node, like Prometheus, and holds the answers against one another.

extension Simulator {
    mutating func scrape() throws(Violation) {
        heap.push(.scrape, at: now + random.around(plan.timing.scrapeInterval))
        let running = machines.indices.filter { machines[$0].isRunning }
        guard !running.isEmpty else { return }
        let asked = checkers.liveness.isWaiting ? running : [random.element(of: running)]
        for slot in asked where machines[slot].isRunning {
            lastTicket += 1
            checkers.scrapes.asked(ticket: lastTicket, checkers.ledger)
            checkers.history.asked(ticket: lastTicket, at: now)
            let budget = plan.timing.electionTimeout + random.number(from: 0, to: plan.timing.electionTimeout)
            heap.push(.abandon(slot: slot, boot: machines[slot].boot, ticket: lastTicket), at: now + budget)
            try feed(.proofRequested(ticket: lastTicket), to: slot)
        }
    }

    mutating func answered(_ ticket: UInt64, _ outcome: ProofOutcome, by slot: Int) throws(Violation) {
        var canonical = checkers.stateMachineSafety.view(at: .zero)
        if case .proven(let snapshot) = outcome { canonical = checkers.stateMachineSafety.view(at: snapshot.appliedIndex) }
        let elections = checkers.electionSafety
        var isProven = false
        if case .proven = outcome { isProven = true }
        try checkers.rounds.answered(
            machines[slot].identity.id, ticket: ticket, isProven: isProven, term: machines[slot].standing.term,
            voters: machines[slot].replica?.membership?.voters ?? [], at: report.events)
        if checkers.planted == machines[slot].identity.id { return checkers.gaveUp(ticket: ticket) }
        let served = try checkers.scrapes.answered(
            machines[slot].identity.id, ticket: ticket, outcome, local: machines[slot].clock.moment(at: now).monotonic,
            limit: configuration.serveLimit, canonical: canonical, leader: { elections.leader(of: $0) }, checkers.ledger)
        try checkers.history.answered(machines[slot].identity.id, ticket: ticket, outcome, at: now, checkers.ledger.configurations)
        guard let served, checkers.liveness.isWaiting else { return }
        checkers.liveness.scraped(served)
    }

    mutating func abandon(_ slot: Int, _ boot: UInt32, _ ticket: UInt64) throws(Violation) {
        guard machines[slot].boot == boot, machines[slot].hasProcess else { return checkers.gaveUp(ticket: ticket) }
        // A frozen process may still answer before it reads that nobody waits.
        if machines[slot].isRunning { checkers.gaveUp(ticket: ticket) }
        try feed(.proofAbandoned(ticket: ticket), to: slot)
    }
}
