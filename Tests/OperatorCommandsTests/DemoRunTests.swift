import FoundationEssentials
import Glibc
import Testing

@testable import OperatorCommands

/// The whole of the demo, with a shell script in the nodes' place. One at a time: they share the process's signals.
@Suite(.serialized) struct DemoRunTests {
    private let scratch: Scratch
    private var settings: Demo.Settings

    init() throws {
        scratch = try Scratch()
        settings = Demo.Settings()
        settings.basePort = freeBasePort()
        settings.environment = ["TMPDIR": scratch.path, "PATH": "/usr/bin:/bin", "QUORUM_CLUSTER_NAME": "mine"]
        settings.isTerminal = false
        settings.executable = "/bin/sh"
        settings.leadingArguments = ["", "demo-node"]
    }

    /// What is left of the demo's folders.
    private func leftFolders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0.hasPrefix("quorum-demo-") }
    }

    @Test mutating func `a busy port is named before anything starts`() throws {
        settings.leadingArguments[0] = try scratch.script("node", "echo started >> \(scratch.path)/started")
        let port = UInt16(settings.basePort + 21)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let busy = HTTPEndpoint.loopback(port: port)
        #expect(unsafe busy.withAddress { unsafe bind(descriptor, $0, $1) } == 0)
        #expect(listen(descriptor, 1) == 0)
        #expect(throws: DemoError.portsBusy(["\(port) (cluster port of c)"])) { try Demo.run(settings) }
        #expect(scratch.text("started").isEmpty)
        #expect(try leftFolders().isEmpty)
    }

    @Test mutating func `it starts three, stops them after the time given and removes its folder`() throws {
        let log = scratch.path + "/calls"
        settings.leadingArguments[0] = try scratch.script(
            "node",
            """
            trap 'echo stopped >> \(log); exit 0' TERM
            echo "$1 $4 ${QUORUM_CLUSTER_NAME-unset}" >> \(log)
            while :; do sleep 0.01; done
            """)
        settings.durationSeconds = 2
        #expect(throws: DemoError.neverAgreed(seconds: 2)) { try Demo.run(settings) }
        let calls = scratch.text("calls").split(separator: "\n").sorted()
        #expect(
            calls == [
                "demo-node --cluster.member=a unset", "demo-node --cluster.member=b unset", "demo-node --cluster.member=c unset",
                "stopped", "stopped", "stopped",
            ])
        #expect(try leftFolders().isEmpty)
    }

    @Test mutating func `when all nodes end by themselves their last words are shown`() throws {
        settings.leadingArguments[0] = try scratch.script("node", "echo \"the disk is full\"; exit 1")
        let error = #expect(throws: DemoError.self) { try Demo.run(settings) }
        #expect(
            error?.description == """
                all three nodes ended by themselves:
                  a: the disk is full
                  b: the disk is full
                  c: the disk is full
                """)
        #expect(try leftFolders().isEmpty)
    }

    @Test mutating func `SIGTERM ends it in an orderly way`() throws {
        let log = scratch.path + "/calls"
        settings.leadingArguments[0] = try scratch.script(
            "node",
            """
            trap 'echo stopped >> \(log); exit 0' TERM
            echo up >> \(log)
            while [ "$(grep -c up \(log))" -lt 3 ]; do sleep 0.01; done
            [ "$4" = --cluster.member=a ] && kill -TERM \(getpid())
            while :; do sleep 0.01; done
            """)
        settings.durationSeconds = 60
        let began = SystemCalls.monotonicSeconds()
        try Demo.run(settings)
        #expect(SystemCalls.monotonicSeconds() - began < 50)
        #expect(scratch.text("calls").split(separator: "\n").filter { $0 == "stopped" }.count == 3)
        #expect(try leftFolders().isEmpty)
    }
}
