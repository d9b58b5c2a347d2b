import ClusterHealth
import ClusterTransport
import Exposition
import HealthProbes
import LogStorage
import MetricCatalog
import NIOConcurrencyHelpers
import NodeReplica
import RaftCore

/// Gathers what a node exports of itself, at the moment of a scrape.
struct NodeFactsSource: Sendable {
    let clusterName: String
    let store: LogStore
    let transport: ClusterTransport
    let telemetry: NodeTelemetry
    let probes: ProbeBoard
    /// When the configuration was read.
    let startedAt: WallTime

    func facts(_ snapshot: ReplicaSnapshot, servesView: Bool) async throws -> NodeFacts {
        var facts = NodeFacts(
            version: BuildInfo.version, swiftVersion: BuildInfo.swiftVersion, clusterName: clusterName, status: snapshot.status,
            appliedIndex: snapshot.appliedIndex, membership: snapshot.view.membership ?? snapshot.status.membership,
            roundTime: snapshot.view.wallTime, servesView: servesView)
        facts.process = process()
        facts.proofFailures = telemetry.proofFailures
        facts.proofDuration = telemetry.proofDuration
        facts.commitDuration = histogram(snapshot.counters.commitDuration)
        facts.syncDuration = histogram(snapshot.counters.syncDuration)
        let sizes = store.sizes()
        facts.storage = NodeFacts.StorageFacts(
            logEntries: sizes.logEntries, logSizeBytes: sizes.fileBytes, snapshotSizeBytes: sizes.snapshotBytes,
            snapshotTime: snapshot.snapshotTakenAt)
        let statistics = try await transport.statistics()
        facts.links = links(snapshot, statistics)
        facts.rejectedConnections = RejectionCause.allCases.map {
            NodeFacts.LabelledCount(label: $0.rawValue, count: statistics.rejectedConnections[$0] ?? 0)
        }
        facts.probes = probes.latest.map { NodeFacts.ProbeFacts(name: $0.name, success: $0.success, duration: $0.duration) }
        facts.observerPatienceThousandths = snapshot.patienceThousandths
        facts.httpRequests = telemetry.requests
        facts.configReload = NodeFacts.ConfigReload(successful: true, lastSuccess: startedAt)
        facts.certificateExpiry = transport.certificateExpirySeconds.map { WallTime(milliseconds: $0 * 1_000) }
        return facts
    }

    /// The versions of the programs of those that this node is connected to.
    func peerVersions() async throws -> [NodeID: String] {
        let pairs = try await transport.statistics().peers.compactMap { peer in
            peer.endpoint.id.flatMap { id in peer.programVersion.map { (id, $0) } }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func links(_ snapshot: ReplicaSnapshot, _ statistics: TransportStatistics) -> NodeMap<NodeFacts.LinkFacts> {
        var links = NodeMap<NodeFacts.LinkFacts>()
        for member in snapshot.status.membership?.members ?? [] where member.id != snapshot.status.id {
            let link = snapshot.peers[member.id]
            let traffic = statistics.peers.first { $0.endpoint.id == member.id }
            links[member.id] = NodeFacts.LinkFacts(
                isUp: link?.isUp ?? false, roundTrip: link?.roundTrip, sentBytes: traffic?.sentBytes ?? 0,
                receivedBytes: traffic?.receivedBytes ?? 0, droppedMessages: traffic?.droppedFrames ?? 0)
        }
        return links
    }

    private func histogram(_ latency: LatencyHistogram) -> Histogram? {
        Histogram(.latency, counts: latency.counts, sumNanoseconds: latency.sumNanoseconds)
    }

    private func process() -> NodeFacts.ProcessFacts {
        let measured = ProcessMetrics.measure()
        var facts = NodeFacts.ProcessFacts()
        facts.cpuTime = measured.cpuTime
        facts.residentBytes = measured.residentBytes
        facts.virtualBytes = measured.virtualBytes
        facts.openFileDescriptors = measured.openFileDescriptors
        facts.maximumFileDescriptors = measured.maximumFileDescriptors
        facts.startTime = measured.startTime
        facts.threads = measured.threads
        return facts
    }
}

/// The latest results of the probes, for the scrapes.
final class ProbeBoard: Sendable {
    private let results = NIOLockedValueBox<[ProbeResult]>([])

    var latest: [ProbeResult] { results.withLockedValue { $0 } }

    func post(_ round: ProbeRound) { results.withLockedValue { $0 = round.results } }
}

/// Set once the process was told to stop.
final class StopFlag: Sendable {
    private let flag = NIOLockedValueBox(false)

    var isSet: Bool { flag.withLockedValue { $0 } }

    func set() { flag.withLockedValue { $0 = true } }
}
