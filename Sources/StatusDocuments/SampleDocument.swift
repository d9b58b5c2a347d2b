/// What a member said of itself. A number it could not measure is absent.
public struct SampleDocument: Codable, Equatable, Sendable {
    /// By the member's own clock.
    public var measuredAt: Timestamp
    /// The program's version.
    public var version: String
    /// Whether it said that it was stopping in an orderly way.
    public var isStopping: Bool
    /// Why it calls itself degraded; empty when it does not.
    public var degradedReasons: [String]
    /// 0 to 1.
    public var cpuUsageRatio: Double?
    public var load1: Double?
    public var memoryTotalBytes: UInt64?
    public var memoryAvailableBytes: UInt64?
    /// When the machine booted.
    public var bootedAt: Timestamp?
    public var filesystems: [FilesystemDocument]
    /// Absent for a member that holds no log.
    public var raft: RaftCountersDocument?

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case version, load1, filesystems, raft
        case measuredAt = "measured_at"
        case isStopping = "stopping"
        case degradedReasons = "degraded_reasons"
        case cpuUsageRatio = "cpu_usage_ratio"
        case memoryTotalBytes = "memory_total_bytes"
        case memoryAvailableBytes = "memory_available_bytes"
        case bootedAt = "booted_at"
    }

    public init(
        measuredAt: Timestamp, version: String, isStopping: Bool = false, degradedReasons: [String] = [], cpuUsageRatio: Double? = nil,
        load1: Double? = nil, memoryTotalBytes: UInt64? = nil, memoryAvailableBytes: UInt64? = nil, bootedAt: Timestamp? = nil,
        filesystems: [FilesystemDocument] = [], raft: RaftCountersDocument? = nil
    ) {
        self.measuredAt = measuredAt
        self.version = version
        self.isStopping = isStopping
        self.degradedReasons = degradedReasons
        self.cpuUsageRatio = cpuUsageRatio
        self.load1 = load1
        self.memoryTotalBytes = memoryTotalBytes
        self.memoryAvailableBytes = memoryAvailableBytes
        self.bootedAt = bootedAt
        self.filesystems = filesystems
        self.raft = raft
    }
}

/// A filesystem of a member's machine.
public struct FilesystemDocument: Codable, Equatable, Sendable {
    public var mountpoint: String
    public var sizeBytes: UInt64
    /// For a user without privileges.
    public var availableBytes: UInt64

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case mountpoint
        case sizeBytes = "size_bytes"
        case availableBytes = "available_bytes"
    }

    public init(mountpoint: String, sizeBytes: UInt64, availableBytes: UInt64) {
        self.mountpoint = mountpoint
        self.sizeBytes = sizeBytes
        self.availableBytes = availableBytes
    }
}

/// A node's own consensus figures since its process started.
public struct RaftCountersDocument: Codable, Equatable, Sendable {
    public var term: UInt64
    public var electionsStarted: UInt64
    public var electionsWon: UInt64
    public var appliedIndex: UInt64

    /// The keys as written.
    enum CodingKeys: String, CodingKey {
        case term
        case electionsStarted = "elections_started"
        case electionsWon = "elections_won"
        case appliedIndex = "applied_index"
    }

    public init(term: UInt64, electionsStarted: UInt64, electionsWon: UInt64, appliedIndex: UInt64) {
        self.term = term
        self.electionsStarted = electionsStarted
        self.electionsWon = electionsWon
        self.appliedIndex = appliedIndex
    }
}
