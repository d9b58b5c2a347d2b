// swift-tools-version: 6.2
import PackageDescription

// The target graph is the architecture: an arrow that is not in this table cannot be imported.
//
// QUORUM_PURE=1 keeps only the targets that need no package besides the toolchain, so that their tests run from cold in seconds.
// QUORUM_ONLY=A,B keeps only the named targets, what they need and their tests.

/// One target of ours: its name, the targets it may import, and the library products it may import as (product, package).
struct Module {
    let name: String
    let uses: [String]
    let products: [(name: String, package: String)]
    let kind: Kind

    enum Kind { case library, executable, systemLibrary, c, test }

    init(_ name: String, _ uses: [String] = [], products: [(String, String)] = [], kind: Kind = .library) {
        self.name = name
        self.uses = uses
        self.products = products.map { (name: $0.0, package: $0.1) }
        self.kind = kind
    }
}

let nio = [("NIOCore", "swift-nio"), ("NIOPosix", "swift-nio"), ("NIOConcurrencyHelpers", "swift-nio")]
let log = [("Logging", "swift-log")]
let lifecycle = [("ServiceLifecycle", "swift-service-lifecycle"), ("UnixSignals", "swift-service-lifecycle")]
let tls = [("NIOSSL", "swift-nio-ssl")]

let pure: [Module] = [
    Module("RaftCore"),
    Module("ClusterHealth", ["RaftCore"]),
    Module("Exposition"),
    Module("StatusDocuments"),
    Module("MetricCatalog", ["ClusterHealth", "RaftCore", "Exposition"]),
    Module("CZlib", kind: .systemLibrary),
    Module("Zlib", ["CZlib"]),
    Module("RaftCoreTests", ["RaftCore"], kind: .test),
    Module("ClusterHealthTests", ["ClusterHealth", "RaftCore"], kind: .test),
    Module("ExpositionTests", ["Exposition"], kind: .test),
    Module("MetricCatalogTests", ["MetricCatalog", "ClusterHealth", "RaftCore", "Exposition"], kind: .test),
    Module("StatusDocumentsTests", ["StatusDocuments"], kind: .test),
    Module("ZlibTests", ["Zlib"], kind: .test),
    Module("TidyTests", kind: .test),
]

let heavy: [Module] = [
    Module("WireFormat", ["RaftCore", "ClusterHealth", "Zlib"], products: [("SwiftProtobuf", "swift-protobuf")]),
    Module("NodeReplica", ["RaftCore", "ClusterHealth", "WireFormat"]),
    Module("LogStorage", ["WireFormat", "RaftCore"], products: [("GRDB", "GRDB.swift")]),
    Module(
        "ClusterTransport", ["WireFormat", "RaftCore"],
        products: nio + tls + log),
    Module("HealthProbes", ["ClusterHealth"]),
    Module(
        "MetricsServer", ["Exposition"],
        products: nio + log + lifecycle + [
            ("HummingbirdCore", "hummingbird"), ("HTTPTypes", "swift-http-types"), ("NIOHTTPTypes", "swift-nio-extras"),
        ]),
    Module("ExporterConfiguration", products: [("Yams", "Yams")]),
    Module(
        "ExporterNode",
        [
            "MetricsServer", "ClusterTransport", "LogStorage", "HealthProbes", "NodeReplica", "WireFormat", "MetricCatalog",
            "ClusterHealth", "RaftCore", "Exposition", "StatusDocuments", "Zlib", "ExporterConfiguration",
        ],
        products: nio + log + lifecycle),
    Module(
        "OperatorCommands", ["StatusDocuments", "ExporterConfiguration"],
        products: [("ArgumentParser", "swift-argument-parser")]),
    Module(
        "quorum-exporter", ["ExporterNode", "OperatorCommands", "ExporterConfiguration"],
        products: [("ArgumentParser", "swift-argument-parser")], kind: .executable),
    Module("WireFormatTests", ["WireFormat", "RaftCore", "ClusterHealth"], kind: .test),
    Module("NodeReplicaTests", ["NodeReplica", "WireFormat", "RaftCore", "ClusterHealth"], kind: .test),
    Module(
        "LogStorageTests", ["LogStorage", "FaultyFileSystem", "WireFormat", "RaftCore"], products: [("GRDB", "GRDB.swift")], kind: .test),
    Module(
        "ClusterTransportTests", ["ClusterHarness", "ClusterTransport", "WireFormat", "RaftCore"], products: nio + tls + log, kind: .test),
    Module("HealthProbesTests", ["HealthProbes", "ClusterHealth"], kind: .test),
    Module(
        "MetricsServerTests", ["MetricsServer", "Exposition", "Zlib"],
        products: nio + log + lifecycle, kind: .test),
    Module("ExporterConfigurationTests", ["ExporterConfiguration"], kind: .test),
    Module("OperatorCommandsTests", ["OperatorCommands", "StatusDocuments", "ExporterConfiguration"], kind: .test),
    Module(
        "ExporterNodeTests", ["ExporterNode", "ClusterTransport", "LogStorage", "NodeReplica", "ClusterHealth", "RaftCore", "WireFormat"],
        products: nio + log, kind: .test),
    // Files in memory beneath SQLite that tear, lose and rot as disks do: what the real store must survive is done to it by the million.
    Module("CFaultyFileSystem", kind: .c),
    Module("FaultyFileSystem", ["CFaultyFileSystem", "LogStorage", "RaftCore"]),
    Module(
        "FaultyFileSystemTests", ["FaultyFileSystem", "RaftCore"], products: [("GRDB", "GRDB.swift")], kind: .test),
    Module("ClusterSimulator", ["NodeReplica", "WireFormat", "RaftCore", "ClusterHealth", "ScrapeHistory"]),
    // Production's own store in the simulated machines, apart from the simulator so that the latter needs neither SQLite nor a disk.
    Module("RealStoreSimulation", ["ClusterSimulator", "FaultyFileSystem", "LogStorage", "NodeReplica", "RaftCore"]),
    Module("RealStoreSimulationTests", ["RealStoreSimulation", "ClusterSimulator", "NodeReplica", "RaftCore"], kind: .test),
    Module("quorum-simulator", ["ClusterSimulator", "RealStoreSimulation", "NodeReplica", "RaftCore"], kind: .executable),
    Module(
        "ClusterSimulatorTests", ["ClusterSimulator", "NodeReplica", "WireFormat", "RaftCore", "ClusterHealth", "quorum-simulator"],
        kind: .test),
    Module("ScrapeHistory"),
    Module("ScrapeHistoryTests", ["ScrapeHistory"], kind: .test),
    Module("ClusterHarness", ["ScrapeHistory"]),
    Module("quorum-bench", ["ClusterHarness", "ScrapeHistory"], kind: .executable),
    Module(
        "quorum-bench-commits", ["ClusterHarness", "ClusterTransport", "LogStorage", "NodeReplica", "WireFormat", "RaftCore"],
        products: nio + log, kind: .executable),
    // Apart from the harness so that the benchmark needs no SQLite.
    Module("FlippedStores", ["ClusterHarness", "ScrapeHistory"], products: [("GRDB", "GRDB.swift")]),
    Module("quorum-soak", ["FlippedStores", "ClusterHarness", "ScrapeHistory"], kind: .executable),
    Module(
        "EndToEndTests",
        ["FlippedStores", "ClusterHarness", "ScrapeHistory", "LogStorage", "NodeReplica", "WireFormat", "RaftCore"], kind: .test),
]

