@testable import RaftCore

// Short ways to name what most tests need.

func node(_ number: UInt64) -> NodeID { NodeID(number) }

func term(_ number: UInt64) -> Term { Term(number) }

func index(_ number: UInt64) -> LogIndex { LogIndex(number) }

let heartbeatInterval = Duration.milliseconds(100)
let electionTimeout = Duration.seconds(1)

func raftConfiguration(_ change: (inout RaftConfiguration.Limits) -> Void = { _ in }) -> RaftConfiguration {
    var limits = RaftConfiguration.Limits()
    change(&limits)
    do {
        return try RaftConfiguration(heartbeatInterval: heartbeatInterval, electionTimeout: electionTimeout, limits: limits)
    } catch {
        fatalError("the tests' own configuration is refused: \(error)")
    }
}

func membership(voters: Int, learners: Int = 0) -> Membership {
    Membership(
        clusterID: ClusterID(high: 1, low: 2),
        members: (1...(voters + learners)).map { member(UInt64($0), role: $0 <= voters ? .voter : .learner) })
}

func member(_ number: UInt64, role: Membership.Role = .learner) -> Membership.Member {
    Membership.Member(
        id: NodeID(number), name: "n\(number)", role: role, address: "n\(number).example:10311",
        webURL: "http://n\(number).example:10310")
}

/// A log whose first entry, in term 1, is the configuration, followed by one command for each further term given.
func log(_ membership: Membership, _ terms: [UInt64] = []) -> [LogEntry] {
    var entries = [LogEntry(index: LogIndex(1), term: Term(1), content: .membership(membership))]
    for (offset, number) in terms.enumerated() { entries.append(command(UInt64(offset + 2), number)) }
    return entries
}

/// A command whose bytes tell its index and its term.
func command(_ index: UInt64, _ term: UInt64) -> LogEntry {
    LogEntry(
        index: LogIndex(index), term: Term(term), content: .command([UInt8(truncatingIfNeeded: index), UInt8(truncatingIfNeeded: term)]))
}

func noop(_ index: UInt64, _ term: UInt64) -> LogEntry { LogEntry(index: LogIndex(index), term: Term(term), content: .noop) }

extension MonotonicInstant {
    static let start = MonotonicInstant(nanoseconds: 1_000_000_000)
}

extension Message.Body {
    /// Whether the body is an append, and what it asks.
    var append: AppendRequest? { if case .append(let request) = self { request } else { nil } }
    var appendReply: AppendReply? { if case .appendReply(let reply) = self { reply } else { nil } }
    var heartbeat: Heartbeat? { if case .heartbeat(let heartbeat) = self { heartbeat } else { nil } }
    var heartbeatReply: HeartbeatReply? { if case .heartbeatReply(let reply) = self { reply } else { nil } }
    var voteRequest: VoteRequest? { if case .voteRequest(let request) = self { request } else { nil } }
    var voteReply: VoteReply? { if case .voteReply(let reply) = self { reply } else { nil } }
    var preVoteRequest: VoteRequest? { if case .preVoteRequest(let request) = self { request } else { nil } }
    var preVoteReply: VoteReply? { if case .preVoteReply(let reply) = self { reply } else { nil } }
    var isLeaders: Bool { append != nil || heartbeat != nil || self == .timeoutNow }
}

extension [OutboundMessage] {
    func to(_ peer: UInt64) -> [Message] { filter { $0.to == NodeID(peer) }.map(\.message) }
    var bodies: [Message.Body] { map(\.message.body) }
}
