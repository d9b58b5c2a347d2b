/// What `GET /api/v1/events` answers: the most recent transitions, oldest first.
public struct EventsDocument: Codable, Equatable, Sendable {
    public var events: [TransitionDocument]

    /// The keys as written.
    enum CodingKeys: String, CodingKey { case events }

    public init(events: [TransitionDocument]) { self.events = events }
}

/// One member's change of state, as committed.
public struct TransitionDocument: Codable, Equatable, Sendable {
    public var member: String
    public var id: String
    /// The state left; values as in `MemberStateDocument.state`.
    public var from: String
    /// The state entered.
    public var to: String
    /// `silent`, `refused`, `closed` or `stopped`; present when it went down.
    public var reason: String?
    /// When the round that decided it was proposed, by its leader's clock.
    public var at: Timestamp

    /// The keys as written.
    enum CodingKeys: String, CodingKey { case member, id, from, to, reason, at }

    public init(member: String, id: String, from: String, to: String, reason: String? = nil, at: Timestamp) {
        self.member = member
        self.id = id
        self.from = from
        self.to = to
        self.reason = reason
        self.at = at
    }
}

/// What the API answers instead, with a status of 400 or above.
public struct ErrorDocument: Codable, Equatable, Sendable {
    /// A word for programs, such as `not_leader`, `stale`, `timeout`, `not_found`; never changed once published.
    public var error: String
    /// One sentence for people.
    public var message: String
    /// Who leads, when the answer is to be had there.
    public var leader: LeaderDocument?

    /// The keys as written.
    enum CodingKeys: String, CodingKey { case error, message, leader }

    public init(error: String, message: String, leader: LeaderDocument? = nil) {
        self.error = error
        self.message = message
        self.leader = leader
    }
}
