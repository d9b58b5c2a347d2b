import Testing

/// Each rule holds for the project, and each finds what is planted for it.
struct ArchitectureTests {
    @Test func importsFollowTheArrowsOfTheDesign() throws { try expectClean(Architecture.importsFollowArrows) }
    @Test func librariesStayBehindTheirTarget() throws { try expectClean(Architecture.librariesStayBehindTheirTarget) }
    @Test func pureTargetsImportOnlyPureOnes() throws { try expectClean(Architecture.pureTargetsImportOnlyPureOnes) }
    @Test func pureTargetsHoldNoHashedCollection() throws { try expectClean(Architecture.pureTargetsHoldNoHashedCollection) }
    @Test func pureTargetsReadNoClockAndDrawNoLots() throws { try expectClean(Architecture.pureTargetsReadNoClockAndDrawNoLots) }
    @Test func pureTargetsAreSynchronous() throws { try expectClean(Architecture.pureTargetsAreSynchronous) }
    @Test func logLinesComeOnlyFromTargetsThatDoInputAndOutput() throws {
        try expectClean(Architecture.logLinesOnlyInTargetsThatDoInputAndOutput)
    }
    @Test func theServerKnowsNeitherRaftNorHealth() throws { try expectClean(Architecture.theServerKnowsNeitherRaftNorHealth) }
    @Test func onlyTheNodeStartsTasks() throws { try expectClean(Architecture.onlyTheNodeStartsTasks) }

    @Test func plantedImportsAreFound() {
        let arrows = Architecture.importsFollowArrows
        expectFound(arrows, "Sources/RaftCore/A.swift", "import ClusterHealth")
        expectFound(arrows, "Sources/MetricsServer/A.swift", "@testable public import RaftCore")
        expectFound(arrows, "Sources/ClusterHealth/A.swift", "internal import struct Exposition.Sample")
        expectFound(arrows, "Sources/Unheard/A.swift", "let a = 1")
        expectQuiet(arrows, "Sources/ClusterHealth/A.swift", "// import Exposition\npublic import RaftCore")
        let libraries = Architecture.librariesStayBehindTheirTarget
        expectFound(libraries, "Sources/WireFormat/A.swift", "import CZlib")
        expectFound(libraries, "Sources/ExporterNode/A.swift", "import GRDB")
        expectFound(libraries, "Sources/ExporterNode/A.swift", "import HummingbirdCore")
        expectQuiet(libraries, "Sources/LogStorage/A.swift", "import GRDB")
        for module in ["Foundation", "NIOCore", "Dispatch", "Logging", "Metrics", "Glibc", "Synchronization"] {
            expectFound(Architecture.pureTargetsImportOnlyPureOnes, "Sources/RaftCore/A.swift", "import \(module)")
        }
        expectQuiet(Architecture.pureTargetsImportOnlyPureOnes, "Sources/HealthProbes/A.swift", "import Glibc")
    }

    @Test func plantedHashedCollectionsAreFound() {
        let rule = Architecture.pureTargetsHoldNoHashedCollection
        for text in [
            "let a: Set<Int>", "var b: [NodeID: Int] = x", "let c = Dictionary(grouping: d) { $0 }", "let e: [String:[Int]]", "let f = [:]",
            "Set(g)", "let h: [NodeID: Progress?]",
        ] {
            expectFound(rule, "Sources/RaftCore/A.swift", text)
        }
        for text in ["let a: [Int] = [1]", "b[c ? 1 : 2]", "// Set<Int>", "let d = \"[A: B]\"", "mutating func set(a: Int)", "hardSet(a)"] {
            expectQuiet(rule, "Sources/RaftCore/A.swift", text)
        }
        expectQuiet(rule, "Sources/ExporterNode/A.swift", "let a: Set<Int>")
    }

    @Test func plantedClocksAndLotsAreFound() {
        let rule = Architecture.pureTargetsReadNoClockAndDrawNoLots
        for text in [
            "let a = Date()", "ContinuousClock.now", "Int.random(in: 0...1)", "b.shuffled()", "var c = SystemRandomNumberGenerator()",
            "d.randomElement()", "UUID()",
        ] {
            expectFound(rule, "Sources/ClusterHealth/A.swift", text)
        }
        expectQuiet(rule, "Sources/ClusterHealth/A.swift", "let random = source.next() // Date()")
    }

    @Test func plantedWaitsLogsTasksAndNamesAreFound() {
        expectFound(Architecture.pureTargetsAreSynchronous, "Sources/NodeReplica/A.swift", "func a() async {}")
        expectFound(Architecture.pureTargetsAreSynchronous, "Sources/NodeReplica/A.swift", "actor A {}")
        expectQuiet(Architecture.pureTargetsAreSynchronous, "Sources/NodeReplica/A.swift", "/// await nothing\nlet factor = 1")
        let logs = Architecture.logLinesOnlyInTargetsThatDoInputAndOutput
        expectFound(logs, "Sources/HealthProbes/A.swift", "let logger: Logger")
        expectFound(logs, "Sources/WireFormat/A.swift", "logger.info(\"a\")")
        expectQuiet(logs, "Sources/ClusterTransport/A.swift", "logger.info(\"a\")")
        let server = Architecture.theServerKnowsNeitherRaftNorHealth
        expectFound(server, "Sources/MetricsServer/A.swift", "let status: RaftStatus")
        expectFound(server, "Sources/MetricsServer/A.swift", "if isLeader { serve() }")
        expectQuiet(server, "Sources/MetricsServer/A.swift", "/// The leader's view.\nlet routes: [Route]")
        let tasks = Architecture.onlyTheNodeStartsTasks
        for text in ["Task { a() }", "Task.detached { a() }", "let b = Task<Void, Never> { }", "Task(priority: .low) {"] {
            expectFound(tasks, "Sources/ClusterTransport/A.swift", text)
        }
        expectQuiet(tasks, "Sources/ExporterNode/A.swift", "Task { a() }")
        expectQuiet(tasks, "Sources/ClusterTransport/A.swift", "group.addTask { a() }\nTask.isCancelled")
    }
}

/// The rule has nothing to say about any file of the project.
func expectClean(_ rule: Rule, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for finding in try Repository.swiftFiles().flatMap(rule) { Issue.record("\(finding)", sourceLocation: sourceLocation) }
}

/// The rule finds something in a planted file.
func expectFound(_ rule: Rule, _ path: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!rule(SourceFile(path: path, text: text)).isEmpty, "nothing found in: \(text)", sourceLocation: sourceLocation)
}

/// The rule leaves a planted file alone.
func expectQuiet(_ rule: Rule, _ path: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let found = rule(SourceFile(path: path, text: text))
    #expect(found.isEmpty, "found in: \(text)", sourceLocation: sourceLocation)
}
