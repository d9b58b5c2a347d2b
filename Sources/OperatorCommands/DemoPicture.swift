import FoundationEssentials
import StatusDocuments

/// What the demo knows of the three at one moment.
struct DemoPicture: Equatable {
    /// In the plan's order.
    var nodes: [Node]
    /// What the proven leader answered; nil when none of the three could prove itself.
    var view: ViewDocument?

    /// One node: its process, and what it says of itself.
    struct Node: Equatable {
        let member: DemoPlan.Member
        let process: ProcessTable.State
        /// Nil when it does not answer.
        let status: StatusDocument?
    }

    /// The member the proven leader's view has for a name.
    func state(of name: String) -> MemberStateDocument? { view?.members.first { $0.member == name } }

    /// Who leads, proved.
    var leader: String? { view?.leader.member }

    /// Whether all three follow the proven leader in its term, and its view has all three up.
    var isAgreed: Bool {
        guard let view, let leader, view.members.count == nodes.count else { return false }
        return nodes.allSatisfy { $0.status?.leader?.member == leader && $0.status?.term == view.term }
            && view.members.allSatisfy { $0.state == "up" }
    }

    /// Whether chaos may strike: all three run and agree.
    var isWell: Bool {
        isAgreed
            && nodes.allSatisfy {
                if case .running = $0.process { true } else { false }
            }
    }
}

/// Asks the three.
enum DemoPoll {
    /// Within this an answer must be there.
    static let budgetSeconds = 0.8

    static func picture(_ plan: DemoPlan, _ table: ProcessTable, isCancelled: () -> Bool) -> DemoPicture {
        let count = plan.members.count
        let requests = ["/api/v1/status", "/api/v1/view"].flatMap { path in
            plan.members.map { HTTPRequest(endpoint: .loopback(port: $0.webPort), path: path) }
        }
        let outcomes = HTTPFetch.all(requests, within: budgetSeconds, isCancelled: isCancelled)
        let nodes = zip(plan.members, outcomes[..<count]).map { member, outcome in
            DemoPicture.Node(
                member: member, process: table[member.name]?.state ?? .ended(.unknown),
                status: DocumentReader.document(StatusDocument.self, outcome))
        }
        // Two may both have proved themselves, one after the other: the later view counts.
        let views = outcomes[count...].compactMap { DocumentReader.document(ViewDocument.self, $0) }
        return DemoPicture(nodes: nodes, view: views.max { ($0.term, $0.index) < ($1.term, $1.index) })
    }
}

/// Reads the API's documents.
enum DocumentReader {
    /// The document of a 200, nil for anything else.
    static func document<Document: Decodable>(_ type: Document.Type, _ outcome: HTTPOutcome) -> Document? {
        guard case .answered(200, let body) = outcome else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            // Another program has the port, or another version: to the reader it does not answer.
            return nil
        }
    }
}
