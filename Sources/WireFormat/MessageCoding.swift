import Foundation
import RaftCore

func wireMessage(_ message: Message) -> WireRaftMessage {
    var wire = WireRaftMessage()
    wire.term = message.term.rawValue
    switch message.body {
    case .preVoteRequest(let request): wire.preVoteRequest = wireVoteRequest(request)
    case .preVoteReply(let reply): wire.preVoteReply = wireVoteReply(reply)
    case .voteRequest(let request): wire.voteRequest = wireVoteRequest(request)
    case .voteReply(let reply): wire.voteReply = wireVoteReply(reply)
    case .append(let request): wire.append = wireAppend(request)
    case .appendReply(let reply): wire.appendReply = wireAppendReply(reply)
    case .heartbeat(let heartbeat):
        wire.heartbeat.commit = heartbeat.commit.rawValue
        wire.heartbeat.round = heartbeat.round
    case .heartbeatReply(let reply):
        wire.heartbeatReply = WireHeartbeatReply()
        wire.heartbeatReply.round = reply.round
    case .timeoutNow: wire.timeoutNow = WireTimeoutNow()
    case .snapshotChunk(let chunk): wire.snapshotChunk = wireChunk(chunk)
    case .snapshotReply(let reply):
        wire.snapshotReply.index = reply.position.index.rawValue
        wire.snapshotReply.term = reply.position.term.rawValue
        wire.snapshotReply.checksum = reply.checksum
        wire.snapshotReply.receivedBytes = UInt64(max(0, reply.receivedBytes))
    }
    return wire
}

func readMessage(_ wire: WireRaftMessage) throws(WireFormatError) -> Message {
    Message(term: try checkedTerm(wire.term, "raft.term"), body: try readBody(wire))
}

private func readBody(_ wire: WireRaftMessage) throws(WireFormatError) -> Message.Body {
    switch wire.body {
    case .preVoteRequest(let request): return .preVoteRequest(try readVoteRequest(request, "pre_vote_request"))
    case .preVoteReply(let reply): return .preVoteReply(try readVoteReply(reply, "pre_vote_reply"))
    case .voteRequest(let request): return .voteRequest(try readVoteRequest(request, "vote_request"))
    case .voteReply(let reply): return .voteReply(try readVoteReply(reply, "vote_reply"))
    case .append(let request): return .append(try readAppend(request))
    case .appendReply(let reply): return .appendReply(try readAppendReply(reply))
    case .heartbeat(let heartbeat):
        return .heartbeat(Heartbeat(commit: try checkedIndex(heartbeat.commit, "heartbeat.commit"), round: heartbeat.round))
    case .heartbeatReply(let reply): return .heartbeatReply(HeartbeatReply(round: reply.round))
    case .timeoutNow: return .timeoutNow
    case .snapshotChunk(let chunk): return .snapshotChunk(try readChunk(chunk))
    case .snapshotReply(let reply):
        return .snapshotReply(
            SnapshotReply(
                position: LogPosition(
                    index: try checkedIndex(reply.index, "snapshot_reply.index"), term: try checkedTerm(reply.term, "snapshot_reply.term")),
                checksum: reply.checksum, receivedBytes: try checkedBytes(reply.receivedBytes, "snapshot_reply.received_bytes")))
    case nil: throw .unknownKind(what: "raft")
    }
}

private func wireVoteRequest(_ request: VoteRequest) -> WireVoteRequest {
    var wire = WireVoteRequest()
    wire.lastLogIndex = request.lastLogIndex.rawValue
    wire.lastLogTerm = request.lastLogTerm.rawValue
    wire.leaderCrashed = request.leaderCrashed
    wire.transfer = request.transfer
    return wire
}

private func readVoteRequest(_ wire: WireVoteRequest, _ field: String) throws(WireFormatError) -> VoteRequest {
    VoteRequest(
        lastLogIndex: try checkedIndex(wire.lastLogIndex, field + ".last_log_index"),
        lastLogTerm: try checkedTerm(wire.lastLogTerm, field + ".last_log_term"),
        leaderCrashed: wire.leaderCrashed,
        transfer: wire.transfer)
}

private func wireVoteReply(_ reply: VoteReply) -> WireVoteReply {
    var wire = WireVoteReply()
    if let refusal = reply.refusal { wire.refusal = wireCase(refusal) }
    return wire
}

private func readVoteReply(_ wire: WireVoteReply, _ field: String) throws(WireFormatError) -> VoteReply {
    VoteReply(refusal: try checkedOptionalCase(wire.refusal, field + ".refusal"))
}

