import Glibc
import StatusDocuments

/// Runs three nodes and shows them until it is told to stop.
struct Demo {
    private let settings: Settings
    private let plan: DemoPlan
    private let began = SystemCalls.monotonicSeconds()
    private var table: ProcessTable
    private var picture: DemoPicture?
    private var chaos = ChaosPlan()
    private var random = SystemRandomNumberGenerator()
    private var block = TerminalBlock()
    private var pending: [String] = []
    private var agreedAfter: Double?
    private var plainShownAt: Double?
    private var isOutputGone = false
    private var readsInput: Bool

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
        say("Grafana: import grafana/quorum.json with this Prometheus as its data source")
    }

    private func introduction(_ folder: String) -> [String] {
        var lines = plan.members.map { "\($0.name): \($0.url)  cluster port \($0.clusterPort)  log \(folder)/\($0.name).log" }
        lines.append("look:  curl --compressed http://127.0.0.1:\(plan.members[0].webPort)/metrics")
        lines.append("break: kill -9 a node's pid; Enter starts it again; Ctrl-C ends the demo")
        return lines
    }

    /// Looks, acts and draws until told to stop.
    private mutating func show() throws(DemoError) {
        while !isOver {
            let start = SystemCalls.monotonicSeconds()
            try noteEnds()
            let next = DemoPoll.picture(plan, table) { StopSignals.count > 0 }
            if StopSignals.count > 0 { return }
            pending += DemoEvents.changes(from: picture, to: next).map(timed)
            noteAgreement(next)
            try strike(next)
            picture = next
            draw(next)
            let interval = agreedAfter == nil ? Demo.restlessSeconds : Demo.calmSeconds
            try wait(until: start + interval)
        }
        if let seconds = settings.durationSeconds, agreedAfter == nil, StopSignals.count == 0 { throw .neverAgreed(seconds: seconds) }
    }

    private var elapsed: Double { SystemCalls.monotonicSeconds() - began }

    private var isOver: Bool {
        StopSignals.count > 0 || isOutputGone || settings.durationSeconds.map { elapsed >= Double($0) } ?? false
    }

    private func timed(_ line: String) -> String {
        let tenths = Int(elapsed * 10)
        return "\(tenths / 10).\(tenths % 10) s: \(line)"
    }

    private mutating func noteAgreement(_ next: DemoPicture) {
        guard agreedAfter == nil, next.isAgreed else { return }
        agreedAfter = elapsed
        pending.append(timed("the three agree: \(next.leader ?? "-") leads, all are up"))
    }

    private mutating func noteEnds() throws(DemoError) {
        for ended in table.reap() {
            pending.append(timed("\(ended.name) \(ended.end)"))
            if case .exited(let status) = ended.end, status != 0 { pending += lastWords(ended.name) }
        }
        let haveAllEnded = plan.members.allSatisfy { table[$0.name]?.pid == nil }
        guard haveAllEnded, agreedAfter == nil else { return }
        pending = []
        throw .nothingRuns(plan.members.flatMap { lastWords($0.name) })
    }

    private func lastWords(_ name: String) -> [String] {
        guard let process = table[name] else { return [] }
        return LogTail.lines(of: process.logPath).map { "  \(name): \($0)" }
    }

    private mutating func strike(_ next: DemoPicture) throws(DemoError) {
        guard settings.isChaotic else { return }
        let leader = plan.members.firstIndex { $0.name == next.leader }
        let act = chaos.next(
            at: SystemCalls.monotonicSeconds(), isWell: next.isWell, leader: leader, count: plan.members.count, using: &random)
        guard let act else { return }
        pending.append(timed("chaos: \(try perform(act))"))
    }

    /// - Returns: the act in words.
    private mutating func perform(_ act: ChaosPlan.Act) throws(DemoError) -> String {
        switch act {
        case .kill(let index):
            table.kill(plan.members[index].name)
            return "kills \(plan.members[index].name)"
        case .freeze(let index):
            table.freeze(plan.members[index].name)
            return "freezes \(plan.members[index].name)"
        case .stop(let index):
            table.stop(plan.members[index].name)
            return "stops \(plan.members[index].name) in an orderly way"
        case .resume(let index):
            table.resume(plan.members[index].name)
            return "resumes \(plan.members[index].name)"
        case .restart(let index):
            try table.restart(plan.members[index].name)
            return "starts \(plan.members[index].name) again"
        }
    }

    private mutating func wait(until end: Double) throws(DemoError) {
        while !isOver, SystemCalls.monotonicSeconds() < end {
            let rest = end - SystemCalls.monotonicSeconds()
            guard SystemCalls.waitForInput(readsInput ? 0 : -1, atMost: rest), readsInput else { continue }
            try takeInput()
        }
    }

    private mutating func takeInput() throws(DemoError) {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
        guard count > 0 else {
            readsInput = count < 0 && errno == EINTR
            return
        }
        for _ in bytes[..<count].filter({ $0 == 0x0A }) { block.noteEnteredLine() }
        for member in plan.members where table[member.name]?.pid == nil {
            try table.restart(member.name)
            pending.append(timed("\(member.name) is started again"))
        }
    }

    private mutating func draw(_ next: DemoPicture) {
        let isColoured = settings.isTerminal && settings.environment["NO_COLOR", default: ""].isEmpty
        let screen = DemoScreen(isColoured: isColoured)
        if settings.isTerminal {
            let lines = screen.lines(next, elapsedSeconds: elapsed, nowMilliseconds: SystemCalls.wallMilliseconds())
            write(block.frame(events: pending, block: [""] + lines))
        } else {
            // Every change, and now and then that nothing changed.
            if !pending.isEmpty || plainShownAt.map({ elapsed - $0 >= 10 }) ?? true {
                pending.append(timed(screen.plainLine(next)))
                plainShownAt = elapsed
            }
            write(pending.map { $0 + "\n" }.joined())
        }
        pending = []
    }

    private mutating func say(_ line: String) { write(line + "\n") }

    private mutating func write(_ text: String) {
        if !SystemCalls.write(text, to: 1) { isOutputGone = true }
    }
}
