import RaftCore

/// An entry of an index and a term has one content and one predecessor, whoever holds it: so two logs that agree on one entry agree on
/// all before it. Source: Raft, extended version, §5.3.
struct LogMatching {
    private var known: [Place: Known] = [:]
    /// By incarnation's number: the terms of the log as all writes handed out so far leave it, from index 1.
    private var logs: [[UInt64]] = []

    private struct Place: Hashable {
        var index: UInt64
        var term: UInt64
    }

    private struct Known {
        var content: UInt64
        var previousTerm: UInt64
    }

    mutating func started(_ identity: Identity, _ terms: [UInt64]) {
        while logs.count <= identity.number { logs.append([]) }
        logs[identity.number] = terms
    }

    /// A leader's snapshot replaces the log.
    mutating func replaced(_ identity: Identity, by terms: [UInt64]) { logs[identity.number] = terms }

    /// Entries that replace the log from the first one on.
    mutating func written(_ entries: [LogEntry], by identity: Identity) throws(Violation) {
        guard let first = entries.first else { return }
        let kept = Int(first.index.rawValue) - 1
        guard kept <= logs[identity.number].count else {
            throw Violation("log-matching", "\(identity.id) writes entry \(first.index) behind entry \(logs[identity.number].count)")
        }
        logs[identity.number].removeSubrange(kept...)
        for entry in entries {
            try found(entry, previousTerm: logs[identity.number].last ?? 0, at: identity.id)
            logs[identity.number].append(entry.term.rawValue)
        }
    }

    private mutating func found(_ entry: LogEntry, previousTerm: UInt64, at id: NodeID) throws(Violation) {
        let place = Place(index: entry.index.rawValue, term: entry.term.rawValue)
        let content = Digest.of(entry.content)
        guard let other = known[place] else {
            known[place] = Known(content: content, previousTerm: previousTerm)
            return
        }
        guard other.content == content else {
            throw Violation("log-matching", "\(id) holds another entry \(entry.index) of term \(entry.term) than others")
        }
        guard other.previousTerm == previousTerm else {
            throw Violation(
                "log-matching",
                "\(id) holds entry \(entry.index) of term \(entry.term) behind term \(previousTerm), others behind \(other.previousTerm)")
        }
    }
}
