import Dispatch
import Synchronization

/// Runs one probe's blocking call on a thread of its own, bounded in time, and never twice at once.
///
/// A call that hangs keeps its thread for as long as it hangs; until it returns, every further run is reported failed at once and
/// nothing is started. So the threads in use are bounded by the number of lanes.
final class ProbeLane<Value: Sendable>: Sendable {
    private let name: String
    private let queue: DispatchQueue
    private let timeout: Duration
    private let call: @Sendable () throws(ProbeError) -> Value
    /// When the call under way began; nil while none is.
    private let startedAt = Mutex<ContinuousClock.Instant?>(nil)

    /// How a run ended.
    struct Outcome: Sendable {
        let value: Value?
        let result: ProbeResult
    }

    init(name: String, timeout: Duration, call: @escaping @Sendable () throws(ProbeError) -> Value) {
        self.name = name
        self.timeout = timeout
        self.call = call
        // A serial queue of its own: Dispatch gives it a thread beyond the count of processors when others hang.
        queue = DispatchQueue(label: "health-probe-" + name)
    }

    /// Runs the call, or reports why not; returns within the timeout.
    func run() async -> Outcome {
        let now = ContinuousClock.now
        let hangingSince = startedAt.withLock { started -> ContinuousClock.Instant? in
            if started == nil { started = now; return nil }
            return started
        }
        if let hangingSince {
            return failure("a run begun \(seconds(now - hangingSince)) ago has not returned", duration: now - hangingSince)
        }
        return await withCheckedContinuation { continuation in
            let answer = OneAnswer(continuation)
            queue.async {
                let outcome = self.measured(since: now)
                self.startedAt.withLock { $0 = nil }
                answer.give(outcome)
            }
            DispatchQueue.global().asyncAfter(deadline: .now() + timeInterval(timeout)) {
                answer.give(self.failure("no answer within \(seconds(self.timeout))", duration: ContinuousClock.now - now))
            }
        }
    }

    private func measured(since start: ContinuousClock.Instant) -> Outcome {
        do throws(ProbeError) {
            let value = try call()
            return Outcome(value: value, result: ProbeResult(name: name, success: true, duration: ContinuousClock.now - start))
        } catch {
            return failure(error.description, duration: ContinuousClock.now - start)
        }
    }

    private func failure(_ error: String, duration: Duration) -> Outcome {
        Outcome(value: nil, result: ProbeResult(name: name, success: false, duration: duration, error: error))
    }
}

/// A continuation that the first answer resumes and every later one passes by.
private final class OneAnswer<Answer: Sendable>: Sendable {
    private let waiting: Mutex<CheckedContinuation<Answer, Never>?>

    init(_ continuation: CheckedContinuation<Answer, Never>) { waiting = Mutex(continuation) }

    func give(_ answer: Answer) {
        let continuation = waiting.withLock { waiting in
            let taken = waiting
            waiting = nil
            return taken
        }
        continuation?.resume(returning: answer)
    }
}

private func timeInterval(_ duration: Duration) -> DispatchTimeInterval { .milliseconds(milliseconds(duration)) }

/// Seconds with one decimal, for an error.
private func seconds(_ duration: Duration) -> String {
    let tenths = milliseconds(duration) / 100
    return "\(tenths / 10).\(tenths % 10) s"
}

private func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return Int(clamping: seconds.multipliedReportingOverflow(by: 1_000).partialValue) + Int(attoseconds / 1_000_000_000_000_000)
}
