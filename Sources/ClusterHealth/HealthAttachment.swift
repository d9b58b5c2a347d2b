/// What a heartbeat reply carries beside the consensus message.
public struct HealthAttachment: Equatable, Sendable {
    /// The sender's sample, when it is newer than the one last attached.
    public var sample: HealthSample?
    /// The sender's report as an observer; nil when it is no voter.
    public var report: ObserverReport?

    public init(sample: HealthSample? = nil, report: ObserverReport? = nil) {
        self.sample = sample
        self.report = report
    }
}
