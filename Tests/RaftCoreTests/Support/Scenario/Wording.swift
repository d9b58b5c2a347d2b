@testable import RaftCore

/// How transcripts word what the core says: each value on one line, the same everywhere.
enum Wording {
    /// The names of the kinds of message, as selections use them.
    static let kinds = [
        "pre-vote", "pre-vote-reply", "vote", "vote-reply", "append", "append-reply", "heartbeat", "heartbeat-reply", "timeout-now",
        "snapshot", "snapshot-reply",
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
        case .snapshotChunk: return "snapshot"
        case .snapshotReply: return "snapshot-reply"
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
            return "at \(place(chunk.position)) bytes \(chunk.offset)..<\(end) of \(chunk.totalBytes)"
        case .snapshotReply(let reply): return "at \(place(reply.position)) has \(reply.receivedBytes) bytes"
        }
    }

    // MARK: Entries

    /// An index and the term there.
    static func place(_ index: LogIndex, _ term: Term) -> String { index == .zero ? "0" : "\(index)/t\(term)" }

    static func place(_ position: LogPosition) -> String { place(position.index, position.term) }

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
}
