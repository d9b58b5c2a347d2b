/// Why the demo cannot start or go on.
enum DemoError: Error, Equatable, CustomStringConvertible {
    /// These ports are taken, each with what it is wanted for.
    case portsBusy([String])
    case cannotMakeFolder(String, reason: String)
    case cannotStart(String, reason: String)
    case noPrometheus
    /// All three ended by themselves before they ever answered; the ends of their logs.
    case nothingRuns([String])
    /// The time given was over before the three agreed.
    case neverAgreed(seconds: Int)

    var description: String {
        switch self {
        case .portsBusy(let ports):
            return "already in use on 127.0.0.1: " + ports.joined(separator: ", ") + ". Stop what uses them, or choose another --base-port."
        case .cannotMakeFolder(let path, let reason): return "cannot make a folder at \(path): \(reason)"
        case .cannotStart(let path, let reason): return "cannot start \(path): \(reason)"
        case .noPrometheus: return "no prometheus on the PATH; install it, or run the demo without --prometheus"
        case .nothingRuns(let ends): return (["all three nodes ended by themselves:"] + ends).joined(separator: "\n")
        case .neverAgreed(let seconds): return "the three did not agree within \(seconds) s"
        }
    }
}

/// How a process ended.
enum ProcessEnd: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)
    /// Nobody can tell: somebody else waited for it.
    case unknown

    /// - Parameter waitStatus: what `waitpid` gave; its macros are not imported.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xFF) : .signalled(signal)
    }

    var description: String {
        switch self {
        case .exited(let status): return status == 0 ? "stopped" : "exited with \(status)"
        case .signalled(9): return "killed"
        case .signalled(let signal): return "ended by signal \(signal)"
        case .unknown: return "ended"
        }
    }
}
