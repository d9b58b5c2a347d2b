public import RaftCore

/// What a heartbeat and its reply carry beside the consensus message.
public struct HealthAttachment: Equatable, Sendable {
    /// In a reply: the sender's sample, when it is newer than the one last attached.
    public var sample: HealthSample?
    /// In a reply: the sender's report as an observer; nil when it is no voter.
    public var report: ObserverReport?
    /// In a reply: of the sender's own view. In a heartbeat: the one that a majority of the voters has.
    public var digest: ViewDigest?

    public init(sample: HealthSample? = nil, report: ObserverReport? = nil, digest: ViewDigest? = nil) {
        self.sample = sample
        self.report = report
        self.digest = digest
    }
}

/// A checksum of the view as it was once a log index was applied: replicas that have applied the same hold the same.
public struct ViewDigest: Equatable, Sendable {
    public var index: LogIndex
    /// Which encoding of the view was summed; digests of different ones say nothing about each other.
    public var format: UInt32
    public var value: UInt64

    public init(index: LogIndex, format: UInt32, value: UInt64) {
        self.index = index
        self.format = format
        self.value = value
    }
}
