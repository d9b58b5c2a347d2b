import ClusterHarness
import Synchronization

/// Three nodes, and what is learned of them between the disturbances.
final class Laboratory {
    let alarms = FalseAlarms()
    private(set) var cluster: HarnessCluster
    /// Commits and writes of all processes that have ended or were read, since the start of each.
    private(set) var commits = Histogram()
    private(set) var syncs = Histogram()

    private let binary: String
    /// How long a cluster may take until all is well, after a start and after a disturbance.
    private static let settlingLimit = Duration.seconds(30)
    /// How long all must have been well.
    private static let calmTime = Duration.milliseconds(200)

    /// A cluster in which all is well.
    struct Calm {
        let leader: HarnessNode
        let followers: [HarnessNode]
        let term: Int
    }

    /// Chooses ports; starts nothing.
    init(binary: String) throws {
        self.binary = binary
        cluster = try Laboratory.makeCluster(binary)
    }

    private static func makeCluster(_ binary: String) throws -> HarnessCluster {
        var settings = try HarnessCluster.Settings(count: 3, binary: binary)
        settings.clusterName = "bench"
        settings.flags = ["--raft.heartbeat-interval=100ms", "--raft.election-timeout=1s"]
        let cluster = try HarnessCluster(settings)
        Interruption.cleansUp(cluster)
        return cluster
    }

    func start() throws {
        for node in cluster.nodes { try node.start() }
    }

    func tearDown() { cluster.tearDown() }

    /// A new cluster in place of one that does not recover.
    func startAnew() throws {
        cluster.tearDown()
        cluster = try Laboratory.makeCluster(binary)
        try start()
    }

    /// Waits until one node serves the view, all members are up in it, and all nodes are level in term and log.
    /// - Throws: `HarnessError` with the nodes' last log lines when that does not come.
    func settled() async throws -> Calm {
        let poller = Poller(cluster.nodes, every: .milliseconds(25), alarms: alarms)
        var since: ContinuousClock.Instant?
        let calm = try await poller.wait(within: Laboratory.settlingLimit) { sightings -> Calm? in
            guard let calm = self.calm(sightings) else {
                since = nil
                return nil
            }
            let began = since ?? .now
            since = began
            return began.duration(to: .now) >= Laboratory.calmTime ? calm : nil
        }
        try await poller.stop()
        guard let calm else {
            let logs = cluster.nodes.map { "\($0.name):\n\($0.lastLogLines)" }.joined(separator: "\n")
            throw HarnessError("not all up within \(Laboratory.settlingLimit); logs:\n\(logs)")
        }
        alarms.allHealthy()
        return calm
    }

    private func calm(_ sightings: [Sighting]) -> Calm? {
        let latest = cluster.nodes.compactMap { node in sightings.last { $0.node == node.name }?.glimpse }
        let serving = latest.indices.filter { latest[$0].viewTerm != nil }
        guard latest.count == cluster.nodes.count, serving.count == 1, let at = serving.first else { return nil }
        let view = latest[at]
        let areUp = cluster.nodes.allSatisfy { view.up[$0.name] == true && view.states[$0.name] == "up" }
        let areLevel = latest.allSatisfy { $0.term == view.term && $0.commitIndex >= view.commitIndex - 1 }
        guard areUp, areLevel else { return nil }
        let leader = cluster.nodes[at]
        return Calm(leader: leader, followers: cluster.nodes(except: leader), term: view.term)
    }

    /// Takes over what a node has counted, before its process ends. A node that does not answer is reported and left out.
    func readHistograms(of node: HarnessNode) async {
        let port = node.webPort
        do {
            let samples = try await offload {
                let answer = try KeptConnection(port: port).get("/metrics", timeout: .seconds(2))
                return try Samples(parsing: answer.body, only: Laboratory.histograms)
            }
            commits.add(Laboratory.commitDuration, from: samples)
            syncs.add(Laboratory.syncDuration, from: samples)
        } catch {
            report("the histograms of \(node.name) are left out: \(error)")
        }
    }

    private static let commitDuration = "quorum_raft_commit_duration_seconds"
    private static let syncDuration = "quorum_storage_sync_duration_seconds"
    private static let histograms = Set([commitDuration, syncDuration].flatMap { name in ["_bucket", "_sum"].map { name + $0 } })
}
