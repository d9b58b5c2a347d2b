/// What administration answers when it was done.
public struct OutcomeDocument: Codable, Equatable, Sendable {
    /// One sentence for people.
    public var message: String
    /// The log index at which it was committed; absent where no entry was needed.
    public var index: UInt64?

    /// The keys as written.
    enum CodingKeys: String, CodingKey { case message, index }

    public init(message: String, index: UInt64? = nil) {
        self.message = message
        self.index = index
    }
}
