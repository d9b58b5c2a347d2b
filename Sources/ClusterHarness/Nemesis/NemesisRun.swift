public import ScrapeHistory

/// One cluster of new nodes in namespaces, what is done to it, and the history of all scrapes meanwhile.
public struct NemesisRun: Sendable {
    public var binary: String
    /// 3 to 7.
    public var nodes: Int
    public var seed: UInt64
    public var timing = HistoryTiming()

    /// What came of it.
    public struct Outcome: Sendable {
        public let observations: [Observation]
        public let course: Course
        /// How often each kind of fault was inflicted.
        public let tally: [String: Int]
        public let detections: [Detection]
        /// Members called down, with their grounds.
        public let downCalls: [DownCall]
        /// After which deeds the cluster was held to the bound of liveness.
        public let judged: [String]
        /// What must hold and did not; none is good.
        public let violations: [String]
    }

    /// - Parameter binary: nil for the one beside the running program.
    public init(nodes: Int, seed: UInt64, binary: String? = nil) throws {
        self.binary = try binary ?? Binary.locate()
        self.nodes = nodes
        self.seed = seed
    }

    /// The interval is short, so that many rounds are made; the program's defaults otherwise.
    private var flags: [String] { ["--health.interval=500ms", "--cluster.allow-plaintext"] }
    private static let smallDiskKibibytes = 8_192
    /// A node has no opinion of the others until `down-after` after its start.
    private var opinionTime: Duration { timing.downAfter + .milliseconds(200) }

    /// Does steps until there are no more.
    /// - Parameters:
    ///   - say: is told what was done, and when.
    ///   - next: the next step; nil ends the run.
    /// - Throws: `HarnessError` when the run itself failed, with the nodes' last words.
    public func perform(
        say: @escaping @Sendable (String) -> Void, next: () -> NemesisStep?
    ) async throws -> Outcome {
        let names = "abcdefg".prefix(nodes).map { String($0) }
        let network = NamespaceNetwork(names: names)
        var settings = try HarnessCluster.Settings(count: nodes, binary: binary)
        settings.flags = flags
        let cluster = try HarnessCluster(settings, network: network)
        defer {
            cluster.tearDown()
            network.remove()
        }
        try await network.build()
        let node = cluster.nodes[Int(seed % UInt64(nodes))]
        let disk = try cluster.giveSmallDisk(node, kibibytes: NemesisRun.smallDiskKibibytes)
        try await cluster.startAll()
        let watch = cluster.watch()
        let nemesis = Nemesis(cluster, network: network, small: (node, disk), timing: timing, seed: seed, say: say)
        do {
            try await Task.sleep(for: opinionTime)
            while let step = next() { try await nemesis.perform(step) }
        } catch {
            await watch.stop()
            let found = HistoryChecks.all(watch.observations, removals: await nemesis.course.removals)
            throw HarnessError((["\(error)"] + found + [cluster.logs]).joined(separator: "\n"))
        }
        await watch.stop()
        return await outcome(watch.observations, nemesis, cluster)
    }

    private func outcome(_ observations: [Observation], _ nemesis: Nemesis, _ cluster: HarnessCluster) async -> Outcome {
        let course = await nemesis.course
        var violations = HistoryChecks.all(observations, course: course, timing: timing) + (await nemesis.broken)
        if !observations.contains(where: { $0.view != nil }) { violations.append("no scrape has shown a view") }
        for node in cluster.nodes where node.log.contains("Fatal error") || node.log.contains("differs from the cluster") {
            violations.append("\(node.name) broke down:\n\(node.lastLogLines)")
        }
        let end = observations.last?.ended ?? .now
        return Outcome(
            observations: observations, course: course, tally: await nemesis.tally,
            detections: HistoryChecks.detections(observations, course: course, until: end),
            downCalls: HistoryChecks.downCalls(observations, course: course, timing: timing),
            judged: HistoryChecks.judgedCalms(observations, course: course, timing: timing).map(\.since.what), violations: violations)
    }
}
