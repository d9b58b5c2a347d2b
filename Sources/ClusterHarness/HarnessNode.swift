import Foundation
import Glibc
public import ScrapeHistory
import Synchronization

/// One node: its place, and its process while it runs.
public final class HarnessNode: Sendable {
    public let name: String
    public let host: String
    public let clusterHost: String
    public let webPort: UInt16
    public let clusterPort: UInt16
    public let storagePath: String
    public let logPath: String

    private let binary: String
    private let launcher: [String]
    private let flags: [String]
    private let watchdog: Watchdog
    private let process = Mutex<NodeProcess?>(nil)

    /// - Parameters:
    ///   - host: where it listens, for the web and the members.
    ///   - launcher: a command that starts the one that follows it, with the path of its executable; empty to start the node directly.
    init(
        name: String, binary: String, host: String = "127.0.0.1", clusterHost: String? = nil, webPort: UInt16, clusterPort: UInt16,
        storagePath: String, flags: [String], launcher: [String] = [], watchdog: Watchdog
    ) {
        self.name = name
        self.binary = binary
        self.host = host
        self.clusterHost = clusterHost ?? host
        self.webPort = webPort
        self.clusterPort = clusterPort
        self.storagePath = storagePath
        self.launcher = launcher
        self.watchdog = watchdog
        logPath = storagePath + ".log"
        self.flags =
            [
                "--web.listen-address=\(host):\(webPort)", "--cluster.listen-address=\(clusterHost ?? host):\(clusterPort)",
                "--storage.path=\(storagePath)",
            ] + flags
    }

    /// Where it is scraped.
    public var target: Watch.Target { Watch.Target(name: name, host: host, port: webPort) }

    /// The flags it is started with.
    public var arguments: [String] { flags }

    /// The process that was started last, running or not.
    public var current: NodeProcess? { process.withLock { $0 } }

    public var isRunning: Bool { current.map { $0.ending == nil } ?? false }

    /// Where its members dial it.
    public var clusterAddress: String { "\(clusterHost):\(clusterPort)" }

    /// Starts it.
    /// - Parameters:
    ///   - changed: flags as `--name=value` that take the place of the usual ones, or stand beside them.
    ///   - without: usual flags, as `--name`, that are left out.
    /// - Throws: `HarnessError` when the binary cannot be started.
    @discardableResult
    public func start(_ changed: [String] = [], without: [String] = []) throws -> NodeProcess {
        precondition(!isRunning, "\(name) runs")
        let names = changed.map { $0.prefix { $0 != "=" } } + without.map { $0[...] }
        let kept = flags.filter { flag in !names.contains(flag.prefix { $0 != "=" }) }
        let command = launcher + [binary, "serve"] + kept + changed
        let started = try NodeProcess(executable: command[0], arguments: Array(command.dropFirst()), logPath: logPath)
        watchdog.watch(started.pid)
        process.withLock { $0 = started }
        return started
    }

    /// SIGKILL; returns when the process is gone.
    public func kill() {
        guard let current, current.ending == nil else { return }
        current.killAndWait()
    }

    /// Sends a signal.
    public func signal(_ number: Int32) { current?.signal(number) }

    /// What a command of the program came to.
    public struct CommandResult: Sendable {
        public let status: Int32
        /// What it wrote, output and errors.
        public let text: String
    }

    /// Runs a command of the program, such as `members list`, on this node's machine.
    /// - Parameter arguments: the flags that find the node are added.
    /// - Throws: `HarnessError` when it cannot be started or does not end in time.
    public func command(_ arguments: [String], within limit: Duration = .seconds(20)) async throws -> CommandResult {
        let output = "\(storagePath).command-\(UInt32.random(in: 0 ... .max))"
        let words = launcher + [binary] + arguments + ["--storage.path=\(storagePath)"]
        let process = try NodeProcess(executable: words[0], arguments: Array(words.dropFirst()), logPath: output)
        watchdog.watch(process.pid)
        let ending = try await process.waitForEnd(within: limit)
        guard case .exited(let status) = ending else { throw HarnessError("\(arguments) ended as \(ending)") }
        return CommandResult(status: status, text: process.log)
    }

    /// An HTTP request of this node, on a thread of its own.
    public func request(
        _ path: String, method: String = "GET", headers: [(String, String)] = [], timeout: Duration = .seconds(2)
    ) async throws -> HTTPClient.Response {
        try await offload { [host, webPort] in
            try HTTPClient.request(method, host: host, port: webPort, path: path, headers: headers, timeout: timeout)
        }
    }

    /// One scrape, now.
    public func observe() async throws -> Observation { try await offload { [target] in Watch.observe(target) } }

    /// Everything its processes have written.
    public var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// The end of its log, for an error.
    public var lastLogLines: String {
        log.split(separator: "\n").suffix(12).joined(separator: "\n")
    }
}
