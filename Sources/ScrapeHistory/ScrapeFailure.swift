/// Why there is no picture of a node: no connection, no answer in time, or an answer that cannot be read.
public struct ScrapeFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    /// The answer was there, and was not what an exporter says.
    public let isMalformed: Bool

    public init(_ description: String, isMalformed: Bool) {
        self.description = description
        self.isMalformed = isMalformed
    }
}
