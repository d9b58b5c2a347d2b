import ClusterTransport
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Keeps a transport's events and lets a test await the next one of a kind, within a bound.
final class EventRecorder: Sendable {
    private let state = NIOLockedValueBox(State())

    private struct State {
        var events: [TransportEvent] = []
        var waiters: [Waiter] = []
        var nextWaiter = 0
    }

    private struct Waiter {
        let id: Int
        let from: Int
        let matches: @Sendable (TransportEvent) -> Bool
        let continuation: CheckedContinuation<Int, any Error>
    }

    struct NotSeen: Error, CustomStringConvertible {
        let what: String
        let seen: [TransportEvent]
        var description: String { "not seen in time: \(what); seen: \(seen.map { "\($0)".prefix(400) }.joined(separator: "\n"))" }
    }

    var count: Int { state.withLockedValue { $0.events.count } }

    var all: [TransportEvent] { state.withLockedValue { $0.events } }

    func record(_ event: TransportEvent) {
        let ready = state.withLockedValue { state -> [(Waiter, Int)] in
            state.events.append(event)
            let position = state.events.count - 1
            let ready = state.waiters.filter { position >= $0.from && $0.matches(event) }
            state.waiters.removeAll { waiter in ready.contains { $0.id == waiter.id } }
            return ready.map { ($0, position) }
        }
        for (waiter, position) in ready { waiter.continuation.resume(returning: position + 1) }
    }

    /// Awaits an event.
    ///
    /// - Parameters:
    ///   - from: how many events from the beginning are passed over.
    ///   - within: the bound.
    /// - Returns: the position after it, to look on from.
    /// - Throws: `NotSeen`.
    @discardableResult
    func await(
        _ what: String, from: Int = 0, within: TimeAmount = .seconds(30), where matches: @escaping @Sendable (TransportEvent) -> Bool
    ) async throws -> Int {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await withCheckedThrowingContinuation { continuation in
            let (found, waiter) = state.withLockedValue { state -> (Int?, Int) in
                if let position = state.events.indices.first(where: { $0 >= from && matches(state.events[$0]) }) { return (position, 0) }
                state.nextWaiter += 1
                state.waiters.append(Waiter(id: state.nextWaiter, from: from, matches: matches, continuation: continuation))
                return (nil, state.nextWaiter)
            }
            if let found { return continuation.resume(returning: found + 1) }
            loop.scheduleTask(in: within) { self.expire(waiter, what) }
        }
    }

    private func expire(_ id: Int, _ what: String) {
        let (waiter, seen) = state.withLockedValue { state -> (Waiter?, [TransportEvent]) in
            guard let position = state.waiters.firstIndex(where: { $0.id == id }) else { return (nil, []) }
            return (state.waiters.remove(at: position), state.events)
        }
        waiter?.continuation.resume(throwing: NotSeen(what: what, seen: seen))
    }
}
