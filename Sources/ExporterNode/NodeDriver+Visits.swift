import ClusterTransport
import NIOCore
import NodeReplica
import RaftCore
import WireFormat

// Operators who name a node by its address: it is dialled, and says who it is.

/// A look that somebody waits for.
struct PendingVisit {
    let visit: Visit
    let answer: @Sendable (Visit.Finding) -> Void
    let expiry: Scheduled<Void>
}

extension NodeDriver {
    /// Within this a waiting node must have answered.
    static let visitBudget = Duration.seconds(3)

    /// Looks at the node that waits at an address.
    ///
    /// - Parameter replacing: the member whose place it takes; nil when it is added.
    func look(_ visit: Visit, replacing: NodeID?) async -> Visit.Finding {
        await withCheckedContinuation { continuation in
            begin(visit, replacing: replacing) { continuation.resume(returning: $0) }
        }
    }

    private func begin(_ visit: Visit, replacing: NodeID?, answer: @escaping @Sendable (Visit.Finding) -> Void) {
        guard visits.count < NodeDriver.maximumRequests, !hasEnded else { return answer(.nothing(OperatorWords.tooMany)) }
        let number = nextTicket()
        let expiry = schedule(in: NodeDriver.visitBudget) { $0.end(number, .nothing("no answer from there")) }
        visits[number] = PendingVisit(visit: visit, answer: answer, expiry: expiry)
        if let hello = transport?.helloOnEventLoop(at: visit.address) { return end(number, visit.judge(hello)) }
        refreshPeers()
        if let replacing { transport?.probe(replacing) }
    }

    /// Lets an event of the transport end the looks that it is about.
    func endVisits(_ finding: (Visit) -> Visit.Finding?) {
        for (number, pending) in visits {
            if let found = finding(pending.visit) { end(number, found) }
        }
    }

    private func end(_ number: UInt64, _ finding: Visit.Finding) {
        guard let pending = visits.removeValue(forKey: number) else { return }
        pending.expiry.cancel()
        if !hasEnded { refreshPeers() }
        pending.answer(finding)
    }

    /// The node ends.
    func abandonVisits() { for number in visits.keys.sorted() { end(number, .nothing("this node is stopping")) } }
}
