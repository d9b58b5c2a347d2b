@testable import RaftCore

/// The cluster a scenario plays in. Time passes, messages arrive and slow disks write only as the commands say; every input is told with
/// everything the node asks for in answer.
struct ScenarioWorld {
    var cluster = Cluster(disks: [], configuration: raftConfiguration(), isScripted: true)
    /// Nodes whose writes wait for a command; those of the others end at once.
    private var slowDisks: [NodeID] = []
    /// What the command under way has told so far.
    private var lines: [String] = []
    /// What was last told of each node's state.
    private var told: [String] = []

    /// Carries out one command.
    ///
    /// - Returns: its transcript.
    /// - Throws: `ScenarioWords.Mistake` when the command makes no sense.
    mutating func perform(_ text: String) throws(ScenarioWords.Mistake) -> [String] {
        lines = []
        let quietly = "quietly "
        var words = ScenarioWords(text.hasPrefix(quietly) ? String(text.dropFirst(quietly.count)) : text)
        let before = told
        try perform(&words)
        try words.end()
        if text.hasPrefix(quietly) { shorten(since: before) }
        for violation in cluster.checker.violations { lines.append("VIOLATION: \(violation)") }
        return lines
    }

    private mutating func perform(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        switch words.verb {
        case "nodes": try begin(&words)
        case "restore": try restore(&words)
        case "campaign", "elect", "tick", "advance", "run": try passTime(&words)
        case "propose", "prove", "transfer", "change": try ask(&words)
        case "deliver", "drop", "settle", "cut", "isolate", "heal", "connected", "gone": try network(&words)
        case "disk", "written", "crash", "restart", "capture", "compact": try machine(&words)
        case "state", "status", "log", "messages": try view(&words)
        default: throw ScenarioWords.Mistake("\(words.verb) is no command")
        }
    }

    /// Only how much happened, and where it left those nodes whose state is another.
    private mutating func shorten(since before: [String]) {
        let count = lines.count
        lines = ["(\(count) lines)"]
        for (position, line) in told.enumerated() where line != before[position] { lines.append("n\(position + 1) = \(line)") }
    }

    // MARK: Telling

    mutating func say(_ line: String) { lines.append(line) }

    /// The node with a number, which must be there.
    func position(_ number: UInt64) throws(ScenarioWords.Mistake) -> Int {
        guard number <= UInt64(cluster.hosts.count) else { throw ScenarioWords.Mistake("there is no node \(number)") }
        return cluster.position(number)
    }

    /// The node with a number, which must be up.
    func running(_ number: UInt64) throws(ScenarioWords.Mistake) -> Int {
        let position = try position(number)
        guard cluster.hosts[position].node != nil else { throw ScenarioWords.Mistake("node \(number) is down") }
        return position
    }

    /// Tells an input, carries it out, then tells the node's answer and what it asks for; a prompt disk writes at once.
    mutating func act(_ input: String, _ body: (inout Cluster) -> String?) {
        say(input)
        if let answer = body(&cluster) { say("  " + answer) }
        tell(isInput: true)
        for host in cluster.hosts where !slowDisks.contains(host.id) && !host.writes.isEmpty { write(host.id.rawValue, count: .max) }
    }

    mutating func write(_ number: UInt64, count: Int) {
        let numbers = cluster.hosts[cluster.position(number)].writes.prefix(count).map(\.write.number)
        guard let first = numbers.first, let last = numbers.last else { return }
        let range = first == last ? "\(first)" : "\(first) to \(last)"
        act("n\(number) has written \(range)") {
            $0.confirm(number, count)
            return nil
        }
    }

    /// What nodes asked for, and their states where those are new.
    mutating func tell(isInput: Bool = false) {
        let asked = cluster.takeAsked()
        for (_, ready) in asked { lines += Wording.ready(ready).map { "  " + $0 } }
        for position in cluster.hosts.indices {
            let state = stateLine(position)
            if state != told[position] { say((isInput ? "  = " : "n\(position + 1) = ") + state) }
            told[position] = state
        }
    }

    private func stateLine(_ position: Int) -> String {
        guard let node = cluster.hosts[position].node else { return "down" }
        return Wording.state(node)
    }

    // MARK: Beginning

