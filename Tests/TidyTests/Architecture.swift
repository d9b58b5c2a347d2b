/// The arrows of the target graph and what follows from them, as rules over one file's text.
enum Architecture {
    /// What each target may import of the project's own modules; nothing else.
    static let arrows: [String: Set<String>] = {
        let node: Set = [
            "MetricsServer", "ClusterTransport", "LogStorage", "HealthProbes", "HealthChecks", "NodeReplica", "WireFormat", "MetricCatalog",
            "ClusterHealth", "RaftCore", "Exposition", "StatusDocuments", "Zlib", "ExporterConfiguration",
        ]
        return [
            "quorum-exporter": ["ExporterNode", "OperatorCommands", "ExporterConfiguration"],
            "OperatorCommands": ["StatusDocuments", "ExporterConfiguration"],
            "ExporterNode": node, "ExporterConfiguration": [],
            "MetricsServer": ["Exposition"],
            "ClusterTransport": ["WireFormat", "RaftCore"], "LogStorage": ["WireFormat", "RaftCore"],
            "HealthProbes": ["ClusterHealth"], "HealthChecks": ["ClusterHealth"],
            "NodeReplica": ["RaftCore", "ClusterHealth", "WireFormat"],
            "WireFormat": ["RaftCore", "ClusterHealth", "Zlib"],
            "MetricCatalog": ["ClusterHealth", "RaftCore", "Exposition"],
            "ClusterHealth": ["RaftCore"], "Zlib": ["CZlib"], "CZlib": [],
            "ClusterSimulator": ["NodeReplica", "WireFormat", "RaftCore", "ClusterHealth", "ScrapeHistory"],
            "FaultyFileSystem": ["CFaultyFileSystem", "LogStorage", "RaftCore"], "CFaultyFileSystem": [],
            "RealStoreSimulation": ["ClusterSimulator", "FaultyFileSystem", "LogStorage", "NodeReplica", "RaftCore"],
            "RaftCore": [], "Exposition": [], "StatusDocuments": [], "ScrapeHistory": [],
        ]
    }()

    /// Programs of the laboratory: they may import what they measure.
    static func isLaboratory(_ target: String) -> Bool {
        ["quorum-simulator", "Benchmarks", "Fuzzers", "ClusterHarness", "FlippedStores", "quorum-soak"].contains(target)
            || target.hasPrefix("quorum-bench") || target.hasSuffix("Benchmark") || target.hasSuffix("Benchmarks")
    }

    /// No clock, no randomness, no disk, no network, no log: values in, values out.
    static let pure: Set = ["RaftCore", "ClusterHealth", "NodeReplica", "Exposition", "MetricCatalog", "StatusDocuments"]

    /// Who may write log lines.
    static let logging: Set = ["ClusterTransport", "MetricsServer", "LogStorage", "ExporterNode", "OperatorCommands", "quorum-exporter"]

    /// A module outside the project that only these targets may see.
    static let guarded: [String: Set<String>] = [
        "CZlib": ["Zlib"], "CFaultyFileSystem": ["FaultyFileSystem"], "GRDB": ["LogStorage"], "SQLite3": [],
        "SwiftProtobuf": ["WireFormat"], "Yams": ["ExporterConfiguration"],
        "ArgumentParser": ["OperatorCommands", "quorum-exporter"], "NIOSSL": ["ClusterTransport", "MetricsServer", "ExporterNode"],
        "NIOCore": ["ClusterTransport", "MetricsServer", "ExporterNode"],
        "NIOPosix": ["ClusterTransport", "MetricsServer", "ExporterNode"],
        "Logging": logging,
    ]

    /// Every import follows an arrow.
    static func importsFollowArrows(_ file: SourceFile) -> [Finding] {
        guard file.isProgram, let target = file.target, !isLaboratory(target) else { return [] }
        guard let allowed = arrows[target] else { return [Finding(file, "the target \(target) stands in no arrow")] }
        return file.imports.filter { arrows[$0] != nil && $0 != target && !allowed.contains($0) }
            .map { Finding(file, "\(target) may not import \($0)") }
    }

