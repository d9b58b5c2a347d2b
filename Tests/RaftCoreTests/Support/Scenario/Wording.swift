@testable import RaftCore

/// How transcripts word what the core says: each value on one line, the same everywhere.
enum Wording {
    /// The names of the kinds of message, as selections use them.
    static let kinds = [
        "pre-vote", "pre-vote-reply", "vote", "vote-reply", "append", "append-reply", "heartbeat", "heartbeat-reply", "timeout-now",
        "chunk", "chunk-reply",
    ]

    static func kind(_ body: Message.Body) -> String {
        switch body {
        case .preVoteRequest: return "pre-vote"
        case .preVoteReply: return "pre-vote-reply"
        case .voteRequest: return "vote"
        case .voteReply: return "vote-reply"
        case .append: return "append"
        case .appendReply: return "append-reply"
        case .heartbeat: return "heartbeat"
        case .heartbeatReply: return "heartbeat-reply"
        case .timeoutNow: return "timeout-now"
        case .snapshotChunk: return "chunk"
        case .snapshotReply: return "chunk-reply"
        }
    }

    static func message(_ message: Message) -> String {
        let matter = matter(message.body)
        return "\(kind(message.body)) t\(message.term)" + (matter.isEmpty ? "" : " " + matter)
    }

    private static func matter(_ body: Message.Body) -> String {
        switch body {
        case .preVoteRequest(let request), .voteRequest(let request):
            return "log ends \(place(request.lastLogIndex, request.lastLogTerm))" + (request.leaderCrashed ? ", leader crashed" : "")
                + (request.transfer ? ", by order of the leader" : "")
        case .preVoteReply(let reply), .voteReply(let reply): return reply.refusal.map { "refused: \(refusal($0))" } ?? "granted"
        case .append(let request):
            return "after \(place(request.previousIndex, request.previousTerm)) \(entries(request.entries)) commit \(request.commit)"
        case .appendReply(.accepted(let match)): return "match \(match)"
        case .appendReply(.rejected(let rejected, let hint, let hintTerm)):
            return "rejected after \(rejected), may agree at \(place(hint, hintTerm))"
        case .heartbeat(let heartbeat): return "round \(heartbeat.round) commit \(heartbeat.commit)"
        case .heartbeatReply(let reply): return "round \(reply.round)"
        case .timeoutNow: return ""
        case .snapshotChunk(let chunk):
            let end = chunk.offset + chunk.bytes.count
            return "snapshot \(place(chunk.position)), bytes \(chunk.offset)..<\(end) of \(chunk.totalBytes)"
        case .snapshotReply(let reply): return "snapshot \(place(reply.position)), has \(reply.receivedBytes) bytes"
        }
    }

    // MARK: Entries

    static func place(_ position: LogPosition) -> String { place(position.index, position.term) }

    /// An index and the term there.
    static func place(_ index: LogIndex, _ term: Term) -> String { index == .zero ? "0" : "\(index)/t\(term)" }

    static func entries(_ entries: [LogEntry]) -> String { "[" + entries.map(entry).joined(separator: ", ") + "]" }

    static func entry(_ entry: LogEntry) -> String { "\(place(entry.index, entry.term)) \(content(entry.content))" }

    private static func content(_ content: LogEntry.Content) -> String {
        switch content {
        case .noop: return "noop"
        case .membership(let membership): return members(membership)
        case .command(let bytes):
            let isPlain = bytes.count <= 24 && bytes.allSatisfy { (0x21...0x7E).contains($0) }
            return isPlain ? String(decoding: bytes, as: UTF8.self) : "\(bytes.count) bytes"
        }
    }

    static func members(_ membership: Membership) -> String {
        func names(_ role: Membership.Role) -> String {
            membership.members.filter { $0.role == role }.map { "n\($0.id)" }.joined(separator: " ")
        }
        let learners = names(.learner)
        return "voters \(names(.voter))" + (learners.isEmpty ? "" : " learners \(learners)")
    }

    // MARK: What happened

    static func fact(_ fact: RaftFact) -> String {
        switch fact {
        case .becameFollower(let term, let leader): return "became follower in t\(term), leader \(node(leader))"
        case .startedPreVote(let term, let isCrashed): return "asks for pre-votes for t\(term)" + (isCrashed ? ", the leader crashed" : "")
        case .startedElection(let term): return "campaigns in t\(term)"
        case .becameLeader(let term): return "became leader of t\(term)"
        case .steppedDown(let term, let reason): return "stepped down in t\(term): \(stepDown(reason))"
        case .preVoteRefused(let voter, let reason): return "pre-vote refused by n\(voter): \(refusal(reason))"
        case .leaderChanged(let term, let leader): return "leader \(node(leader)) in t\(term)"
        case .logTruncated(let index): return "cuts its log from \(index)"
        case .membershipChanged(let membership): return "governed by \(members(membership))"
        case .logCompacted(let index, let position): return "holds a snapshot of \(place(position)), its log begins behind \(index)"
        case .snapshotSendingStarted(let peer, let position): return "sends n\(peer) the snapshot of \(place(position))"
        case .snapshotReceived(let position): return "has received the snapshot of \(place(position))"
        case .snapshotRefused(let position): return "drops the snapshot of \(place(position)): damaged"
        case .snapshotTooLarge(let position, let bytes): return "takes no snapshot of \(place(position)): \(bytes) bytes"
        case .departed(let peer): return "forgets n\(peer), which was removed"
        case .removed: return "was removed from the cluster"
        case .storageStalled(let isStalled): return isStalled ? "its storage stalls" : "its storage keeps up again"
        case .malformedMessage(let sender, let reason): return "ignores n\(sender): \(reason)"
        }
    }

    static func node(_ id: NodeID?) -> String { id.map { "n\($0)" } ?? "none" }

    static func refusal(_ refusal: VoteRefusal) -> String {
        switch refusal {
        case .staleTerm: return "stale term"
        case .leaderAlive: return "leader alive"
        case .logBehind: return "log behind"
        case .alreadyVoted: return "already voted"
        case .storageStalled: return "storage stalled"
        }
    }

    private static func stepDown(_ reason: StepDownReason) -> String {
        switch reason {
        case .higherTerm: return "higher term"
        case .lostQuorum: return "lost quorum"
        case .transferred: return "transferred"
        case .removed: return "removed"
        case .storageStalled: return "storage stalled"
        }
    }

    static func refusal(_ refusal: ProposalRefusal) -> String {
        switch refusal {
        case .notLeader: return "not leader"
        case .transferring: return "transferring"
        case .tooLarge: return "too large"
        case .tooManyUncommitted: return "too many uncommitted"
        case .replaced: return "replaced"
        case .membershipChangePending: return "membership change pending"
        }
    }

    static func refusal(_ refusal: ProofRefusal) -> String {
        switch refusal {
        case .notLeader: return "not leader"
        case .tooManyWaiting: return "too many waiting"
        }
    }

    static func refusal(_ refusal: TransferRefusal) -> String {
        switch refusal {
        case .notLeader: return "not leader"
        case .alreadyTransferring: return "already transferring"
        case .noSuchVoter: return "no such voter"
        }
    }

    static func proof(_ answer: ProofAnswer) -> String {
        switch answer.result {
        case .proven(let index, let term): return "proof \(answer.id): leads t\(term), current at \(index)"
        case .leadershipLost: return "proof \(answer.id): leadership lost"
        }
    }

    /// In whole milliseconds, rounded down.
    static func time(_ duration: Duration) -> String { "\(duration.wholeNanoseconds / 1_000_000)ms" }
}
