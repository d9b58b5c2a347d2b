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
            [limits.entryBytes, limits.appendBytes, limits.appendEntries, limits.inflightMessages, limits.inflightBytes].min() ?? 0
        guard smallest > 0, limits.uncommittedBytes >= limits.entryBytes else { throw .limitTooSmall }
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