private func wireAppend(_ request: AppendRequest) -> WireAppendRequest {
    var wire = WireAppendRequest()
    wire.previousIndex = request.previousIndex.rawValue
    wire.previousTerm = request.previousTerm.rawValue
    wire.commit = request.commit.rawValue
    wire.entries = request.entries.map(wireEntry)
    return wire
}

private func readAppend(_ wire: WireAppendRequest) throws(WireFormatError) -> AppendRequest {
    try checkedCount(wire.entries.count, "append.entries", limit: WireLimits.appendEntries)
    let previousIndex = try checkedIndex(wire.previousIndex, "append.previous_index")
    let previousTerm = try checkedTerm(wire.previousTerm, "append.previous_term")
    var entries: [LogEntry] = []
    entries.reserveCapacity(wire.entries.count)
    var (index, term) = (previousIndex, previousTerm)
    for wireEntry in wire.entries {
        let entry = try readEntry(wireEntry, "append.entries")
        guard entry.index == index.next else {
            throw .notContiguous(field: "append.entries.index", expected: index.next.rawValue, found: entry.index.rawValue)
        }
        guard entry.term >= term else { throw .outOfRange(field: "append.entries.term", value: entry.term.rawValue) }
        (index, term) = (entry.index, entry.term)
        entries.append(entry)
    }
    let commit = try checkedIndex(wire.commit, "append.commit")
    return AppendRequest(previousIndex: previousIndex, previousTerm: previousTerm, entries: entries, commit: commit)
}

private func wireAppendReply(_ reply: AppendReply) -> WireAppendReply {
    var wire = WireAppendReply()
    switch reply {
    case .accepted(let match):
        wire.accepted = WireAppendReply.Accepted()
        wire.accepted.match = match.rawValue
    case .rejected(let rejected, let hint, let hintTerm):
        wire.rejected.rejected = rejected.rawValue
        wire.rejected.hint = hint.rawValue
        wire.rejected.hintTerm = hintTerm.rawValue
    }
    return wire
}

private func readAppendReply(_ wire: WireAppendReply) throws(WireFormatError) -> AppendReply {
    switch wire.outcome {
    case .accepted(let accepted): return .accepted(match: try checkedIndex(accepted.match, "append_reply.accepted.match"))
    case .rejected(let rejected):
        return .rejected(
            rejected: try checkedIndex(rejected.rejected, "append_reply.rejected.rejected"),
            hint: try checkedIndex(rejected.hint, "append_reply.rejected.hint"),
            hintTerm: try checkedTerm(rejected.hintTerm, "append_reply.rejected.hint_term"))
    case nil: throw .unknownKind(what: "append_reply")
    }
}

func wireChunk(_ chunk: SnapshotChunk) -> WireSnapshotChunk {
    var wire = WireSnapshotChunk()
    wire.index = chunk.position.index.rawValue
    wire.term = chunk.position.term.rawValue
    wire.membershipIndex = chunk.membershipIndex.rawValue
    wire.membership = wireMembership(chunk.membership)
    wire.checksum = chunk.checksum
    wire.totalBytes = UInt64(max(0, chunk.totalBytes))
    wire.offset = UInt64(max(0, chunk.offset))
    wire.bytes = .init(chunk.bytes)
    return wire
}

func readChunk(_ wire: WireSnapshotChunk) throws(WireFormatError) -> SnapshotChunk {
    guard wire.hasMembership else { throw .missing(field: "snapshot_chunk.membership") }
    let position = LogPosition(
        index: try checkedIndex(wire.index, "snapshot_chunk.index"), term: try checkedTerm(wire.term, "snapshot_chunk.term"))
    return SnapshotChunk(
        position: position, membership: try readMembership(wire.membership, "snapshot_chunk.membership"),
        membershipIndex: try checkedIndex(wire.membershipIndex, "snapshot_chunk.membership_index"), checksum: wire.checksum,
        totalBytes: try checkedBytes(wire.totalBytes, "snapshot_chunk.total_bytes"),
        offset: try checkedBytes(wire.offset, "snapshot_chunk.offset"), bytes: [UInt8](wire.bytes))
}

private func checkedBytes(_ raw: UInt64, _ field: String) throws(WireFormatError) -> Int {
    guard raw <= UInt64(WireLimits.snapshotBytes) else { throw .outOfRange(field: field, value: raw) }
    return Int(raw)
}
