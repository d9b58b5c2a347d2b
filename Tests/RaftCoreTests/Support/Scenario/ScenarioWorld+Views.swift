@testable import RaftCore

// Looking, which changes nothing.

extension ScenarioWorld {
    mutating func view(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        switch words.verb {
        case "state": for position in cluster.hosts.indices { say("n\(position + 1) \(summary(position))") }
        case "status": try status(try running(try words.node()))
        case "log":
            let position = try running(try words.node())
            guard let node = cluster.hosts[position].node else { return }
            for entry in node.log.slice(from: node.log.firstIndex) { say(Wording.entry(entry)) }
        default: for envelope in cluster.messages { say(Wording.envelope(envelope)) }
        }
    }

    private func summary(_ position: Int) -> String {
        let host = cluster.hosts[position]
        guard let node = host.node else { return "down, on disk t\(host.disk.hardState.term), log to \(host.disk.entries.count)" }
        let log = node.log.baseIndex == .zero ? "log to" : "log after \(node.log.baseIndex) to"
        return "\(Wording.state(node)), \(log) \(node.log.lastIndex), durable to \(node.durableIndex), applied \(host.applied)"
    }

    /// What a leader knows of the others.
    private mutating func status(_ position: Int) throws(ScenarioWords.Mistake) {
        guard let state = cluster.hosts[position].node?.role.leading else {
            throw ScenarioWords.Mistake("node \(position + 1) does not lead")
        }
        for (peer, progress) in state.progress { say("n\(peer) \(Wording.progress(progress))") }
        if let transfer = state.transfer { say("hands over to n\(transfer.target)" + (transfer.ordered ? ", which was told" : "")) }
    }
}

extension Wording {
    /// What a node asks for, in the order it is to be carried out, but facts first.
    static func ready(_ ready: Ready) -> [String] {
        var lines = ready.facts.map(fact)
        lines += ready.messages.map { "to n\($0.to): \(message($0.message))" }
        if let write = ready.write { lines += self.write(write) }
        if let snapshot = ready.snapshot { lines.append("loads the snapshot at \(place(snapshot.position))") }
        lines += ready.committed.map { "commits \(entry($0))" }
        lines += ready.proofs.map(proof)
        lines += ready.probes.map { "looks whether n\($0) is there" }
        return lines
    }

    private static func write(_ write: StorageWrite) -> [String] {
        var parts: [String] = []
        if let hardState = write.hardState { parts.append("t\(hardState.term) vote \(node(hardState.votedFor))") }
        if let snapshot = write.snapshot {
            let place = place(snapshot.snapshot.position)
            switch snapshot.log {
            case .keep(let index): parts.append("snapshot at \(place), rows after \(index) stay")
            case .replace: parts.append("snapshot at \(place) in place of all rows")
            }
        }
        if !write.entries.isEmpty { parts.append(entries(write.entries)) }
        let content = parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
        return ["writes \(write.number): \(content)"] + write.messages.map { "  then to n\($0.to): \(message($0.message))" }
    }

    static func envelope(_ envelope: Cluster.Envelope) -> String { "n\(envelope.from)>n\(envelope.to) \(message(envelope.message))" }

    /// Role, term, vote, leader and commit index.
    static func state(_ node: RaftNode) -> String {
        var role = role(node.status.role)
        if let leader = node.currentLeader, leader != node.id { role += " of n\(leader)" }
        return "\(role), t\(node.currentTerm) vote \(self.node(node.hardState.votedFor)), commit \(node.commitIndex)"
    }

    private static func role(_ role: RaftStatus.RoleName) -> String {
        switch role {
        case .follower: return "follower"
        case .preCandidate: return "pre-candidate"
        case .candidate: return "candidate"
        case .leader: return "leader"
        case .learner: return "learner"
        }
    }

    static func progress(_ progress: Progress) -> String {
        let mode: String
        switch progress.mode {
        case .probe(let sentAt): mode = sentAt == nil ? "probe" : "probe, waits"
        case .replicate(let inflight): mode = "replicate, \(inflight.count) in flight"
        case .snapshot(let transfer):
            mode =
                "snapshot at \(place(transfer.snapshot.position)), has \(transfer.acknowledged) of \(transfer.snapshot.bytes.count) bytes"
        }
        let departure = progress.departure.map { $0.deadline == nil ? ", removed by \($0.index)" : ", removed by \($0.index), to be told" }
        return "match \(progress.match) next \(progress.next): \(mode)" + (departure ?? "")
    }
}
