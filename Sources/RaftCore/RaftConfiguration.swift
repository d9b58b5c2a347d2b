/// The core's timing and bounds.
public struct RaftConfiguration: Equatable, Sendable {
    /// How often a leader asserts itself.
    public let heartbeatInterval: Duration
    /// How long silence must last before a follower campaigns; the actual wait is drawn from [1, 2) times this.
    public let electionTimeout: Duration
    public let limits: Limits

    /// Upper bounds of everything that could grow.
    public struct Limits: Equatable, Sendable {
        /// Bytes of one command.
        public var entryBytes = 4 << 20
        /// Bytes of entries in one append; a single larger entry still travels alone.
        public var appendBytes = 1 << 20
        /// Entries in one append.
        public var appendEntries = 1_024
        /// Appends sent to one peer and not yet answered.
        public var inflightMessages = 64
        /// Bytes of entries sent to one peer and not yet answered.
        public var inflightBytes = 8 << 20
        /// Bytes of entries proposed and not yet committed.
        public var uncommittedBytes = 32 << 20
        /// Entries applied since the last snapshot after which the next one is due.
        public var compactEntries = 10_000
        /// Bytes of entries held in memory after which the next snapshot is due.
        public var compactBytes = 64 << 20
        /// Entries kept below a snapshot, for followers that are a little behind.
        public var tailEntries = 2_000
        /// Bytes of entries kept below a snapshot at most.
        public var tailBytes = 16 << 20
        /// Bytes of one snapshot; a larger one is neither taken nor received.
        public var snapshotBytes = 512 << 20
        /// Bytes of a snapshot in one message. With those in flight it bounds how long a heartbeat waits behind them on a slow link: a
        /// quarter of a second at 10 Mbit/s.
        public var snapshotChunkBytes = 64 << 10
        /// Chunks sent to one peer and not yet answered.
        public var snapshotChunksInFlight = 4
        /// Entries a learner may lack when it is promoted.
        public var promotionLagEntries = 64

        public init() {}
    }

    /// - Throws: `RaftConfigurationError` when a value would make elections or replication impossible.
    public init(heartbeatInterval: Duration, electionTimeout: Duration, limits: Limits = Limits()) throws(RaftConfigurationError) {
        guard heartbeatInterval >= .milliseconds(1) else { throw .heartbeatIntervalTooShort(heartbeatInterval) }
        guard electionTimeout >= heartbeatInterval * 2 else {
            throw .electionTimeoutTooShort(electionTimeout, heartbeatInterval: heartbeatInterval)
        }
        guard electionTimeout <= .seconds(3_600) else { throw .electionTimeoutTooLong(electionTimeout) }
        let smallest =
            [
                limits.entryBytes, limits.appendBytes, limits.appendEntries, limits.inflightMessages, limits.inflightBytes,
                limits.compactEntries, limits.compactBytes, limits.snapshotBytes, limits.snapshotChunkBytes, limits.snapshotChunksInFlight,
            ].min() ?? 0
        guard smallest > 0, min(limits.tailEntries, limits.tailBytes, limits.promotionLagEntries) >= 0,
            limits.uncommittedBytes >= limits.entryBytes
        else { throw .limitTooSmall }
        self.heartbeatInterval = heartbeatInterval
        self.electionTimeout = electionTimeout
        self.limits = limits
    }
}

/// What is wrong with a `RaftConfiguration`.
public enum RaftConfigurationError: Error, Equatable, Sendable {
    /// Below 1 ms.
    case heartbeatIntervalTooShort(Duration)
    /// Below twice the heartbeat interval.
    case electionTimeoutTooShort(Duration, heartbeatInterval: Duration)
    /// Above an hour.
    case electionTimeoutTooLong(Duration)
    /// A limit below one, or fewer uncommitted bytes than one entry may have.
    case limitTooSmall
}
