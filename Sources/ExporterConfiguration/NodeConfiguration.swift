/// How one node runs: complete, checked, and never changed.
///
/// Made by `load` alone, so that whoever holds one need not check anything again.
public struct NodeConfiguration: Equatable, Sendable {
    public let web: Web
    public let cluster: Cluster
    /// The folder of the log; it, or a folder above it, exists and can be written.
    public let storagePath: String
    /// Where the commands that operate the cluster are listened to, at most 107 bytes.
    public let adminSocketPath: String
    public let raft: Raft
    public let health: Health
    public let log: Log
    /// Where to record what the replica takes in; nil for nowhere.
    public let recordingPath: String?

    /// The socket of a node that is told only where its store is.
    public static func adminSocketPath(inStorage path: String) -> String {
        path.hasSuffix("/") ? path + "admin.sock" : path + "/admin.sock"
    }

    /// What is served to Prometheus and people.
    public struct Web: Equatable, Sendable {
        /// At least one, all different.
        public let listenAddresses: [HostAndPort]
        /// Where others reach the pages, without a slash at the end: given, or derived with the port of the first listen address.
        public let externalURL: String
        /// Whether `externalURL` was derived.
        public let isExternalURLDerived: Bool
        /// Begins with `/`, and no other page has it.
        public let telemetryPath: String
        /// Requests answered at once, 1 to 10,000.
        public let maximumRequests: Int

        /// `externalURL` once it is known where the first listen address is bound, for port 0.
        /// - Parameter boundPort: the port the system gave.
        public func externalURL(boundPort: Int) -> String {
            guard isExternalURLDerived, listenAddresses.first?.port == 0, externalURL.hasSuffix(":0") else { return externalURL }
            return externalURL.dropLast() + String(boundPort)
        }
    }

    /// Who belongs together and how they talk.
    public struct Cluster: Equatable, Sendable {
        /// 1 to 63 of `A-Z a-z 0-9 . _ -`.
        public let name: String
        /// This member's name, in the same form.
        public let member: String
        public let listenAddress: HostAndPort
        /// Where the other members dial this one. Its port is 0 only when it is derived from a listen address with port 0.
        public let advertiseAddress: HostAndPort
        /// The voters of a first start in the order given, this member among them; 1 to 7, names and addresses all different. Empty where
        /// the first start joins.
        public let initialMembers: [InitialMember]
        /// Whom a first start asks to be taken in; empty where it founds a cluster. At most 16, all different.
        public let joinAddresses: [HostAndPort]
        /// Nil for plaintext.
        public let tls: TLSFiles?
        /// Whether plaintext is allowed beyond loopback.
        public let allowsPlaintext: Bool
    }

    /// A voter of a first start.
    public struct InitialMember: Equatable, Sendable {
        public let name: String
        public let address: HostAndPort
    }

    /// The files of mutual TLS; they could be read at the start, what is in them is checked by whoever uses them.
    public struct TLSFiles: Equatable, Sendable {
        public let certificatePath: String
        public let keyPath: String
        public let authorityPath: String
    }

    /// Consensus timing.
    public struct Raft: Equatable, Sendable {
        /// 10 ms to 10 s.
        public let heartbeatInterval: Duration
        /// At least three heartbeat intervals, at most 10 min.
        public let electionTimeout: Duration
        /// 100 to 1,000,000.
        public let snapshotEntries: Int
    }

    /// Health timing.
    public struct Health: Equatable, Sendable {
        /// 100 ms to 1 min.
        public let interval: Duration
        /// At least two election timeouts and one interval, at most an hour.
        public let downAfter: Duration
        /// Zero to an hour.
        public let upAfter: Duration
        /// Whether the machine's processors, memory and filesystem are reported.
        public let reportsResources: Bool
    }

    /// Logging.
    public struct Log: Equatable, Sendable {
        public let level: Level
        public let format: Format

        /// From which level on; the names are those of swift-log.
        public enum Level: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error, critical }

        /// How lines are written.
        public enum Format: String, CaseIterable, Sendable { case logfmt, json }
    }
}
