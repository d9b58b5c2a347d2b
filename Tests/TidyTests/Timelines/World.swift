/// A cluster as Prometheus sees it, changed by hand as time goes by.
///
/// The scenarios change it step by step; a scrape reads it. Nothing here decides anything: what a real cluster would do is written down
/// by whoever writes the scenario.
struct World {
    struct Member: Equatable {
        var name: String
        var role = "voter"
    }

    /// One scrape target.
    struct Node {
        let name: String
        /// Whether discovery lists it.
        var isTarget = true
        /// Whether Prometheus reaches it.
        var answers = true
        /// Whether it receives what the leader commits.
        var follows = true
        var hasLeader = true
        var isLeader = false
        var servesView = false
        var term = 1
        var applied = 0
        /// The wall time of the last round it applied, in seconds.
        var roundAt = 0
        var knows: [Member] = []
        var view: View?
    }

    struct View {
        var term: Int
        var states: [String: State]
    }

    struct State: Equatable {
        var name: String
        /// Nil while unknown.
        var up: Int?

        static let up = State(name: "up", up: 1)
        static let down = State(name: "down", up: 0)
        static let unknown = State(name: "unknown", up: nil)
    }

    /// The target label; nil for a configuration without it.
    var cluster: String? = "demo"
    var job = "quorum"
    var id = "1f"
    var nodes: [Node]
    var members: [Member]
    var states: [String: State]
    var isCommitting = true
    /// How far the leader's clock is ahead, in seconds.
    var clockAhead = 0
    /// Added to the log index, so that of two clusters one is further.
    var indexAhead = 0
    /// Every how many scrapes each node's fails; 0 for never.
    var failsEvery = 0

    /// Voters that are nodes and targets, the first of them leading, and members without an endpoint of their own.
    init(voters: [String], others: [String] = [], cluster: String? = "demo", job: String = "quorum", id: String = "1f", term: Int = 1) {
        self.cluster = cluster
        self.job = job
        self.id = id
        nodes = voters.map { Node(name: $0) }
        members = voters.map { Member(name: $0) } + others.map { Member(name: $0, role: "learner") }
        states = [:]
        for member in members { states[member.name] = .up }
        if let first = voters.first { elect(first, term: term) }
    }

    /// One node leads all that follow.
    mutating func elect(_ leader: String, term: Int) {
        change({ $0.follows }) { node in
            node.hasLeader = true
            node.isLeader = node.name == leader
            node.servesView = node.isLeader
            node.term = term
        }
        isCommitting = true
    }

    /// Nobody leads those that follow, and nothing is committed.
    mutating func loseLeader() {
        change({ $0.follows }) { node in
            node.hasLeader = false
            node.isLeader = false
            node.servesView = false
        }
        isCommitting = false
    }

    /// The process ends: no answer, no part in anything.
    mutating func kill(_ names: String...) {
        change({ names.contains($0.name) }) { node in
            node.answers = false
            node.follows = false
            node.isLeader = false
            node.servesView = false
        }
    }

    /// The process is back and follows whoever leads.
    mutating func revive(_ names: String...) {
        let leads = nodes.contains { $0.isLeader }
        change({ names.contains($0.name) }) { node in
            node.answers = true
            node.follows = true
            node.hasLeader = leads
        }
    }

    /// It answers Prometheus, hears nobody, and knows it.
    mutating func cutOff(_ name: String) {
        change({ $0.name == name }) { node in
            node.follows = false
            node.hasLeader = false
            node.isLeader = false
            node.servesView = false
        }
    }

    mutating func set(_ state: State, _ names: String...) { for name in names { states[name] = state } }

    mutating func change(_ choice: (Node) -> Bool = { _ in true }, _ body: (inout Node) -> Void) {
        for at in nodes.indices where choice(nodes[at]) { body(&nodes[at]) }
    }

    mutating func remove(_ name: String) {
        members.removeAll { $0.name == name }
        states[name] = nil
    }
}
