/// A value that stands for a row of the log and every row before it.
///
/// Each row stores its own. A row whose bytes changed, or one that stands where another stood, no longer leads to the value stored with it
/// nor to those after it, and the last value stands in the state row too.
public struct RowChain: Equatable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    public var description: String { String(rawValue, radix: 16) }
}
