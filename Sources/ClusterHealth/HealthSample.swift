/// What a member says of itself, in integers with units.
///
/// A number that could not be measured is nil: it is never replaced by zero.
public struct HealthSample: Equatable, Sendable {
    /// When it was measured, by the member's own clock.
    public var measuredAt: WallTime
    /// The program's version.
    public var version: String
    /// The member is stopping in an orderly way.
    public var stopping: Bool
    /// Why the member calls itself degraded, such as `storage`; empty when it does not.
    public var degradedReasons: [String]
    public var resources: Resources
    public var raft: RaftCounters?
    /// Fields of a later version, encoded: they are kept as they came, here and in each part.
    public var extra: [UInt8] = []

    /// The machine's numbers.
    public struct Resources: Equatable, Sendable {
        /// Share of all processors' time not idle since the previous measurement, in millionths: 0 to 1,000,000.
        public var cpuUsageMillionths: UInt32?
        /// One-minute load average, in thousandths.
        public var load1Thousandths: UInt64?
        public var memoryTotalBytes: UInt64?
        public var memoryAvailableBytes: UInt64?
        /// When the machine booted.
        public var bootTime: WallTime?
        /// Ascending by mount point.
        public var filesystems: [Filesystem] = []
        /// As `HealthSample.extra`.
        public var extra: [UInt8] = []

        public init() {}
    }

    public struct Filesystem: Equatable, Sendable {
        public var mountpoint: String
        public var sizeBytes: UInt64
        public var availableBytes: UInt64
        /// As `HealthSample.extra`.
        public var extra: [UInt8] = []

        public init(mountpoint: String, sizeBytes: UInt64, availableBytes: UInt64) {
            self.mountpoint = mountpoint
            self.sizeBytes = sizeBytes
            self.availableBytes = availableBytes
        }
    }

    /// The member's own consensus counters since its process started.
    public struct RaftCounters: Equatable, Sendable {
        public var term: UInt64
        public var electionsStarted: UInt64
        public var electionsWon: UInt64
        public var appliedIndex: UInt64
        /// As `HealthSample.extra`.
        public var extra: [UInt8] = []

        public init(term: UInt64, electionsStarted: UInt64, electionsWon: UInt64, appliedIndex: UInt64) {
            self.term = term
            self.electionsStarted = electionsStarted
            self.electionsWon = electionsWon
            self.appliedIndex = appliedIndex
        }
    }

    /// About how many bytes it has when it is encoded, never less than its texts and extras have together.
    public var size: Int {
        let texts = degradedReasons.reduce(version.utf8.count) { $0 + $1.utf8.count }
        let parts = extra.count + resources.extra.count + (raft?.extra.count ?? 0)
        return resources.filesystems.reduce(128 + texts + parts) { $0 + 32 + $1.mountpoint.utf8.count + $1.extra.count }
    }

    /// Leaves only what this version knows.
    public mutating func removeExtra() {
        extra = []
        raft?.extra = []
        resources.extra = []
        for place in resources.filesystems.indices { resources.filesystems[place].extra = [] }
    }

    public init(
        measuredAt: WallTime, version: String, stopping: Bool = false, degradedReasons: [String] = [], resources: Resources = Resources(),
        raft: RaftCounters? = nil
    ) {
        self.measuredAt = measuredAt
        self.version = version
        self.stopping = stopping
        self.degradedReasons = degradedReasons
        self.resources = resources
        self.raft = raft
    }
}
