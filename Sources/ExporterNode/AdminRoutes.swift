import Foundation
import MetricsServer
import NodeReplica
import RaftCore
import StatusDocuments
import WireFormat

/// Administration over HTTP; only ever given to the server on the admin socket.
///
/// 200 when it is done and committed; 400 for a request that names nothing usable; 409 when it was refused and nothing has changed; 503
/// when nobody can decide, and nothing has changed; 504 when it is not known what came of it.
struct AdminRoutes: Sendable {
    let driver: NodeDriver

    /// The most a request waits, whatever its client would.
    static let maximumBudget = Duration.seconds(60)

    var routes: [Route] {
        [
            Route(.post, "/api/v1/members", handler: add),
            Route(.delete, "/api/v1/members", handler: remove),
            Route(.post, "/api/v1/members/replace", handler: replace),
            Route(.post, "/api/v1/members/promote", handler: promote),
            Route(.post, "/api/v1/members/demote", handler: demote),
            Route(.post, "/api/v1/leadership", handler: transfer),
        ]
    }

    /// Takes in a node that waits at an address: the store of such a node has no cluster yet.
    private func add(_ request: WebRequest) async throws -> WebResponse {
        guard let name = request.queryValue("member"), let address = request.queryValue("address"), !name.isEmpty, !address.isEmpty else {
            return try refused(refusal(400, "bad_request", "the name of a member or its address is missing"))
        }
        switch await newcomer(name, at: address, replacing: nil) {
        case .failure(let refusal): return try refused(refusal)
        case .success(let newcomer):
            let outcome = await driver.request(.changeMembership(.add(newcomer)), within: budget(of: request))
            return try answer(outcome, done: "\(name) is a learner")
        }
    }

    /// Removes a member and takes in the node that waits at an address, in one step; it may have the same name.
    private func replace(_ request: WebRequest) async throws -> WebResponse {
        guard let address = request.queryValue("address"), !address.isEmpty else {
            return try refused(refusal(400, "bad_request", "the address of the new node is missing"))
        }
        let old: Membership.Member
        switch named(request.queryValue("member")) {
        case .failure(let refusal): return try refused(refusal)
        case .success(let found): old = found
        }
        let name = request.queryValue("with") ?? old.name
        switch await newcomer(name, at: address, replacing: old) {
        case .failure(let refusal): return try refused(refusal)
        case .success(let newcomer):
            let outcome = await driver.request(.changeMembership(.replace(old.id, with: newcomer)), within: budget(of: request))
            return try answer(outcome, done: "\(old.name) is removed, \(name) at \(address) is a learner")
        }
    }

    private func newcomer(_ name: String, at address: String, replacing old: Membership.Member?) async -> Result<Membership.Member, Refusal>
    {
        let members = driver.snapshot.status.membership?.members ?? []
        if let other = members.first(where: { $0.address == address && $0.id != old?.id }) {
            return .failure(refusal(409, "refused", "\(address) is where \(other.name) is dialled"))
        }
        let replaced = old?.address == address ? old?.id : nil
        switch await driver.look(Visit(name: name, address: address), replacing: replaced) {
        case .node(let member): return .success(member)
        case .nothing(let reason):
            return .failure(
                refusal(
                    409, "no_such_node",
                    "\(name) at \(address): \(reason). Start it there first, with an empty storage path and --cluster.join"))
        }
    }

    private func remove(_ request: WebRequest) async throws -> WebResponse {
        try await change(request, "removed") { .remove($0) }
    }

    private func promote(_ request: WebRequest) async throws -> WebResponse {
        try await change(request, "a voter") { .promote($0) }
    }

    private func demote(_ request: WebRequest) async throws -> WebResponse {
        try await change(request, "a learner") { .demote($0) }
    }

    private func change(
        _ request: WebRequest, _ effect: String, _ change: (NodeID) -> MembershipChange
    ) async throws -> WebResponse {
        let member: Membership.Member
        switch named(request.queryValue("member")) {
        case .failure(let refusal): return try refused(refusal)
        case .success(let found): member = found
        }
        let outcome = await driver.request(.changeMembership(change(member.id)), within: budget(of: request))
        return try answer(outcome, done: "\(member.name) is \(effect)")
    }

    private func transfer(_ request: WebRequest) async throws -> WebResponse {
        var target: Membership.Member?
        if let name = request.queryValue("to") {
            switch named(name) {
            case .failure(let refusal): return try refused(refusal)
            case .success(let found): target = found
            }
        }
        let outcome = await driver.request(.transferLeadership(target?.id), within: budget(of: request))
        return try answer(outcome, done: target.map { "\($0.name) leads" } ?? "another node leads")
    }

    // MARK: Shared

    private struct Refusal: Error {
        let status: Int
        let document: ErrorDocument
    }

    /// The member with a name, as this node has it.
    private func named(_ name: String?) -> Result<Membership.Member, Refusal> {
        guard let name, !name.isEmpty else { return .failure(refusal(400, "bad_request", "the name of a member is missing")) }
        guard let membership = driver.snapshot.status.membership else {
            return .failure(refusal(503, "no_membership", "this node belongs to no cluster yet"))
        }
        if let member = membership.members.first(where: { $0.name == name }) { return .success(member) }
        let known = membership.members.map(\.name).sorted().joined(separator: ", ")
        return .failure(refusal(409, "no_such_member", "no member is named \(name); the members are \(known)"))
    }

    /// Ends before the client does, so that it is told.
    private func budget(of request: WebRequest) -> Duration { request.patience(atMost: AdminRoutes.maximumBudget) }

    private func answer(_ outcome: OperatorOutcome, done: String) throws -> WebResponse {
        switch outcome {
        case .done(let index): try json(OutcomeDocument(message: done, index: index?.rawValue))
        case .refused(let reason): try refused(refusal(409, "refused", reason))
        case .unavailable(let reason): try refused(refusal(503, "unavailable", reason))
        case .unknown(let reason): try refused(refusal(504, "outcome_unknown", reason))
        }
    }

    private func refusal(_ status: Int, _ error: String, _ message: String) -> Refusal {
        Refusal(status: status, document: ErrorDocument(error: error, message: message))
    }

    private func refused(_ refusal: Refusal) throws -> WebResponse { try json(refusal.document, status: refusal.status) }

    private func json(_ document: some Encodable, status: Int = 200) throws -> WebResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return WebResponse.json(Array(try encoder.encode(document)), status: status)
    }
}
