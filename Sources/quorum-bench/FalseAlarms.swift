import Synchronization

/// Counts how often a healthy member is shown otherwise, in whatever scrape.
final class FalseAlarms: Sendable {
    /// What was counted.
    struct Count {
        /// Scrapes with a view.
        var views = 0
        /// A healthy member shown down, in one scrape.
        var down = 0
        /// A healthy member shown suspect, in one scrape.
        var suspect = 0
        /// The first few of them, in words.
        var examples: [String] = []
    }

    private struct State {
        var count = Count()
        var disturbed: Set<String> = []
        var cause = "the start"
    }

    private let state = Mutex(State())
    private static let maximumExamples = 8

    var count: Count { state.withLock { $0.count } }

    /// From now on this member is not healthy.
    func disturbed(_ member: String, by cause: String) {
        state.withLock {
            $0.disturbed.insert(member)
            $0.cause = "\(cause) of \(member)"
        }
    }

    /// From now on all members are healthy.
    func allHealthy() { state.withLock { $0.disturbed.removeAll() } }

    func note(_ sighting: Sighting) {
        guard let glimpse = sighting.glimpse, glimpse.viewTerm != nil else { return }
        state.withLock { state in
            state.count.views += 1
            for (member, shown) in glimpse.states where !state.disturbed.contains(member) {
                let isDown = shown == "down" || glimpse.up[member] == false
                guard isDown || shown == "suspect" else { continue }
                if isDown { state.count.down += 1 } else { state.count.suspect += 1 }
                if state.count.examples.count < FalseAlarms.maximumExamples {
                    state.count.examples.append("\(sighting.node) showed \(member) \(shown) after \(state.cause)")
                }
            }
        }
    }
}
