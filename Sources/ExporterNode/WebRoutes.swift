import Exposition
import Foundation
import MetricCatalog
import MetricsServer
import NodeReplica
import RaftCore
import StatusDocuments

/// What the node answers over HTTP, as routes for a server that knows nothing of it.
struct WebRoutes: Sendable {
    let driver: NodeDriver
    let facts: NodeFactsSource
    let renderer: ScrapeRenderer
    let documents: Documents
    let telemetry: NodeTelemetry
    let telemetryPath: String
    /// How long a scrape waits for a proof when its own timeout allows more.
    let proofBudget: Duration
    let isStopping: StopFlag

    var routes: [Route] {
        [
            Route(.get, telemetryPath, label: telemetryPath, handler: metrics),
            Route(.get, "/cluster/metrics", handler: clusterMetrics),
            Route(.get, "/http_sd", handler: discovery),
            Route(.get, "/-/healthy", admission: .uncounted) { _ in .text("healthy") },
            Route(.get, "/-/ready", admission: .uncounted, handler: ready),
            Route(.get, "/api/v1/status", handler: status),
            Route(.get, "/api/v1/view", handler: view),
            Route(.get, "/api/v1/events", handler: events),
            Route(.get, "/") { _ in .html(Array(LivePage.html.utf8)) },
        ]
    }

    // MARK: Scrapes

    /// Always 200: the node's own families, and the view when this node has just proved that it leads.
    private func metrics(_ request: WebRequest) async throws -> WebResponse {
        let outcome = await prove(request)
        let snapshot = picture(outcome)
        let view = viewFacts(outcome)
        let node = try await facts.facts(snapshot, servesView: view != nil)
        return try await scrape(node: node, view: view, request)
    }

    /// The view alone, or 503.
    private func clusterMetrics(_ request: WebRequest) async throws -> WebResponse {
        let outcome = await prove(request)
        guard let view = viewFacts(outcome) else { return try unproven(outcome) }
        return try await scrape(node: nil, view: view, request)
    }

    private func scrape(node: NodeFacts?, view: ViewFacts?, _ request: WebRequest) async throws -> WebResponse {
        let format = request.textFormat
        let coding = request.contentCoding
        let body = try await renderer.body(node: node, view: view, format: format, coding: coding)
        var response = WebResponse(contentType: format.contentType, body: body)
        if coding == .gzip { response.headers.append(("Content-Encoding", "gzip")) }
        return response
    }

    // MARK: Proofs

    private func prove(_ request: WebRequest) async -> ProofOutcome {
        // A node that knows it does not lead need not ask; one that campaigns may lead in a moment.
        guard [.leader, .candidate].contains(driver.snapshot.status.role) else {
            telemetry.proofFailed(.notLeader)
            return .failed(.notLeader)
        }
        let began = ContinuousClock.now
        let outcome = await driver.prove(within: request.patience(atMost: proofBudget))
        switch outcome {
        case .proven: telemetry.proofTook(began.duration(to: .now))
        case .failed(let reason): telemetry.proofFailed(reason)
        }
        return outcome
    }

    private func picture(_ outcome: ProofOutcome) -> ReplicaSnapshot {
        switch outcome {
        case .proven(let snapshot): snapshot
        case .failed: driver.snapshot
        }
    }

    private func viewFacts(_ outcome: ProofOutcome) -> ViewFacts? {
        guard case .proven(let snapshot) = outcome else { return nil }
        let tracking = ViewFacts.LeaderTracking(
            leader: snapshot.status.id, lastContact: snapshot.lastContact, heartbeats: snapshot.counters.heartbeats,
            heartbeatFailures: snapshot.counters.heartbeatFailures, heartbeatRoundTrip: snapshot.counters.heartbeatRoundTrip,
            progress: snapshot.status.progress)
        return ViewFacts(
            view: snapshot.view, term: snapshot.appliedTerm, index: snapshot.appliedIndex, tracking: tracking)
    }

    /// 503, with when to come back and whom to ask instead.
    private func unproven(_ outcome: ProofOutcome) throws -> WebResponse {
        let snapshot = driver.snapshot
        var reason = ProofFailure.notLeader
        if case .failed(let failure) = outcome { reason = failure }
        var response = try json(documents.error(reason, snapshot), status: 503)
        response.headers.append(("Retry-After", "1"))
        if let leader = documents.leader(snapshot.status), let url = leader.webURL, leader.id != documents.own.id.description {
            response.headers.append(("X-Quorum-Leader", url))
        }
        return response
    }

    // MARK: Documents

    /// All nodes' web addresses, in Prometheus's form; 503 until they are known, since an empty list would drop every target.
    private func discovery(_ request: WebRequest) async throws -> WebResponse {
        let snapshot = driver.snapshot
        guard let membership = snapshot.status.membership else {
            let error = ErrorDocument(error: "no_membership", message: "the membership is not known yet")
            var response = try json(error, status: 503)
            response.headers.append(("Retry-After", "1"))
            return response
        }
        let targets = membership.members.sorted { $0.name < $1.name }.map { member in
            DiscoveryTarget(
                targets: [hostAndPort(of: member.webURL)],
                labels: [
                    "__meta_quorum_member": member.name, "__meta_quorum_role": member.role.label,
                    "__meta_quorum_cluster": documents.clusterName,
                ])
        }
        return try json(targets)
    }

    private func ready(_ request: WebRequest) async throws -> WebResponse {
        if isStopping.isSet { return .text("stopping", status: 503) }
        return driver.snapshot.caughtUp ? .text("ready") : .text("not caught up with the cluster yet", status: 503)
    }

    private func status(_ request: WebRequest) async throws -> WebResponse {
        let outcome = await prove(request)
        let snapshot = picture(outcome)
        let isReady = snapshot.caughtUp && !isStopping.isSet
        let versions = try await facts.peerVersions()
        return try json(documents.status(snapshot, versions: versions, isReady: isReady, isServing: viewFacts(outcome) != nil))
    }

    private func view(_ request: WebRequest) async throws -> WebResponse {
        let outcome = await prove(request)
        guard case .proven(let snapshot) = outcome else { return try unproven(outcome) }
        return try json(documents.view(snapshot))
    }

    private func events(_ request: WebRequest) async throws -> WebResponse { try json(documents.events(driver.snapshot)) }

    private func json(_ document: some Encodable, status: Int = 200) throws -> WebResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return WebResponse.json(Array(try encoder.encode(document)), status: status)
    }

    private func hostAndPort(of url: String) -> String {
        let rest = url.split(separator: "://", maxSplits: 1).last.map(String.init) ?? url
        return rest.split(separator: "/", maxSplits: 1).first.map(String.init) ?? rest
    }
}

/// One entry of Prometheus's HTTP service discovery.
private struct DiscoveryTarget: Encodable {
    let targets: [String]
    let labels: [String: String]
}
