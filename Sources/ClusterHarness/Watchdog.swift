import Foundation
public import Glibc
import Synchronization

/// A shell that outlives this process by a moment, should it be killed, and then ends what it had started.
public final class Watchdog: Sendable {
    private let folder: String
    private let pid: pid_t
    private let pipe: Mutex<CInt?>

    /// Reads what is to be ended; when the writer is gone without "done", ends it. A process is only ended when the folder stands in its
    /// arguments, so that a number the system has given away again harms nobody.
    private static let script = """
        while read -r kind what; do
          case $kind in
            pid) pids="$pids $what" ;;
            do) cleanup="$cleanup$what
        " ;;
            done) exit 0 ;;
          esac
        done
        for pid in $pids; do grep -qaF -- "$1" "/proc/$pid/cmdline" 2>/dev/null && kill -KILL "$pid"; done
        eval "$cleanup"
        rm -rf -- "$1"
        """

    /// - Parameter folder: removed too; it must stand in the arguments of every process to end.
    public init(folder: String) throws {
        self.folder = folder
        var ends: [CInt] = [0, 0]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw HarnessError("pipe: \(SystemError.text())") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipe = Mutex(ends[1])
        defer { close(ends[0]) }
        pid = try Spawn.start(
            executable: "/bin/sh", arguments: ["-c", Watchdog.script, "watchdog", folder],
            environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], input: ends[0], logPath: "/dev/null")
    }

    /// A process to end with this one.
    public func watch(_ pid: pid_t) { tell("pid \(pid)") }

    /// A shell command to run when this process dies.
    func afterwards(_ command: String) { tell("do \(command)") }

    /// Nothing is left to end.
    public func dismiss() {
        tell("done -")
        pipe.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
        var status: CInt = 0
        _ = unsafe waitpid(pid, &status, 0)
    }

    private func tell(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        pipe.withLock { descriptor in
            guard let descriptor else { return }
            _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        }
    }
}
