/// What must hold over all scrapes of a cluster, whatever was done to it, fed one scrape after the other: for a history that is too long
/// to be kept, such as a simulator's.
///
/// Memory is bounded: of the views older than `reach` only the newest is remembered, and of indices and terms the latest. An older one
/// that is served again is found all the same, since that is a step back.
public struct ScrapeChecks: Sendable {
    private var order: ViewOrder
    private var views = ViewsByIndex()
    private var servers = ServersByTerm()
    private var cluster = SingleCluster()
    private var freshness: Freshness?

    /// How long a scrape takes at most, from asking to the answer; one that took longer may be held against nothing.
    public static let reach = Duration.seconds(60)

    /// - Parameter timing: of the cluster; nil where clocks do not say how old a view is.
    public init(timing: HistoryTiming? = nil) {
        order = ViewOrder(removals: [])
        freshness = timing.map { Freshness(timing: $0) }
    }

    /// A member is about to be taken out, or was: its counters may fall once meanwhile. At most the last 64 are remembered.
    public mutating func note(_ removal: Removal) { order.note(removal) }

    /// How many views and numbers it holds.
    var remembered: Int { order.remembered + views.remembered + servers.remembered + (freshness?.remembered ?? 0) }

    /// Takes the next scrape, in the order in which the answers came.
    /// - Returns: what it breaks, in words; none is good.
    public mutating func take(_ observation: Observation) -> [String] {
        var broken: [String] = []
        if case .failure(let failure) = observation.outcome, failure.isMalformed { broken.append("\(observation.node): \(failure)") }
        if let other = cluster.take(observation) { broken.append(other) }
        guard let view = observation.view else { return broken }
        broken += order.take(observation, view)
        if let other = views.take(observation, view) { broken.append(other) }
        if let other = servers.take(observation, view) { broken.append(other) }
        if let old = freshness?.take(observation, view) { broken.append(old) }
        return broken
    }
}

/// Of two scrapes of which one ended before the other began, the later never shows an older view.
struct ViewOrder {
    private var removals: [Removal]
    /// Views in the order in which they were answered, each at least as new as those before it; the first is the newest of all that are
    /// forgotten.
    private var newest: [(observation: Observation, view: NodePicture.View)] = []

    init(removals: [Removal]) { self.removals = removals }

    var remembered: Int { newest.count }

    mutating func note(_ removal: Removal) { removals = removals.suffix(63) + [removal] }

    mutating func take(_ later: Observation, _ view: NodePicture.View) -> [String] {
        let known = newest.last { $0.observation.ended < later.began }
        let broken = known.map { compare($0.observation, $0.view, later, view) } ?? []
        if view.index >= newest.last?.view.index ?? 0 { newest.append((later, view)) }
        let forgotten = newest.prefix { $0.observation.ended < later.ended - ScrapeChecks.reach }.count
        newest.removeFirst(max(0, forgotten - 1))
        return broken
    }

    private func compare(
        _ earlier: Observation, _ before: NodePicture.View, _ later: Observation, _ view: NodePicture.View
    ) -> [String] {
        var broken: [String] = []
        if view.index < before.index || view.term < before.term {
            broken.append(
                "\(later.node) showed index \(view.index) of term \(view.term) after \(earlier.node) had shown "
                    + "\(before.index) of \(before.term)")
        }
        // Most views count as the one before; where a caller hands on the very same table, that is seen at once.
        guard view.transitions != before.transitions else { return broken }
        for (key, count) in before.transitions where view.transitions[key] ?? 0 < count {
            let member = key.prefix { $0 != " " }
            let isNew = removals.contains { $0.member == member && $0.mayLie(between: earlier, and: later) }
            if !isNew { broken.append("\(later.node): transitions \(key) fell from \(count) to \(view.transitions[key] ?? 0)") }
        }
        return broken
    }
}

/// Whoever serves an index serves the same members' states.
struct ViewsByIndex {
    private var known = Recent<(node: String, view: NodePicture.View)>()

    var remembered: Int { known.count }

    mutating func take(_ observation: Observation, _ view: NodePicture.View) -> String? {
        defer { known.set(view.index, (observation.node, view)) }
        guard let other = known[view.index], other.view != view else { return nil }
        return "\(observation.node) and \(other.node) differ at index \(view.index): \(view) and \(other.view)"
    }
}

/// At most one node serves the view of a term: a term has one leader.
struct ServersByTerm {
    private var known = Recent<String>()

    var remembered: Int { known.count }

    mutating func take(_ observation: Observation, _ view: NodePicture.View) -> String? {
        guard let other = known[view.term], other != observation.node else {
            known.set(view.term, observation.node)
            return nil
        }
        return "\(observation.node) served index \(view.index) of term \(view.term), which \(other) had served"
    }
}

/// All nodes are of one cluster: whoever comes back does not found a second one.
struct SingleCluster {
    private var first: (node: String, id: String)?

    mutating func take(_ observation: Observation) -> String? {
        guard let id = observation.picture?.clusterID else { return nil }
        let known = first ?? (observation.node, id)
        first = known
        return known.id == id ? nil : "\(observation.node) is of cluster \(id), \(known.node) of \(known.id)"
    }
}

/// No view is older than its bound.
struct Freshness {
    private let bound: Duration
    private var firstSeen = Recent<ContinuousClock.Instant>()

    var remembered: Int { firstSeen.count }

    /// The time stamp has milliseconds, and wall and monotonic clock are not read at the same instant.
    init(timing: HistoryTiming) { bound = timing.downAfter + .milliseconds(20) }

    mutating func take(_ observation: Observation, _ view: NodePicture.View) -> String? {
        let seen = firstSeen[view.index] ?? observation.ended
        firstSeen.set(view.index, seen)
        let age = max(seen.duration(to: observation.began), observation.roundAt.map { $0.duration(to: observation.began) } ?? .zero)
        return age > bound ? "\(observation.node) served index \(view.index) when it was \(age) old" : nil
    }
}

/// What is known of the highest numbers; of the lower ones nothing any more.
private struct Recent<Value: Sendable>: Sendable {
    private static var capacity: Int { 1_024 }
    private var values: [Int: Value] = [:]
    private var highest = 0

    var count: Int { values.count }

    subscript(number: Int) -> Value? { values[number] }

    mutating func set(_ number: Int, _ value: Value) {
        highest = max(highest, number)
        values[number] = value
        guard values.count > Recent.capacity else { return }
        values = values.filter { $0.key > highest - Recent.capacity / 2 }
    }
}
