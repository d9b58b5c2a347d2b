import Glibc
import Testing

@testable import OperatorCommands

@Suite struct ProcessTableTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The state letter of a process in /proc, nil when there is none.
    private func stateLetter(_ pid: pid_t) -> Character? {
        let descriptor = unsafe open("/proc/\(pid)/stat", O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.lastIndex(of: ")").flatMap { text[$0...].dropFirst(2).first }
    }

    private func start(_ table: inout ProcessTable, _ name: String, _ body: String, arguments: [String] = []) throws -> pid_t {
        try table.start(
            name: name, executable: "/bin/sh", arguments: [scratch.script(name, body)] + arguments, logPath: "\(scratch.path)/\(name).log")
        return try #require(table[name]?.pid)
    }

    @Test func `a process gets its arguments, its environment and a log`() throws {
        var table = try ProcessTable(environment: ["COLOUR=green"])
        _ = try start(&table, "node", "echo \"$1 $2 $COLOUR\"; echo bad >&2; exit 3", arguments: ["one", "two"])
        var ended: [ProcessEnd] = []
        #expect(
            eventually {
                ended += table.reap().map(\.end); return !ended.isEmpty
            })
        #expect(ended == [.exited(3)])
        #expect(table["node"]?.state == .ended(.exited(3)))
        #expect(scratch.text("node.log") == "one two green\nbad\n")
    }

    @Test func `a killed process is noticed and can be started again, with its log going on`() throws {
        var table = try ProcessTable(environment: [])
        let first = try start(&table, "node", "echo up; exec sleep 600")
        #expect(eventually { scratch.text("node.log") == "up\n" })
        try table.restart("node")
        #expect(table["node"]?.pid == first, "one that runs is not started twice")
        table.kill("node")
        var ended: [(name: String, before: ProcessTable.State, end: ProcessEnd)] = []
        #expect(
            eventually {
                ended += table.reap(); return !ended.isEmpty
            })
        #expect(ended.first?.before == .running(first))
        #expect(ended.first?.end == .signalled(SIGKILL))
        try table.restart("node")
        let second = try #require(table["node"]?.pid)
        #expect(second != first)
        #expect(eventually { scratch.text("node.log") == "up\nup\n" })
        table.stopAll(within: 5)
        #expect(table["node"]?.state == .ended(.signalled(SIGTERM)))
        #expect(stateLetter(second) == nil)
    }

    @Test func `a frozen process stands still, goes on when resumed, and obeys a stop while frozen`() throws {
        var table = try ProcessTable(environment: [])
        let pid = try start(&table, "node", "trap 'exit 0' TERM; echo up; while :; do sleep 0.01; done")
        #expect(eventually { scratch.text("node.log") == "up\n" })
        table.freeze("node")
        #expect(table["node"]?.state == .frozen(pid))
        #expect(eventually { stateLetter(pid) == "T" })
        table.resume("node")
        #expect(eventually { stateLetter(pid) == "S" || stateLetter(pid) == "R" })
        #expect(table["node"]?.state == .running(pid))
        table.freeze("node")
        table.stopAll(within: 10)
        #expect(table["node"]?.state == .ended(.exited(0)))
    }

    @Test func `whoever does not stop in time is killed, and an impatient user need not wait`() throws {
        var table = try ProcessTable(environment: [])
        let stubborn = "trap '' TERM; echo up; while :; do sleep 0.01; done"
        let pid = try start(&table, "node", stubborn)
        #expect(eventually { scratch.text("node.log") == "up\n" })
        table.stopAll(within: 0.1)
        #expect(table["node"]?.state == .ended(.signalled(SIGKILL)))
        #expect(stateLetter(pid) == nil)

        var second = try ProcessTable(environment: [])
        _ = try start(&second, "other", stubborn)
        #expect(eventually { scratch.text("other.log") == "up\n" })
        second.stopAll(within: 600) { true }
        #expect(second["other"]?.state == .ended(.signalled(SIGKILL)))
    }

    @Test func `a process sees the end of its input when the table is gone`() throws {
        do {
            var table = try ProcessTable(environment: [])
            let path = scratch.path
            _ = try start(&table, "node", "echo up; read line; echo alone > \(path)/alone")
            #expect(eventually { scratch.text("node.log") == "up\n" })
            #expect(scratch.text("alone").isEmpty)
        }
        #expect(eventually { scratch.text("alone") == "alone\n" })
    }

    @Test func `what cannot be started is named`() throws {
        var table = try ProcessTable(environment: [])
        #expect(throws: DemoError.cannotStart("/nowhere/node", reason: "No such file or directory")) {
            try table.start(name: "node", executable: "/nowhere/node", arguments: [], logPath: "/dev/null")
        }
        #expect(table.processes.isEmpty)
    }
}
