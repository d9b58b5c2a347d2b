/// Why the harness could not do what it was asked.
public struct HarnessError: Error, Sendable, CustomStringConvertible {
    /// What was wanted and what was found, in one line or, with a node's last log lines, in several.
    public let description: String

    public init(_ description: String) { self.description = description }
}