    /// Libraries stay behind the one target that was made for them.
    static func librariesStayBehindTheirTarget(_ file: SourceFile) -> [Finding] {
        guard file.isProgram, let target = file.target, !isLaboratory(target) else { return [] }
        return file.imports.filter { guarded[$0].map { !$0.contains(target) } ?? isHummingbird($0, outside: target) }
            .map { Finding(file, "\(target) may not see \($0)") }
    }

    private static func isHummingbird(_ module: String, outside target: String) -> Bool {
        module.hasPrefix("Hummingbird") && target != "MetricsServer"
    }

    /// A pure target imports nothing from outside the project.
    static func pureTargetsImportOnlyPureOnes(_ file: SourceFile) -> [Finding] {
        guard isPure(file) else { return [] }
        return file.imports.filter { arrows[$0] == nil }.map { Finding(file, "a pure target may not import \($0)") }
    }

    /// Order of hashing differs from process to process, so pure code holds sorted collections.
    static func pureTargetsHoldNoHashedCollection(_ file: SourceFile) -> [Finding] {
        guard isPure(file) else { return [] }
        let named = #"\b(Set|Dictionary)\b\s*[<(.]"#
        let written = #"\[\s*[A-Za-z_.]+\s*:\s*[A-Za-z_.\[]+[\]?>\s,]*\]|\[:\]"#
        return file.findings(of: pattern(named + "|" + written), "a hashed collection")
    }

    /// Time and chance are passed in.
    static func pureTargetsReadNoClockAndDrawNoLots(_ file: SourceFile) -> [Finding] {
        guard isPure(file) else { return [] }
        let clocks = #"\bDate\(|\b(Continuous|Suspending)Clock\b|\bDispatchTime\b|\bclock_gettime\b|\bUUID\("#
        let lots = #"\.random\(|\.randomElement\(|\.shuffled\(|\.shuffle\(|\bSystemRandomNumberGenerator\b"#
        return file.findings(of: pattern(clocks), "reads a clock or makes an identity of its own")
            + file.findings(of: pattern(lots), "draws its own randomness")
    }

    /// Pure code waits for nothing.
    static func pureTargetsAreSynchronous(_ file: SourceFile) -> [Finding] {
        guard isPure(file) else { return [] }
        return file.findings(of: pattern(#"\b(async|await|actor)\b"#), "waits, or holds an actor")
    }

    /// Log lines are written where bytes move, never where decisions are made.
    static func logLinesOnlyInTargetsThatDoInputAndOutput(_ file: SourceFile) -> [Finding] {
        guard file.isProgram, let target = file.target, !logging.contains(target), !isLaboratory(target) else { return [] }
        return file.findings(of: pattern(#"\bLogger\b|\blogger\."#), "\(target) may not log")
    }

    /// HTTP is given its routes as values.
    static func theServerKnowsNeitherRaftNorHealth(_ file: SourceFile) -> [Finding] {
        guard file.isProgram, file.target == "MetricsServer" else { return [] }
        let names = #"\b(Raft\w*|NodeID|Term|LogIndex|Replica\w*|ClusterHealth\w*|MemberState|Membership|leader\w*|isLeader)\b"#
        return file.findings(of: pattern(names), "names consensus or health")
    }

    /// Only the composition root starts what outlives a call.
    static func onlyTheNodeStartsTasks(_ file: SourceFile) -> [Finding] {
        guard file.isProgram, let target = file.target, target != "ExporterNode", !isLaboratory(target) else { return [] }
        let start = pattern(#"\bTask\s*(<[^>]*>)?\s*(\([^)]*\))?\s*\{|\bTask\.(detached|immediate)\b|\bTask\.init\b"#)
        return file.findings(of: start, "starts a task that outlives its call")
    }

    private static func isPure(_ file: SourceFile) -> Bool { file.isProgram && pure.contains(file.target ?? "") }
}
