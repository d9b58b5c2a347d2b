/// The one table of options: key (and with it flag and variable), form, default, parser, help.
///
/// What a value must satisfy by itself stands here; what it must satisfy beside others stands in `NodeConfiguration`.
public enum OptionTable {
    /// All options, in the order of the help.
    public static let all: [OptionDescription] = [
        webListenAddress.description, webExternalURL.description, webTelemetryPath.description, webMaxRequests.description,
        adminSocket.description,
        clusterName.description, clusterMember.description, clusterListenAddress.description, clusterAdvertiseAddress.description,
        clusterInitialMembers.description, clusterJoin.description, clusterTLSCertificate.description, clusterTLSKey.description,
        clusterTLSAuthority.description, clusterAllowPlaintext.description, storagePath.description,
        raftHeartbeatInterval.description, raftElectionTimeout.description, raftSnapshotEntries.description, healthInterval.description,
        healthDownAfter.description, healthUpAfter.description, healthResourceMetrics.description, logLevel.description,
        logFormat.description,
        debugRecord.description, configFile.description,
    ]

    static let webListenAddress = ConfigurationOption(
        "web.listen-address", "HOST:PORT", .repeatable, default: ":10310",
        help: "Where the metrics and pages are served; without a host on all addresses.", parse: HostAndPort.listening)
    static let webExternalURL = ConfigurationOption(
        "web.external-url", "URL", derived: "from the host and the listen address",
        help: "Where others reach this node's pages; the other members learn it.", parse: ValueParsers.url)
    static let webTelemetryPath = ConfigurationOption(
        "web.telemetry-path", "PATH", default: "/metrics", help: "Where the metrics are served.", parse: ValueParsers.telemetryPath)
    static let webMaxRequests = ConfigurationOption(
        "web.max-requests", "NUMBER", default: "40", help: "How many requests are answered at once; more are refused with 503.",
        parse: ValueParsers.integer(1...10_000))

    static let adminSocket = ConfigurationOption(
        "admin.socket", "FILE", derived: "admin.sock in the storage path",
        help: "The socket for the commands that operate the cluster; only its owner may use it.", parse: ValueParsers.socketPath)

    static let clusterName = ConfigurationOption(
        "cluster.name", "NAME", default: "default", help: "The cluster's name; members of another one are refused.",
        parse: ValueParsers.name)
    static let clusterMember = ConfigurationOption(
        "cluster.member", "NAME", derived: "the host name", help: "This member's name: the label member of the metrics.",
        parse: ValueParsers.name)
    static let clusterListenAddress = ConfigurationOption(
        "cluster.listen-address", "HOST:PORT", default: "127.0.0.1:10311", help: "Where the other members are listened to.",
        parse: HostAndPort.listening)
    static let clusterAdvertiseAddress = ConfigurationOption(
        "cluster.advertise-address", "HOST:PORT",
        derived: "this member's address among the initial members, or the listen address, or the host name",
        help: "Where the other members dial this one.", parse: HostAndPort.dialled)
    static let clusterInitialMembers = ConfigurationOption(
        "cluster.initial-members", "NAME=HOST:PORT,…", .list, derived: "this member alone",
        help: "The voters of a cluster that starts for the first time, this one included: 1 to 7.", parse: ValueParsers.initialMember)
    static let clusterJoin = ConfigurationOption(
        "cluster.join", "HOST:PORT,…", .list,
        help: "Members of a running cluster that a node with an empty store asks to be taken in, as learner and then as voter.",
        parse: HostAndPort.dialled)
    static let clusterTLSCertificate = ConfigurationOption(
        "cluster.tls-certificate", "FILE", help: "This member's certificate chain (PEM) for connections between members.",
        parse: ValueParsers.path)
    static let clusterTLSKey = ConfigurationOption(
        "cluster.tls-key", "FILE", help: "The private key (PEM) of that certificate.", parse: ValueParsers.path)
    static let clusterTLSAuthority = ConfigurationOption(
        "cluster.tls-authority", "FILE", help: "The authority (PEM) that signs all members' certificates.", parse: ValueParsers.path)
    static let clusterAllowPlaintext = ConfigurationOption(
        "cluster.allow-plaintext", "", .boolean, default: "false",
        help: "Allows connections between members without TLS beyond loopback.", parse: ValueParsers.boolean)

    static let storagePath = ConfigurationOption(
        "storage.path", "FOLDER", default: "data/", help: "Where the log is kept; created when missing.", parse: ValueParsers.path)

    static let raftHeartbeatInterval = ConfigurationOption(
        "raft.heartbeat-interval", "DURATION", default: "100ms", help: "How often a leader asserts itself.",
        parse: ValueParsers.duration(.milliseconds(10), .seconds(10)))
    static let raftElectionTimeout = ConfigurationOption(
        "raft.election-timeout", "DURATION", default: "1s", help: "How long a leader may be silent before others campaign.",
        parse: ValueParsers.duration(.milliseconds(30), .seconds(600)))
    static let raftSnapshotEntries = ConfigurationOption(
        "raft.snapshot-entries", "NUMBER", default: "10000",
        help: "After how many log entries a snapshot is taken and the log before it removed, but for a fifth as many.",
        parse: ValueParsers.integer(100...1_000_000))

    static let healthInterval = ConfigurationOption(
        "health.interval", "DURATION", default: "1s", help: "How often the leader commits what the members report.",
        parse: ValueParsers.duration(.milliseconds(100), .seconds(60)))
    static let healthDownAfter = ConfigurationOption(
        "health.down-after", "DURATION", default: "3s", help: "How long a member may be silent before it counts as lost.",
        parse: ValueParsers.duration(.milliseconds(200), .seconds(3_600)))
    static let healthUpAfter = ConfigurationOption(
        "health.up-after", "DURATION", default: "2s", help: "How long a member that was down must be reached before it is up.",
        parse: ValueParsers.duration(.zero, .seconds(3_600)))
    static let healthResourceMetrics = ConfigurationOption(
        "health.resource-metrics", "", .boolean, default: "true",
        help: "Reports the machine's processors, memory and filesystem; turn it off where node_exporter runs.",
        parse: ValueParsers.boolean)

    static let logLevel = ConfigurationOption(
        "log.level", "LEVEL", default: "info", help: "From which level on messages are logged.",
        parse: ValueParsers.choice(NodeConfiguration.Log.Level.self))
    static let logFormat = ConfigurationOption(
        "log.format", "FORMAT", default: "logfmt", help: "How messages are written.",
        parse: ValueParsers.choice(NodeConfiguration.Log.Format.self))
    static let debugRecord = ConfigurationOption(
        "debug.record", "FILE",
        help: "Records there what consensus takes in, for a replay; the file of the process before is kept as FILE.previous.",
        parse: ValueParsers.path)
    static let configFile = ConfigurationOption(
        "config.file", "FILE", .notInFile, help: "A YAML file with these keys; flags and variables win over it.",
        parse: ValueParsers.path)
}
