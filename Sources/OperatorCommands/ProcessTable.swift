import Glibc

/// The processes the demo started, by name. It alone starts, signals and waits for them.
struct ProcessTable {
    /// In the order they were added.
    private(set) var processes: [Managed] = []
    private let lifeline: Lifeline
    private let environment: [String]

    /// One process: how it is started, and how it is.
    struct Managed: Equatable {
        let name: String
        let executable: String
        let arguments: [String]
        /// Where its output goes.
        let logPath: String
        fileprivate(set) var state: State

        var pid: pid_t? {
            switch state {
            case .running(let pid), .frozen(let pid), .stopping(let pid): return pid
            case .ended: return nil
            }
        }
    }

    /// How a process is.
    enum State: Equatable {
        case running(pid_t)
        /// Stopped by SIGSTOP.
        case frozen(pid_t)
        /// Told to stop by SIGTERM.
        case stopping(pid_t)
        case ended(ProcessEnd)
    }

    /// - Parameter environment: `NAME=value` of each variable the processes get.
    /// - Throws: `DemoError.cannotStart` when the system has no descriptors left.
    init(environment: [String]) throws(DemoError) {
        self.environment = environment
        lifeline = try Lifeline()
    }

    subscript(_ name: String) -> Managed? { processes.first { $0.name == name } }

    /// Adds a process and starts it.
    mutating func start(name: String, executable: String, arguments: [String], logPath: String) throws(DemoError) {
        precondition(self[name] == nil, "\(name) is started already")
        let pid = try spawn(executable, arguments, logPath)
        processes.append(
            Managed(name: name, executable: executable, arguments: arguments, logPath: logPath, state: .running(pid)))
    }

    /// Starts a process again that has ended; nothing otherwise.
    mutating func restart(_ name: String) throws(DemoError) {
        guard let index = index(of: name), case .ended = processes[index].state else { return }
        let process = processes[index]
        processes[index].state = .running(try spawn(process.executable, process.arguments, process.logPath))
    }

    /// SIGKILL.
    mutating func kill(_ name: String) { send(SIGKILL, to: name) }

    /// SIGSTOP; only of a running process.
    mutating func freeze(_ name: String) {
        guard let index = index(of: name), case .running(let pid) = processes[index].state else { return }
        send(SIGSTOP, to: name)
        processes[index].state = .frozen(pid)
    }

    /// SIGCONT.
    mutating func resume(_ name: String) {
        guard let index = index(of: name), case .frozen(let pid) = processes[index].state else { return }
        send(SIGCONT, to: name)
        processes[index].state = .running(pid)
    }

    /// SIGTERM; a frozen process is resumed, so that it can obey.
    mutating func stop(_ name: String) {
        guard let index = index(of: name), let pid = processes[index].pid else { return }
        send(SIGTERM, to: name)
        send(SIGCONT, to: name)
        processes[index].state = .stopping(pid)
    }

    /// Takes note of the processes that have ended since.
    /// - Returns: their names and how each was and ended.
    mutating func reap() -> [(name: String, before: State, end: ProcessEnd)] {
        var ended: [(name: String, before: State, end: ProcessEnd)] = []
        for index in processes.indices {
            guard let pid = processes[index].pid, let end = waited(pid) else { continue }
            ended.append((processes[index].name, processes[index].state, end))
            processes[index].state = .ended(end)
        }
        return ended
    }

    /// Stops all: SIGTERM, then SIGKILL for what has not ended in time or when `isImpatient` says so. Returns when all have ended.
    mutating func stopAll(within seconds: Double, isImpatient: () -> Bool = { false }) {
        for process in processes { stop(process.name) }
        let deadline = SystemCalls.monotonicSeconds() + seconds
        while processes.contains(where: { $0.pid != nil }), SystemCalls.monotonicSeconds() < deadline, !isImpatient() {
            _ = reap()
            usleep(10_000)
        }
        for process in processes { kill(process.name) }
        while processes.contains(where: { $0.pid != nil }) {
            _ = reap()
            usleep(1_000)
        }
    }

    private func index(of name: String) -> Int? { processes.firstIndex { $0.name == name } }

    /// A process that has not been waited for keeps its id, so a signal cannot reach a stranger.
    private func send(_ signal: Int32, to name: String) {
        guard let pid = self[name]?.pid else { return }
        _ = Glibc.kill(pid, signal)
    }

    private func waited(_ pid: pid_t) -> ProcessEnd? {
        var status: Int32 = 0
        let result = unsafe waitpid(pid, &status, WNOHANG)
        if result == pid { return ProcessEnd(waitStatus: status) }
        return result < 0 && errno == ECHILD ? .unknown : nil
    }

    private func spawn(_ executable: String, _ arguments: [String], _ logPath: String) throws(DemoError) -> pid_t {
        try Spawn.start(
            executable: executable, arguments: arguments, environment: environment, input: lifeline.readEnd, logPath: logPath)
    }
}

/// A pipe nobody writes to. Its read end is the standard input of every process, so that each sees the end of its input when the
/// process holding this is gone, however that ended.
private final class Lifeline {
    let readEnd: CInt
    private let writeEnd: CInt

    init() throws(DemoError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw .cannotStart("a process", reason: SystemCalls.reason()) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }
}
