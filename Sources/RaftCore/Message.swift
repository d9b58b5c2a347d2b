/// What one node says to another: the sender's term and the matter.
///
/// The sender and the receiver are named by the envelope, `OutboundMessage`, and by `RaftNode.receive`.
public struct Message: Equatable, Sendable {
    /// The sender's term; for a pre-vote request and a granted pre-vote, the term the candidate would campaign in.
    public var term: Term
    public var body: Body

    public enum Body: Equatable, Sendable {
        /// Would you vote for me? Changes nothing at the receiver (thesis §9.6).
        case preVoteRequest(VoteRequest)
        case preVoteReply(VoteReply)
        /// RequestVote (§5.2).
        case voteRequest(VoteRequest)
        case voteReply(VoteReply)
        /// AppendEntries with or without entries (§5.3).
        case append(AppendRequest)
        case appendReply(AppendReply)
        /// Leadership asserted, and a numbered proof round (§8, thesis §6.4).
        case heartbeat(Heartbeat)
        case heartbeatReply(HeartbeatReply)
        /// Campaign at once, without pre-vote (thesis §3.10).
        case timeoutNow
        /// InstallSnapshot, a part of it (§7).
        case snapshotChunk(SnapshotChunk)
        case snapshotReply(SnapshotReply)

        /// Whether it answers something that the receiver has said.
        var isReply: Bool {
            switch self {
            case .preVoteReply, .voteReply, .appendReply, .heartbeatReply, .snapshotReply: true
            case .preVoteRequest, .voteRequest, .append, .heartbeat, .timeoutNow, .snapshotChunk: false
            }
        }
    }

    public init(term: Term, body: Body) {
        self.term = term
        self.body = body
    }
}

/// A candidate's or pre-candidate's request.
public struct VoteRequest: Equatable, Sendable {
    public var lastLogIndex: LogIndex
    public var lastLogTerm: Term
    /// The sender has evidence that the leader's process is gone: the receiver probes the leader rather than refuse for a whole timeout.
    public var leaderCrashed: Bool
    /// The leader handed over: the receiver does not withhold its vote for a live leader.
    public var transfer: Bool

    public init(lastLogIndex: LogIndex, lastLogTerm: Term, leaderCrashed: Bool = false, transfer: Bool = false) {
        self.lastLogIndex = lastLogIndex
        self.lastLogTerm = lastLogTerm
        self.leaderCrashed = leaderCrashed
        self.transfer = transfer
    }
}

/// The answer to a `VoteRequest`.
public struct VoteReply: Equatable, Sendable {
    /// Nil when the vote is granted.
    public var refusal: VoteRefusal?

    public init(refusal: VoteRefusal? = nil) { self.refusal = refusal }

    public var granted: Bool { refusal == nil }
}

/// Why a vote or pre-vote is refused.
public enum VoteRefusal: UInt8, Equatable, Sendable, CaseIterable {
    /// The candidate's term is behind.
    case staleTerm = 1
    /// A leader was heard from within the election timeout.
    case leaderAlive = 2
    /// The candidate's log lacks entries this node has.
    case logBehind = 3
    /// This node has voted for another candidate in the term.
    case alreadyVoted = 4
    /// This node cannot make a vote durable now.
    case storageStalled = 5
}

/// Entries for a follower, and where they go.
public struct AppendRequest: Equatable, Sendable {
    public var previousIndex: LogIndex
    public var previousTerm: Term
    /// Contiguous from `previousIndex.next`; may be empty.
    public var entries: [LogEntry]
    /// The leader's commit index.
    public var commit: LogIndex

    public init(previousIndex: LogIndex, previousTerm: Term, entries: [LogEntry], commit: LogIndex) {
        self.previousIndex = previousIndex
        self.previousTerm = previousTerm
        self.entries = entries
        self.commit = commit
    }
}

/// The answer to an `AppendRequest`.
public enum AppendReply: Equatable, Sendable {
    /// The follower's durable log equals the leader's through this index.
    case accepted(match: LogIndex)
    /// The follower has no such entry before the first. The hint is the last place where the logs may agree:
    /// the follower's greatest index at or below `rejected` whose term is not above the leader's term there, and its term there.
    case rejected(rejected: LogIndex, hint: LogIndex, hintTerm: Term)
}

/// A leader's assertion of its leadership.
public struct Heartbeat: Equatable, Sendable {
    /// The leader's commit index, no further than what this follower is known to hold.
    public var commit: LogIndex
    /// The proof round it belongs to, ascending in a term.
    public var round: UInt64

    public init(commit: LogIndex, round: UInt64) {
        self.commit = commit
        self.round = round
    }
}

/// The answer to a `Heartbeat`; its message's term tells whether the sender still leads.
public struct HeartbeatReply: Equatable, Sendable {
    /// The round answered; 0, which no leader sends, when its sender's term is over.
    public var round: UInt64

    public init(round: UInt64) { self.round = round }
}

/// A part of a snapshot for a follower that lacks entries which the leader has no longer. Every part says of what it is one.
public struct SnapshotChunk: Equatable, Sendable {
    public var position: LogPosition
    public var membership: Membership
    public var membershipIndex: LogIndex
    /// Of the whole snapshot: `Snapshot.checksum`.
    public var checksum: UInt64
    /// Of the whole snapshot.
    public var totalBytes: Int
    /// Where these bytes stand.
    public var offset: Int
    public var bytes: [UInt8]

    public init(
        position: LogPosition, membership: Membership, membershipIndex: LogIndex, checksum: UInt64, totalBytes: Int, offset: Int,
        bytes: [UInt8]
    ) {
        self.position = position
        self.membership = membership
        self.membershipIndex = membershipIndex
        self.checksum = checksum
        self.totalBytes = totalBytes
        self.offset = offset
        self.bytes = bytes
    }
}

/// The answer to a `SnapshotChunk` that does not complete the snapshot; one that does, or is not needed, is answered by
/// `AppendReply.accepted` once it is durable.
public struct SnapshotReply: Equatable, Sendable {
    public var position: LogPosition
    public var checksum: UInt64
    /// Bytes received without a gap from the start: where to go on.
    public var receivedBytes: Int

    public init(position: LogPosition, checksum: UInt64, receivedBytes: Int) {
        self.position = position
        self.checksum = checksum
        self.receivedBytes = receivedBytes
    }
}

/// A message and whom it is for.
public struct OutboundMessage: Equatable, Sendable {
    public var to: NodeID
    public var message: Message

    public init(to: NodeID, message: Message) {
        self.to = to
        self.message = message
    }
}
