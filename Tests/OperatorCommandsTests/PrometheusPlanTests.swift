import Testing

@testable import OperatorCommands

@Suite struct PrometheusPlanTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        _ = try scratch.script("prometheus", "exit 0")
    }

    private func plan(basePort: Int = DemoPlan.standardBasePort, searched: [String]) throws -> PrometheusPlan {
        try PrometheusPlan(
            plan: DemoPlan(basePort: basePort), folder: scratch.path, port: 9_091, path: "/nowhere:\(scratch.path)", searched: searched)
    }

    @Test func `the bundled file is used as it is for its own ports`() throws {
        try scratch.file("prometheus.yml", "targets: [\"127.0.0.1:10310\"]")
        let plan = try plan(searched: ["/nowhere", scratch.path])
        #expect(plan.executable == scratch.path + "/prometheus")
        #expect(plan.configurationPath == scratch.path + "/prometheus.yml")
        #expect(plan.arguments.contains("--web.listen-address=127.0.0.1:9091"))
        #expect(plan.arguments.contains("--config.file=\(scratch.path)/prometheus.yml"))
        #expect(plan.arguments.contains("--storage.tsdb.path=\(scratch.path)/prometheus"))
    }

    @Test func `for other ports a copy has other targets and finds the rules`() throws {
        let home = try Scratch()
        try home.file(
            "prometheus.yml",
            "rule_files:\n  - rules/*.rules.yml\ntargets: [\"127.0.0.1:10310\", \"127.0.0.1:10320\", \"127.0.0.1:10330\"]\n")
        // The second member's port is the bundled first member's third: nothing may be replaced twice.
        let plan = try plan(basePort: 10_320, searched: [home.path])
        #expect(plan.configurationPath == scratch.path + "/prometheus.yml")
        #expect(
            scratch.text("prometheus.yml") == "rule_files:\n  - \(home.path)/rules/*.rules.yml\n"
                + "targets: [\"127.0.0.1:10320\", \"127.0.0.1:10330\", \"127.0.0.1:10340\"]\n")
    }

    @Test func `a file of somebody else's is not used, and without the bundled one there are no alerts`() throws {
        let other = try Scratch()
        try other.file("prometheus.yml", "targets: [\"127.0.0.1:9100\"]")
        let plan = try plan(searched: [other.path, "/nowhere"])
        #expect(plan.note.hasPrefix("without alerts"))
        #expect(scratch.text("prometheus.yml").contains("targets: [\"127.0.0.1:10310\", \"127.0.0.1:10320\", \"127.0.0.1:10330\"]"))
    }

    @Test func `without Prometheus on the PATH it says so`() {
        #expect(throws: DemoError.noPrometheus) {
            _ = try PrometheusPlan(plan: DemoPlan(), folder: "/tmp", port: 9_090, path: "/nowhere", searched: [])
        }
    }

    @Test func `the folders above the executable are searched`() {
        let folders = PrometheusPlan.searchedFolders(executable: "/p/.build/debug/quorum-exporter")
        #expect(folders.dropFirst() == ["/p/.build/debug", "/p/.build", "/p"])
    }
}
