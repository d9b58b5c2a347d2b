import Glibc

/// Runs three nodes and shows them until it is told to stop.
struct Demo {
    let settings: Settings
    let plan: DemoPlan
    let began = SystemCalls.monotonicSeconds()
    var table: ProcessTable
    var picture: DemoPicture?
    var chaos = ChaosPlan()
    var random = SystemRandomNumberGenerator()
    var block = TerminalBlock()
    var pending: [String] = []
    var agreedAfter: Double?
    var plainShownAt: Double?
    var isOutputGone = false
    var readsInput: Bool

    /// What the command line says.
    struct Settings {
        var basePort = DemoPlan.standardBasePort
        var prometheusPort: UInt16?
        var isChaotic = false
        /// Nil: until stopped.
        var durationSeconds: Int?
        /// What is started three times, and what comes before the flags.
        var executable = SystemCalls.ownExecutable()
        var leadingArguments = ["demo-node"]
        var environment: [String: String] = [:]
        var isTerminal = isatty(1) == 1
    }

    /// How long the nodes have for an orderly stop before they are killed.
    static let stopSeconds = 8.0
    /// Between two pictures: short until the three agree.
    static let restlessSeconds = 0.1
    static let calmSeconds = 1.0

    /// Runs to the end and cleans up, whatever happens.
    /// - Throws: `DemoError`.
    static func run(_ settings: Settings) throws(DemoError) {
        let plan = DemoPlan(basePort: settings.basePort)
        try checkPorts(plan, settings)
        let folder = try TemporaryFolder(in: settings.environment["TMPDIR"] ?? "/tmp")
        StopSignals.install()
        let result: Result<Void, DemoError>
        do throws(DemoError) {
            var demo = try Demo(plan, settings)
            result = demo.runToEnd(in: folder.path)
        } catch {
            result = .failure(error)
        }
        if let problem = folder.remove() { _ = SystemCalls.write(problem + "\n", to: 2) }
        try result.get()
    }

    /// Names every port that is taken before anything is started.
    static func checkPorts(_ plan: DemoPlan, _ settings: Settings) throws(DemoError) {
        let wanted = plan.ports + (settings.prometheusPort.map { [(port: $0, use: "Prometheus")] } ?? [])
        let busy = wanted.filter { !SystemCalls.isFree($0.port) }
        if !busy.isEmpty { throw .portsBusy(busy.map { "\($0.port) (\($0.use))" }) }
    }

    private init(_ plan: DemoPlan, _ settings: Settings) throws(DemoError) {
        self.plan = plan
        self.settings = settings
        readsInput = settings.isTerminal && isatty(0) == 1
        // A configuration of the user's own is not meant for these three.
        let kept = settings.environment.filter { !$0.key.hasPrefix("QUORUM_") }
        table = try ProcessTable(environment: kept.map { "\($0.key)=\($0.value)" }.sorted())
    }

    private mutating func runToEnd(in folder: String) -> Result<Void, DemoError> {
        let result: Result<Void, DemoError>
        do throws(DemoError) {
            try startAll(in: folder)
            try show()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        let requests = StopSignals.count
        say("stopping")
        table.stopAll(within: Demo.stopSeconds) { StopSignals.count > max(requests, 1) }
        return result
    }

    private mutating func startAll(in folder: String) throws(DemoError) {
        for member in plan.members {
            let flags = plan.flags(for: member, dataFolder: "\(folder)/\(member.name)")
            try table.start(
                name: member.name, executable: settings.executable, arguments: settings.leadingArguments + flags,
                logPath: "\(folder)/\(member.name).log")
        }
        for line in introduction(folder) { say(line) }
        guard let port = settings.prometheusPort else { return }
        let prometheus = try PrometheusPlan(
            plan: plan, folder: folder, port: port, path: settings.environment["PATH"] ?? "",
            searched: PrometheusPlan.searchedFolders(executable: settings.executable))
        try table.start(
            name: "prometheus", executable: prometheus.executable, arguments: prometheus.arguments, logPath: "\(folder)/prometheus.log")
        say("Prometheus: http://127.0.0.1:\(port)/alerts, \(prometheus.note)")
        say("Grafana: import grafana/quorum-cluster.json with this Prometheus as its data source")
    }

    private func introduction(_ folder: String) -> [String] {
        var lines = plan.members.map { "\($0.name): \($0.url)  cluster port \($0.clusterPort)  log \(folder)/\($0.name).log" }
        lines.append("look:  curl --compressed http://127.0.0.1:\(plan.members[0].webPort)/metrics")
        lines.append("break: kill -9 a node's pid; Enter starts it again; Ctrl-C ends the demo")
        return lines
    }

    private mutating func say(_ line: String) { write(line + "\n") }

    mutating func write(_ text: String) {
        if !SystemCalls.write(text, to: 1) { isOutputGone = true }
    }
}
