import Dispatch

/// Runs a call that blocks on a thread that is there for it, so that the threads of the concurrency runtime stay free.
public func offload<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
    }
}

/// Asks again and again until the answer is there.
///
/// - Parameters:
///   - what: what is waited for, for the error.
///   - limit: how long at most.
///   - pause: how long between two questions.
///   - question: nil means "not yet".
/// - Returns: the first answer.
/// - Throws: `HarnessError` naming `what` when the limit has passed; whatever `question` throws, at once.
public func eventually<Answer>(
    _ what: String, within limit: Duration, every pause: Duration = .milliseconds(20),
    isolation: isolated (any Actor)? = #isolation, _ question: () async throws -> Answer?
) async throws -> Answer {
    let deadline = ContinuousClock.now + limit
    while true {
        if let answer = try await question() { return answer }
        guard ContinuousClock.now < deadline else { throw HarnessError("not within \(limit): \(what)") }
        try await Task.sleep(for: pause)
    }
}
