public import ClusterHealth
public import RaftCore

/// One unit of what two members say to each other over a connection.
public enum Frame: Equatable, Sendable {
    /// The first frame of each side.
    case hello(Hello)
    /// The last frame of a side that will not talk on.
    case rejection(Rejection)
    /// Are you there? Says nothing of leadership.
    case ping(Ping)
    case pong(Pong)
    /// Consensus, with what the sender attaches about health.
    case raft(Message, HealthAttachment?)
    /// A node that does not belong yet asks to be taken in; sent to any node.
    case joinRequest(JoinRequest)
    case joinReply(JoinReply)
    /// An operator's command, on its way to the leader.
    case operatorRequest(OperatorRequest)
    case operatorReply(OperatorReply)
}

/// Who speaks: the first frame of each side of a connection.
public struct Hello: Equatable, Sendable {
    /// The newest version of the protocol the sender speaks, from 1.
    public var protocolVersion: UInt32
    public var clusterName: String
    /// Nil before the sender's first membership entry.
    public var clusterID: ClusterID?
    public var memberName: String
    /// The identity drawn with the sender's store.
    public var incarnation: NodeID
    /// The sender's run.
    public var boot: BootID
    /// The program's version, for people.
    public var programVersion: String
    /// Where the sender is dialled, `host:port`; empty for an agent that is not.
    public var listenAddress: String
    /// Where its web endpoint is reached; may be empty.
    public var webURL: String
    public var kind: MemberKind
    /// Whether its store has ever belonged to a bootstrapped cluster.
    public var bootstrapped: Bool
    /// Whether it asks to be taken in and was never a member as far as it knows: what it has of the log may be of a change that was
    /// undone.
    public var asksToJoin: Bool

    /// - Parameters: as the properties of the same names; names and version are at most `WireLimits.nameBytes` long.
    public init(
        protocolVersion: UInt32, clusterName: String, clusterID: ClusterID?, memberName: String, incarnation: NodeID, boot: BootID,
        programVersion: String, listenAddress: String, webURL: String, kind: MemberKind, bootstrapped: Bool,
        asksToJoin: Bool = false
    ) {
        self.protocolVersion = protocolVersion
        self.clusterName = clusterName
        self.clusterID = clusterID
        self.memberName = memberName
        self.incarnation = incarnation
        self.boot = boot
        self.programVersion = programVersion
        self.listenAddress = listenAddress
        self.webURL = webURL
        self.kind = kind
        self.bootstrapped = bootstrapped
        self.asksToJoin = asksToJoin
    }
}

/// Whether a member holds the log.
public enum MemberKind: UInt8, Equatable, Sendable, CaseIterable {
    case node = 1
    case agent = 2
}

/// Why a side will not talk on.
public struct Rejection: Equatable, Sendable {
    public var reason: Reason
    /// One line for the other side's log, at most `WireLimits.textBytes` long.
    public var text: String

    /// Numbers as on the wire; one that a later version adds is refused as out of range, and the connection ends all the same.
    public enum Reason: UInt8, Equatable, Sendable, CaseIterable {
        case protocolVersion = 1
        case otherCluster = 2
        case unknownMember = 3
        /// Another incarnation holds the name.
        case nameTaken = 4
        case certificateMismatch = 5
        case malformed = 6
        case tooManyConnections = 7
        case stopping = 8
        /// The sender's incarnation was removed from the cluster.
        case removed = 9
    }

    public init(reason: Reason, text: String) {
        self.reason = reason
        self.text = text
    }
}

/// A sign of life that wants an answer.
public struct Ping: Equatable, Sendable {
    public var sequence: UInt64
    /// The sender's monotonic clock.
    public var sentNanoseconds: Int64

    public init(sequence: UInt64, sentNanoseconds: Int64) {
        self.sequence = sequence
        self.sentNanoseconds = sentNanoseconds
    }
}

/// The answer to a `Ping`: its numbers, unchanged.
public struct Pong: Equatable, Sendable {
    public var sequence: UInt64
    public var echoedNanoseconds: Int64

    public init(sequence: UInt64, echoedNanoseconds: Int64) {
        self.sequence = sequence
        self.echoedNanoseconds = echoedNanoseconds
    }

    /// The answer to a ping.
    public init(to ping: Ping) { self.init(sequence: ping.sequence, echoedNanoseconds: ping.sentNanoseconds) }
}
