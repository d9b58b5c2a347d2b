import RaftCore

/// After faults heal, and with permanent ones outside a connected majority: within three maximum election timeouts plus two seconds there
/// is a leader, a round proposed since is committed and scraped, and every node that can reach the leader has it.
struct Liveness {
    /// True time at which the clock began to run; nil while faults are on.
    private var since: Int64?
    /// Of the first view scraped since that holds a round proposed since.
    private(set) var freshIndex: LogIndex?
    /// How long it took each time, in nanoseconds.
    private(set) var times: [Int64] = []

    mutating func started(at now: Int64) {
        since = now
        freshIndex = nil
    }

    var isWaiting: Bool { since != nil }

    mutating func scraped(_ served: ScrapeOracle.Served) {
        guard let since, served.roundProposedAt > since, freshIndex == nil else { return }
        freshIndex = served.index
    }

    /// Every node that must be level has applied the fresh round.
    mutating func reached(at now: Int64) {
        guard let started = since else { return }
        times.append(now - started)
        since = nil
    }

    /// The bound has passed.
    func expired(levels: [LogIndex], at now: Int64, _ what: @autoclosure () -> String) throws(Violation) {
        guard let since else { return }
        let waited = (now - since) / RunPlan.millisecond
        let found = freshIndex.map { "a round at \($0) was scraped, nodes are at \(levels.map(\.description).joined(separator: " "))" }
        throw Violation("liveness", "\(waited) ms after faults ended \(found ?? "no fresh round has been scraped"); \(what())")
    }
}
