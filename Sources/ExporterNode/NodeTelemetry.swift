import Exposition
import MetricCatalog
import MetricsServer
import NIOConcurrencyHelpers
import NodeReplica

/// What the parts around the replica count; since the process started.
final class NodeTelemetry: Sendable {
    private struct Counts {
        var proofFailures: [ProofFailure: UInt64] = [:]
        var proofDuration = Histogram()
        var requests: [RequestKey: UInt64] = [:]
    }

    private struct RequestKey: Hashable {
        var handler: String
        var code: Int
    }

    private let counts = NIOLockedValueBox(Counts())

    func proofFailed(_ reason: ProofFailure) { counts.withLockedValue { $0.proofFailures[reason, default: 0] += 1 } }

    func proofTook(_ duration: Duration) {
        counts.withLockedValue { $0.proofDuration.observe(nanoseconds: UInt64(max(0, duration / .nanoseconds(1)))) }
    }

    func requestAnswered(_ report: WebRequestReport) {
        counts.withLockedValue { $0.requests[RequestKey(handler: report.label, code: report.status), default: 0] += 1 }
    }

    /// With every reason, also those that never happened.
    var proofFailures: [NodeFacts.LabelledCount] {
        let failures = counts.withLockedValue { $0.proofFailures }
        return ProofFailure.allCases.map { NodeFacts.LabelledCount(label: $0.rawValue, count: failures[$0] ?? 0) }
    }

    var proofDuration: Histogram { counts.withLockedValue { $0.proofDuration } }

    var requests: [NodeFacts.HTTPRequestCount] {
        let requests = counts.withLockedValue { $0.requests }
        return requests.map { NodeFacts.HTTPRequestCount(handler: $0.key.handler, code: $0.key.code, count: $0.value) }
            .sorted { ($0.handler, $0.code) < ($1.handler, $1.code) }
    }
}
