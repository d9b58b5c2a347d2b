public import RaftCore

/// A node that does not belong yet asks the leader, through any node, to be taken in.
public struct JoinRequest: Equatable, Sendable {
    /// The asker's own number, repeated by the answer.
    public var sequence: UInt64
    public var incarnation: NodeID
    public var name: String
    public var address: String
    public var webURL: String

    /// - Parameters: as the properties of the same names; name and addresses bounded as in a hello.
    public init(sequence: UInt64, incarnation: NodeID, name: String, address: String, webURL: String) {
        self.sequence = sequence
        self.incarnation = incarnation
        self.name = name
        self.address = address
        self.webURL = webURL
    }
}

/// The answer to a `JoinRequest`.
public struct JoinReply: Equatable, Sendable {
    public var sequence: UInt64
    public var outcome: Outcome

    public enum Outcome: Equatable, Sendable {
        /// The node belongs: as learner, or already as voter.
        case joined(Membership)
        /// One line for the asker's log; asking again by itself makes sense or not.
        case refused(String, retry: Bool)
        /// It belonged and a committed change removed it: its process ends. An earlier version takes it for a refusal for good.
        case removed(String)
    }

    public init(sequence: UInt64, outcome: Outcome) {
        self.sequence = sequence
        self.outcome = outcome
    }
}

/// An operator's command on its way to the leader.
public struct OperatorRequest: Equatable, Sendable {
    /// The forwarding node's own number, repeated by the answer.
    public var sequence: UInt64
    public var command: Command

    public enum Command: Equatable, Sendable {
        case changeMembership(MembershipChange)
        /// To a voter; nil for the one that has most of the log.
        case transferLeadership(NodeID?)
    }

    public init(sequence: UInt64, command: Command) {
        self.sequence = sequence
        self.command = command
    }
}

/// The answer to an `OperatorRequest`.
public struct OperatorReply: Equatable, Sendable {
    public var sequence: UInt64
    /// Nil when it is done; otherwise one line for the operator.
    public var refusal: String?
    /// The log index at which it was committed; 0 when it was refused or needed no entry.
    public var index: LogIndex
    /// Whether the refusal says that nobody can decide just now; false from a version that does not tell.
    public var isUnavailable: Bool

    public init(sequence: UInt64, refusal: String?, index: LogIndex, isUnavailable: Bool = false) {
        self.sequence = sequence
        self.refusal = refusal
        self.index = index
        self.isUnavailable = isUnavailable
    }
}
