import ExporterConfiguration

/// What the demo runs: three members on loopback, and how each is started.
struct DemoPlan: Equatable, Sendable {
    /// The three, in the order of their ports.
    let members: [Member]

    /// One of the three.
    struct Member: Equatable, Sendable {
        let name: String
        let webPort: UInt16
        let clusterPort: UInt16

        /// Where its page is.
        var url: String { "http://127.0.0.1:\(webPort)/" }
    }

    /// The ports of the bundled `prometheus.yml`.
    static let standardBasePort = 10_310

    /// Ports between one member's web port and the next one's.
    static let step = 10

    /// The base ports for which all six ports exist and need no privileges.
    static let basePorts = 1_024...(65_535 - 2 * step - 1)

    /// - Parameter basePort: the first member's web port, in `basePorts`; its cluster port is one more, the next member's ten more.
    init(basePort: Int = DemoPlan.standardBasePort) {
        precondition(DemoPlan.basePorts.contains(basePort), "base port \(basePort) is not in \(DemoPlan.basePorts)")
        members = ["a", "b", "c"].enumerated().map { index, name in
            let port = UInt16(basePort + index * DemoPlan.step)
            return Member(name: name, webPort: port, clusterPort: port + 1)
        }
    }

    /// All ports with what each is for.
    var ports: [(port: UInt16, use: String)] {
        members.flatMap { [($0.webPort, "web port of \($0.name)"), ($0.clusterPort, "cluster port of \($0.name)")] }
    }

    /// The flags of one member. Heartbeat and election timeout are the defaults, so that what the demo shows is what a cluster does;
    /// rounds come more often, to be watched.
    func flags(for member: Member, dataFolder: String) -> [String] {
        let all = members.map { "\($0.name)=127.0.0.1:\($0.clusterPort)" }.joined(separator: ",")
        return [
            "--web.listen-address=127.0.0.1:\(member.webPort)", "--cluster.name=demo", "--cluster.member=\(member.name)",
            "--cluster.listen-address=127.0.0.1:\(member.clusterPort)", "--cluster.initial-members=\(all)",
            "--storage.path=\(dataFolder)", "--raft.heartbeat-interval=100ms", "--raft.election-timeout=1s", "--health.interval=500ms",
            "--health.down-after=3s", "--health.up-after=1s",
        ]
    }
}
