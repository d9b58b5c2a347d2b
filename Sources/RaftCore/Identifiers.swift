/// Identifies one node of a cluster for ever: the random *incarnation* drawn when its store was created.
///
/// A machine that comes back with a wiped disk draws a new one, so it can never be taken for the voter it was.
public struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    public static func < (lhs: NodeID, rhs: NodeID) -> Bool { lhs.rawValue < rhs.rawValue }

    public var description: String { String(rawValue, radix: 16) }
}

/// A term: the logical clock of leadership. Zero before the first election.
///
/// Source: Raft, extended version, §5.1.
public struct Term: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    public static let zero = Term(0)

    public static func < (lhs: Term, rhs: Term) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The next term.
    public var next: Term { Term(rawValue + 1) }

    public var description: String { String(rawValue) }
}

/// A position in the log. The first entry has index 1; 0 is the position before it.
///
/// Source: Raft, extended version, §5.3.
public struct LogIndex: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    public static let zero = LogIndex(0)

    public static func < (lhs: LogIndex, rhs: LogIndex) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The index after this one.
    public var next: LogIndex { LogIndex(rawValue + 1) }

    /// The index before this one; the index before 0 is 0.
    public var previous: LogIndex { LogIndex(rawValue == 0 ? 0 : rawValue - 1) }

    public var description: String { String(rawValue) }
}

/// The random 128-bit identity of a cluster, committed by its first entry.
public struct ClusterID: Hashable, Sendable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 32 lower-case hexadecimal digits.
    public var description: String { hexadecimal(high) + hexadecimal(low) }
}

/// Identifies one run of a process: drawn anew at each start.
public struct BootID: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// 16 lower-case hexadecimal digits.
    public var description: String { hexadecimal(rawValue) }
}

/// Numbers one write of a `RaftNode`, ascending from 1 and never reused within a process.
///
/// Confirming "through index 5" would acknowledge an entry that replaced the one written; confirming a number cannot.
public struct WriteNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    public static func < (lhs: WriteNumber, rhs: WriteNumber) -> Bool { lhs.rawValue < rhs.rawValue }

    public var description: String { String(rawValue) }
}

/// Identifies one request for a proof of leadership, ascending within a process.
public struct ProofID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    public static func < (lhs: ProofID, rhs: ProofID) -> Bool { lhs.rawValue < rhs.rawValue }

    public var description: String { String(rawValue) }
}

private func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
