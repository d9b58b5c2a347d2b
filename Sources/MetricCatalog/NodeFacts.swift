public import ClusterHealth
public import Exposition
public import RaftCore

/// What a node knows of itself, as the metrics that every node exports need it. What is nil or empty is left out of the scrape.
public struct NodeFacts: Sendable {
    /// The program's version and the compiler's.
    public var version: String
    public var swiftVersion: String
    public var process: ProcessFacts
    public var clusterName: String
    public var status: RaftStatus
    public var appliedIndex: LogIndex
    /// As applied: the view's; nil before the first. The cluster's identity and the members' names come from it.
    public var membership: Membership?
    /// The wall time of the last round applied; nil before the first.
    ///
    /// Deviation: the wall time, not the cluster time, which stays behind after an outage of all nodes and would then pass for a
    /// stale view for ever.
    public var roundTime: WallTime?
    /// Whether the same scrape carries the view.
    public var servesView: Bool
    /// With every known reason, also those that never happened.
    public var proofFailures: [LabelledCount]
    public var proofDuration: Histogram?
    public var commitDuration: Histogram?
    public var syncDuration: Histogram?
    public var storage: StorageFacts
    /// Of each peer; one that is not in the membership is left out.
    public var links: NodeMap<LinkFacts>
    /// With every known reason, also those that never happened.
    public var rejectedConnections: [LabelledCount]
    public var probes: [ProbeFacts]
    /// 1000 for an observer that keeps its own deadlines, at most 2000; nil for one that observes nobody.
    public var observerPatienceThousandths: UInt32?
    public var httpRequests: [HTTPRequestCount]
    public var configReload: ConfigReload?
    /// When the certificate shown to other members ends; nil without TLS.
    public var certificateExpiry: WallTime?

    /// Facts of a node of which nothing is known but its consensus.
    public init(
        version: String, swiftVersion: String, clusterName: String, status: RaftStatus, appliedIndex: LogIndex,
        membership: Membership?, roundTime: WallTime?, servesView: Bool
    ) {
        self.version = version
        self.swiftVersion = swiftVersion
        process = ProcessFacts()
        self.clusterName = clusterName
        self.status = status
        self.appliedIndex = appliedIndex
        self.membership = membership
        self.roundTime = roundTime
        self.servesView = servesView
        proofFailures = []
        storage = StorageFacts()
        links = NodeMap()
        rejectedConnections = []
        probes = []
        httpRequests = []
    }
}

extension NodeFacts {
    /// The standard numbers of a process.
    public struct ProcessFacts: Equatable, Sendable {
        public var cpuTime: Duration?
        public var residentBytes: UInt64?
        public var virtualBytes: UInt64?
        public var openFileDescriptors: UInt64?
        public var maximumFileDescriptors: UInt64?
        public var startTime: WallTime?
        public var threads: UInt64?

        /// Nothing known.
        public init() {}
    }

    /// The size of the store.
    public struct StorageFacts: Equatable, Sendable {
        public var logEntries: UInt64?
        public var logSizeBytes: UInt64?

        /// Of the stored snapshot's state.
        public var snapshotSizeBytes: UInt64?
        /// When it was taken or received.
        public var snapshotTime: WallTime?

        public init(
            logEntries: UInt64? = nil, logSizeBytes: UInt64? = nil, snapshotSizeBytes: UInt64? = nil, snapshotTime: WallTime? = nil
        ) {
            self.logEntries = logEntries
            self.logSizeBytes = logSizeBytes
            self.snapshotSizeBytes = snapshotSizeBytes
            self.snapshotTime = snapshotTime
        }
    }

    /// This node's link with one peer, and what went over it since the process started.
    public struct LinkFacts: Equatable, Sendable {
        public var isUp: Bool
        public var roundTrip: Duration?
        public var sentBytes: UInt64
        public var receivedBytes: UInt64
        public var droppedMessages: UInt64

        public init(isUp: Bool, roundTrip: Duration? = nil, sentBytes: UInt64 = 0, receivedBytes: UInt64 = 0, droppedMessages: UInt64 = 0) {
            self.isUp = isUp
            self.roundTrip = roundTrip
            self.sentBytes = sentBytes
            self.receivedBytes = receivedBytes
            self.droppedMessages = droppedMessages
        }
    }

    /// A count of one label value. Counts of the same value are added up.
    public struct LabelledCount: Equatable, Sendable {
        public var label: String
        public var count: UInt64

        public init(label: String, count: UInt64) {
            self.label = label
            self.count = count
        }
    }

    /// How one probe last went. Of several with the same name the first counts.
    public struct ProbeFacts: Equatable, Sendable {
        public var name: String
        public var success: Bool
        public var duration: Duration

        public init(name: String, success: Bool, duration: Duration) {
            self.name = name
            self.success = success
            self.duration = duration
        }
    }

    /// Requests answered by one route with one status. Counts of the same route and status are added up.
    public struct HTTPRequestCount: Equatable, Sendable {
        /// The route, such as `/metrics`; never a path as a client sent it.
        public var handler: String
        /// The HTTP status.
        public var code: Int
        public var count: UInt64

        public init(handler: String, code: Int, count: UInt64) {
            self.handler = handler
            self.code = code
            self.count = count
        }
    }

    /// The latest reading of the configuration.
    public struct ConfigReload: Equatable, Sendable {
        public var successful: Bool
        /// When one last succeeded.
        public var lastSuccess: WallTime

        public init(successful: Bool, lastSuccess: WallTime) {
            self.successful = successful
            self.lastSuccess = lastSuccess
        }
    }
}