/// What each package is taken for, one sentence each; the pure targets have none.
let packages: [(name: String, dependency: Package.Dependency)] = [
    // HTTP/1.1 parsing, connection life cycle, streaming and later TLS for the web side, kept up by people who do HTTP for a living.
    ("hummingbird", .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1")),
    // HTTP field names and statuses as types, shared with Hummingbird.
    ("swift-http-types", .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0")),
    // Event loops and sockets for the members' connections and for the driver's executor.
    ("swift-nio", .package(url: "https://github.com/apple/swift-nio", from: "2.101.2")),
    // Mutual TLS between members.
    ("swift-nio-ssl", .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6")),
    // NIO's HTTP parts in the HTTP types' words, as Hummingbird speaks them.
    ("swift-nio-extras", .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2")),
    // Frames, entries and rows whose unknown fields survive a rolling upgrade.
    ("swift-protobuf", .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0")),
    // SQLite with transactions, torn writes and directory syncs solved.
    ("GRDB.swift", .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0")),
    // YAML whose nodes carry line and column, so that a mistake can be pointed at.
    ("Yams", .package(url: "https://github.com/jpsim/Yams", from: "6.2.2")),
    // The command line: flags, help and completion.
    ("swift-argument-parser", .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")),
    // Starts services in order and stops them in reverse.
    ("swift-service-lifecycle", .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0")),
    // The logging interface that the libraries above already speak.
    ("swift-log", .package(url: "https://github.com/apple/swift-log", from: "1.16.2")),
]

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The modules this build keeps.
func selected() -> [Module] {
    let all = pure + heavy
    if Context.environment["QUORUM_PURE"] == "1" { return pure }
    guard let only = Context.environment["QUORUM_ONLY"] else { return all }
    var kept = Set(only.split(separator: ",").map(String.init))
    for name in kept { kept.insert(name + "Tests") }
    var grew = true
    while grew {
        let more = all.filter { kept.contains($0.name) }.flatMap(\.uses).filter { !kept.contains($0) }
        kept.formUnion(more)
        grew = !more.isEmpty
    }
    return all.filter { kept.contains($0.name) }
}

func target(of module: Module) -> Target {
    let dependencies =
        module.uses.map { Target.Dependency.target(name: $0) }
        + module.products.map { Target.Dependency.product(name: $0.name, package: $0.package) }
    switch module.kind {
    case .library:
        // The one target with a file that is not Swift: the schema that its generated code comes from.
        let exclude = module.name == "WireFormat" ? ["Protocol"] : []
        return .target(name: module.name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
    case .executable: return .executableTarget(name: module.name, dependencies: dependencies, swiftSettings: settings)
    case .c: return .target(name: module.name, dependencies: dependencies, linkerSettings: [.linkedLibrary("sqlite3")])
    case .systemLibrary: return .systemLibrary(name: module.name, pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])])
    case .test:
        // Read by path: expected scrapes, scenarios with their transcripts, and bytes of earlier builds.
        let folders = [
            "MetricCatalogTests": ["Golden"], "RaftCoreTests": ["Scenarios"], "WireFormatTests": ["Fixtures"],
            "LogStorageTests": ["Fixtures"],
        ]
        let exclude = folders[module.name] ?? []
        return .testTarget(name: module.name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
    }
}

let modules = selected()
let neededPackages = Set(modules.flatMap { $0.products.map(\.package) })

let package = Package(
    name: "quorum-exporter",
    dependencies: packages.filter { neededPackages.contains($0.name) }.map(\.dependency),
    targets: modules.map(target(of:))
)
