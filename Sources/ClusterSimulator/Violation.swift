/// What a checker found broken. It ends the run.
public struct Violation: Error, Equatable, Sendable, CustomStringConvertible {
    /// The checker's name, in words joined by hyphens, such as `election-safety`.
    public let checker: String
    /// What was found, in one line.
    public let words: String

    public init(_ checker: String, _ words: String) {
        self.checker = checker
        self.words = words
    }

    public var description: String { "\(checker): \(words)" }
}
