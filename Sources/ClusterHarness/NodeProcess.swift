import Foundation
public import Glibc
import Synchronization

/// One process that was started, until it has ended and been waited for.
public final class NodeProcess: Sendable {
    public let pid: pid_t
    /// The file with its output and errors.
    public let logPath: String

    private let end = Mutex<Ending?>(nil)

    /// How a process ended.
    public enum Ending: Sendable, Equatable {
        case exited(Int32)
        case killed(by: Int32)
    }

    /// Starts a program; its output and errors are appended to the file.
    /// - Parameters:
    ///   - executable: an absolute path.
    ///   - environment: added to this process's own, of which no variable of the exporter is passed on.
    /// - Throws: `HarnessError` naming the executable.
    public init(executable: String, arguments: [String], environment: [String: String] = [:], logPath: String) throws {
        self.logPath = logPath
        let kept = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("QUORUM_") }
        let all = kept.merging(environment) { _, given in given }
        pid = try Spawn.start(
            executable: executable, arguments: arguments, environment: all.map { "\($0.key)=\($0.value)" }, logPath: logPath)
    }

    /// Sends a signal, unless the process has ended.
    public func signal(_ number: Int32) {
        end.withLock { ended in
            if ended == nil { _ = kill(pid, number) }
        }
    }

    /// SIGKILL, and waits until the process is gone.
    public func killAndWait() {
        signal(SIGKILL)
        while ending == nil { usleep(1_000) }
    }

    /// How it ended; nil while it runs.
    public var ending: Ending? {
        end.withLock { ended in
            if ended == nil { ended = reap() }
            return ended
        }
    }

    /// Waits until it has ended by itself.
    /// - Throws: `HarnessError` with its log when it still runs.
    public func waitForEnd(within limit: Duration) async throws -> Ending {
        let ended = try? await eventually("the end of process \(pid)", within: limit, every: .milliseconds(5)) { ending }
        guard let ended else { throw HarnessError("process \(pid) still runs after \(limit); its log:\n\(log)") }
        return ended
    }

    /// Everything it has written.
    public var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// Its resident memory in bytes; nil once it has ended.
    public var residentBytes: Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first }.flatMap { Int($0) }.map {
            $0 * 1_024
        }
    }

    /// The kernel's letter for what it is doing, `T` when it was stopped by a signal; nil once it has ended.
    public var stateLetter: Character? {
        // The name in the second field may hold anything; the state stands behind its bracket.
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else {
            return nil
        }
        return text[text.index(after: end)...].first { $0 != " " }
    }

    private func reap() -> Ending? {
        var status: CInt = 0
        guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(by: signal)
    }
}
