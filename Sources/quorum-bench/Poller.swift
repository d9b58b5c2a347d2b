import ClusterHarness
import Foundation
import Synchronization

/// Scrapes nodes again and again, each on a thread and a connection of its own, until it is stopped.
final class Poller: Sendable {
    private let state: Mutex<State>
    private let period: Duration
    private let alarms: FalseAlarms
    private let start = ContinuousClock.now

    private struct State {
        var sightings: [Sighting] = []
        var isStopped = false
        var running: Int
    }

    /// Starts at once.
    /// - Parameters:
    ///   - period: all nodes are asked at each multiple of it, but for those whose last answer is not there by then.
    ///   - alarms: is shown every scrape.
    init(_ nodes: [HarnessNode], every period: Duration, alarms: FalseAlarms) {
        self.period = period
        self.alarms = alarms
        state = Mutex(State(running: nodes.count))
        for node in nodes { Thread.detachNewThread { self.run(node) } }
    }

    /// Everything seen so far, in the order in which the answers came.
    var sightings: [Sighting] { state.withLock { $0.sightings } }

    /// Waits until something can be told from what was seen.
    /// - Returns: nil when the limit has passed.
    func wait<Found>(within limit: Duration, _ find: ([Sighting]) -> Found?) async throws -> Found? {
        let deadline = ContinuousClock.now + limit
        var known = 0
        while true {
            let isOver = ContinuousClock.now >= deadline
            let sightings = sightings
            if sightings.count > known, let found = find(sightings) { return found }
            known = sightings.count
            if isOver { return nil }
            try await Task.sleep(for: .milliseconds(3))
        }
    }

    /// Stops, and waits for the last answers.
    func stop() async throws {
        state.withLock { $0.isStopped = true }
        while state.withLock({ $0.running }) > 0 { try await Task.sleep(for: .milliseconds(2)) }
    }

    private func run(_ node: HarnessNode) {
        let connection = KeptConnection(port: node.webPort)
        var step = 0
        while !state.withLock({ $0.isStopped }) {
            let sighting = look(at: node, on: connection, step: step)
            alarms.note(sighting)
            state.withLock { $0.sightings.append(sighting) }
            step = sighting.steps.upperBound + 1
            let left = ContinuousClock.now.duration(to: start + period * step) / .seconds(1)
            if left > 0 { Thread.sleep(forTimeInterval: left) }
        }
        state.withLock { $0.running -= 1 }
    }

    /// A scrape that fails, or cannot be read, is one without a glimpse.
    private func look(at node: HarnessNode, on connection: KeptConnection, step: Int) -> Sighting {
        let answer = try? connection.get("/metrics", timeout: .seconds(2))
        let ended = ContinuousClock.now
        let last = max(step, Int(start.duration(to: ended) / period))
        let glimpse = answer.flatMap { answer in try? Glimpse(body: answer.body) }
        return Sighting(node: node.name, steps: step...last, ended: ended, glimpse: glimpse)
    }
}
