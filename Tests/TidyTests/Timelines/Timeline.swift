/// What happens to one or more clusters, and which alerts that must raise: no other, and none twice.
struct Timeline {
    /// The file in `rules/tests`, without its ending.
    let name: String
    /// One sentence.
    let title: String
    let minutes: Int
    var worlds: [World]
    var steps: [(seconds: Int, world: Int, change: @Sendable (inout World) -> Void)] = []
    /// How often each alert starts to fire from the beginning to the end.
    var starts: [Alert: Int] = [:]
    /// What fires at a given second, and nothing else.
    var moments: [(seconds: Int, alerts: [Alert])] = []

    /// An alert as its labels tell it.
    struct Alert: Hashable {
        var name: String
        var member: String?
        var instance: String?
        var cluster: String?
        var job: String?

        init(_ name: String, member: String? = nil, instance: String? = nil, cluster: String? = "demo", job: String? = "quorum") {
            self.name = name
            self.member = member
            self.instance = instance.map { $0 + ":10310" }
            self.cluster = cluster
            self.job = job
        }

        /// The labels in the order in which they are compared.
        var labels: String {
            let pairs = [("alertname", name), ("cluster", cluster), ("instance", instance), ("job", job), ("member", member)]
            return "{" + pairs.compactMap { key, value in value.map { "\(key)=\"\($0)\"" } }.joined(separator: ", ") + "}"
        }
    }

    init(_ name: String, _ title: String, minutes: Int = 45, _ worlds: World..., story: (inout Timeline) -> Void = { _ in }) {
        self.name = name
        self.title = title
        self.minutes = minutes
        self.worlds = worlds
        story(&self)
    }

    /// At this second and from then on.
    mutating func at(_ seconds: Int, world: Int = 0, _ change: @escaping @Sendable (inout World) -> Void) {
        steps.append((seconds, world, change))
    }

    /// Each of these starts to fire once.
    mutating func fires(_ alerts: Alert...) { for alert in alerts { starts[alert, default: 0] += 1 } }

    /// Exactly these fire at this second.
    mutating func firing(at seconds: Int, _ alerts: Alert...) { moments.append((seconds, alerts)) }

    /// Each series' value at each scrape, nil where there is none, in the order of the names.
    func series(every interval: Int) -> [(name: String, values: [Int?])] {
        var worlds = worlds
        var waiting = steps.sorted { $0.seconds < $1.seconds }[...]
        let count = minutes * 60 / interval + 1
        var values: [String: [Int?]] = [:]
        for number in 0..<count {
            let seconds = number * interval
            while let step = waiting.first, step.seconds <= seconds {
                // What was committed up to the step, then the step.
                for at in worlds.indices { worlds[at].advance(to: step.seconds) }
                step.change(&worlds[step.world])
                waiting = waiting.dropFirst()
            }
            for at in worlds.indices { worlds[at].advance(to: seconds) }
            for world in worlds {
                for (name, value) in world.scrape(number: number) {
                    values[name, default: Array(repeating: nil, count: count)][number] = value
                }
            }
        }
        // A state in which a member never is says nothing: its zeros are left out to keep the files readable.
        let told = values.filter { name, values in !name.hasPrefix("quorum_member_state{") || values.contains(1) }
        return told.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
