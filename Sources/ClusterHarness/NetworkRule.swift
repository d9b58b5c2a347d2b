import Synchronization

/// What happens to packets between the nodes, where they arrive. Each is a rule of nft that counts what it hits.
public enum NetworkRule: Equatable, Sendable {
    /// Nothing arrives from one node at another.
    case drop(from: String, to: String)
    /// So many out of a hundred packets to a node are lost, whoever sent them.
    case lose(percent: Int, to: String)
    /// Whatever one node sends to another is answered by a reset, as a firewall does.
    case reject(from: String, to: String)

    /// Where the rule stands.
    var place: String {
        switch self {
        case .drop(_, let to), .lose(_, let to), .reject(_, let to): to
        }
    }

    /// Nothing passes between two groups, in either direction.
    public static func between(_ some: [String], and others: [String]) -> [NetworkRule] {
        some.flatMap { one in others.flatMap { [.drop(from: one, to: $0), .drop(from: $0, to: one)] } }
    }
}

extension NamespaceNetwork {
    /// From now on these rules are in force, and no others.
    public func impose(_ rules: [NetworkRule]) async throws {
        let before = self.rules.withLock { known in
            defer { known = rules }
            return known
        }
        let places = names.filter { name in (before + rules).contains { $0.place == name } }
        guard !places.isEmpty else { return }
        try await run(places.map { place in script(at: place, rules.filter { $0.place == place }) }.joined(separator: "\n"))
    }

    /// How many packets each rule in force has hit.
    public func packetsHit() async throws -> [(rule: NetworkRule, packets: Int)] {
        let rules = self.rules.withLock { $0 }
        var hits: [(rule: NetworkRule, packets: Int)] = []
        for place in names {
            let here = rules.filter { $0.place == place }
            guard !here.isEmpty else { continue }
            let listing = try await run("ip netns exec \(prefix)\(place) nft list chain inet nemesis in")
            let counts = listing.matches(of: /counter packets (\d+)/).compactMap { Int($0.output.1) }
            guard counts.count == here.count else { throw HarnessError("\(here.count) rules at \(place), but: \(listing)") }
            hits += zip(here, counts).map { (rule: $0, packets: $1) }
        }
        return hits
    }

    private func script(at place: String, _ rules: [NetworkRule]) -> String {
        let lines =
            [
                "table inet nemesis { chain in { type filter hook input priority 0; policy accept; }; }", "flush chain inet nemesis in",
            ] + rules.map { "add rule inet nemesis in iifname \"c0\" \(words($0))" }
        return "ip netns exec \(prefix)\(place) nft -f - <<'END' || exit 1\n\(lines.joined(separator: "\n"))\nEND"
    }

    private func words(_ rule: NetworkRule) -> String {
        switch rule {
        case .drop(let from, _): "ip saddr \(clusterHost(from)) counter drop"
        case .lose(let percent, _): "numgen random mod 100 < \(percent) counter drop"
        case .reject(let from, _): "ip saddr \(clusterHost(from)) meta l4proto tcp counter reject with tcp reset"
        }
    }
}
