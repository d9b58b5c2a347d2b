@testable import RaftCore

// Snapshots stand for what is committed, and configurations change one at a time.

extension SafetyChecker {
    // MARK: Snapshots

    /// The committed log that a snapshot stands for.
    mutating func prefix(through position: LogPosition, of id: NodeID) -> [LogEntry] {
        guard Int(position.index.rawValue) <= committed.count, let last = committed.prefix(Int(position.index.rawValue)).last,
            last.term == position.term
        else {
            fail("\(id) is given a snapshot at \(position), where \(committed.count) entries are committed")
            return []
        }
        return Array(committed.prefix(Int(position.index.rawValue)))
    }

    /// Nothing is removed that the own disk does not hold, and that the snapshot does not cover.
    mutating func noteCompaction(_ snapshot: Snapshot, keepingAfter index: LogIndex, at host: Cluster.Host) {
        let position = snapshot.position
        if index > position.index { fail("\(host.id) removes rows through \(index), beyond its snapshot at \(position)") }
        if host.disk.entries.count < position.index.rawValue { fail("\(host.id) stores a snapshot at \(position), beyond its disk") }
        if index < host.disk.start.index { fail("\(host.id) says it keeps rows after \(index), and has none before \(host.disk.start)") }
        if let stored = host.disk.snapshot, stored.position.index >= position.index {
            fail("\(host.id) replaces its snapshot at \(stored.position) by one at \(position)")
        }
        noteContent(of: snapshot, at: host.id)
    }

    /// A received snapshot is durable before the state machine has it, brings it forward, and is the state of the committed log.
    mutating func noteLoaded(_ snapshot: Snapshot, at host: Cluster.Host) {
        if host.disk.snapshot != snapshot { fail("\(host.id) loads a snapshot at \(snapshot.position) that its disk does not hold") }
        if snapshot.position.index.rawValue <= host.applied { fail("\(host.id) goes back from \(host.applied) to \(snapshot.position)") }
        noteContent(of: snapshot, at: host.id)
    }

    private mutating func noteContent(of snapshot: Snapshot, at id: NodeID) {
        let log = prefix(through: snapshot.position, of: id)
        guard let last = log.last else { return }
        if ModelState(snapshot) != states[Int(last.index.rawValue)] { fail("\(id) has another state at \(last.index) in its snapshot") }
        let governing = log.last { $0.membership != nil }
        if governing?.membership != snapshot.membership || governing?.index != snapshot.membershipIndex {
            fail("\(id) has a snapshot at \(last.index) with a configuration that does not govern there")
        }
    }

    /// State machine safety, by its state.
    mutating func noteState(_ host: Cluster.Host) {
        guard host.applied < states.count else { return }
        if host.state != states[host.applied] { fail("\(host.id) has another state at \(host.applied) than the committed log gives") }
    }

    // MARK: Configurations

    /// One change in flight, after an entry of the leader's term is committed, with at most one voter more or fewer.
    mutating func noteChanges(in entries: [LogEntry], of host: Cluster.Host) {
        guard let first = entries.first, let node = host.node, node.isLeader, node.currentTerm == first.term else { return }
        for entry in entries {
            guard let changed = entry.membership else { continue }
            let before = host.shadow.filter { $0.index < entry.index } + entries.filter { $0.index < entry.index }
            if before.contains(where: { $0.membership != nil && $0.index > node.commitIndex }) {
                fail("\(host.id) changes the configuration at \(entry.index) with another change in flight")
            }
            let reached = before.prefix(Int(node.commitIndex.rawValue)).last?.term
            if reached != node.currentTerm { fail("\(host.id) changes the configuration in a term it has committed nothing in") }
            let voters = before.governing?.voters ?? []
            let common = voters.filter { changed.voters.contains($0) }.count
            if max(voters.count, changed.voters.count) - common > 1 {
                fail("\(host.id) changes voters \(voters) to \(changed.voters) at once")
            }
        }
    }
}

extension LogEntry {
    /// The configuration the entry holds, if it is one.
    var membership: Membership? { if case .membership(let membership) = content { membership } else { nil } }
}

extension [LogEntry] {
    /// The last configuration in the log, committed or not.
    var governing: Membership? { last { $0.membership != nil }?.membership }
}
