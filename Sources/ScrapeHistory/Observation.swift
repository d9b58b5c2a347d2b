/// One scrape of one node: when it was asked, when the answer was there, what it said.
///
/// Instants are of the one clock that also the course of the faults is told in; a simulator counts its own from any instant it likes.
public struct Observation: Sendable {
    public let node: String
    public let began: ContinuousClock.Instant
    public let ended: ContinuousClock.Instant
    /// Wall time when it was asked, in seconds since 1970; nil where nothing is to be said of the age of rounds.
    public let wallSecondsAtBegin: Double?
    /// The picture, or why there is none.
    public let outcome: Result<NodePicture, ScrapeFailure>

    public init(
        node: String, began: ContinuousClock.Instant, ended: ContinuousClock.Instant, wallSecondsAtBegin: Double? = nil,
        outcome: Result<NodePicture, ScrapeFailure>
    ) {
        self.node = node
        self.began = began
        self.ended = ended
        self.wallSecondsAtBegin = wallSecondsAtBegin
        self.outcome = outcome
    }

    public var picture: NodePicture? { try? outcome.get() }
    public var view: NodePicture.View? { picture?.view }

    /// When the last round in the picture was proposed; nil when the picture or a clock does not say so.
    public var roundAt: ContinuousClock.Instant? {
        guard let wall = wallSecondsAtBegin, let round = picture?.roundTimestampSeconds else { return nil }
        return began + .seconds(round - wall)
    }
}