    private mutating func begin(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        let voters = try words.node()
        let learners = try words.number("learners") ?? 0
        let outside = try words.number("outside") ?? 0
        let term = Term(try words.number("term") ?? 1)
        let configuration = try configuration(&words)
        let entries = RaftCoreTests.log(membership(voters: Int(voters), learners: Int(learners)))
        let known = (0..<(voters + learners)).map { _ in Cluster.Disk(hardState: HardState(term: term), entries: entries) }
        let strangers = (0..<outside).map { _ in Cluster.Disk(hardState: HardState(), entries: []) }
        cluster = Cluster(
            disks: known + strangers, configuration: configuration, isScripted: true)
        slowDisks = []
        told = cluster.hosts.map { _ in "" }
        tell()
    }

    private func configuration(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) -> RaftConfiguration {
        var limits = RaftConfiguration.Limits()
        if let value = try words.number("entry-bytes") { limits.entryBytes = Int(value) }
        if let value = try words.number("append-bytes") { limits.appendBytes = Int(value) }
        if let value = try words.number("append-entries") { limits.appendEntries = Int(value) }
        if let value = try words.number("inflight") { limits.inflightMessages = Int(value) }
        if let value = try words.number("inflight-bytes") { limits.inflightBytes = Int(value) }
        if let value = try words.number("uncommitted-bytes") { limits.uncommittedBytes = Int(value) }
        if let value = try words.number("tail") { limits.tailEntries = Int(value) }
        if let value = try words.number("chunk-bytes") { limits.snapshotChunkBytes = Int(value) }
        if let value = try words.number("chunks") { limits.snapshotChunksInFlight = Int(value) }
        if let value = try words.number("snapshot-bytes") { limits.snapshotBytes = Int(value) }
        if let value = try words.number("promotion-lag") { limits.promotionLagEntries = Int(value) }
        return raftConfiguration { $0 = limits }
    }

    /// `restore 2 term=4 vote=1 terms=1,1,4`: the node starts anew from a disk with a log of commands of these terms behind entry 1.
    private mutating func restore(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        let position = try position(try words.node())
        let term = Term(try words.number("term") ?? 1)
        let vote = try words.number("vote").map(NodeID.init)
        var entries = Array(cluster.hosts[position].disk.entries.prefix(1))
        for (offset, text) in (words.option("terms") ?? "").split(separator: ",").enumerated() {
            guard let number = UInt64(text) else { throw ScenarioWords.Mistake("\(text) is no term") }
            let index = LogIndex(UInt64(offset + 2))
            entries.append(LogEntry(index: index, term: Term(number), content: .command(Array("old".utf8))))
        }
        cluster.restore(
            cluster.hosts[position].id.rawValue, disk: Cluster.Disk(hardState: HardState(term: term, votedFor: vote), entries: entries))
        say("n\(position + 1) starts")
        tell()
    }

    // MARK: Disks and processes

    private mutating func machine(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        let number = try words.node()
        switch words.verb {
        case "disk":
            let id = cluster.hosts[try position(number)].id
            slowDisks.removeAll { $0 == id }
            switch words.word() {
            case "slow": slowDisks.append(id)
            case "prompt": write(number, count: .max)
            default: throw ScenarioWords.Mistake("a disk is slow or prompt")
            }
        case "written": write(try count(running(number)), count: Int(try words.number("count") ?? .max >> 1))
        case "crash":
            _ = try running(number)
            cluster.crash(number, keeping: Int(try words.number("keeping") ?? 0))
            tell()
        case "capture":
            _ = try running(number)
            if !cluster.capture(number) { throw ScenarioWords.Mistake("node \(number) has no state to capture") }
        case "compact":
            _ = try running(number)
            if cluster.hosts[cluster.position(number)].captured == nil, !cluster.capture(number) {
                throw ScenarioWords.Mistake("node \(number) has nothing to compact")
            }
            act("n\(number) is given the snapshot of its state") {
                _ = $0.compact(number)
                return nil
            }
        default:
            cluster.restart(number)
            tell()
        }
    }

    /// The number of a node that has writes to confirm.
    private func count(_ position: Int) throws(ScenarioWords.Mistake) -> UInt64 {
        if cluster.hosts[position].writes.isEmpty { throw ScenarioWords.Mistake("node \(position + 1) writes nothing") }
        return UInt64(position + 1)
    }
}
