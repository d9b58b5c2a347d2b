public import RaftCore

/// The rows of one store, as a transaction sees and changes them.
///
/// Two things are one: the database, and the simulator's model of it. What becomes of the rows is decided in `StateRow.apply`, for both.
public protocol RowTable {
    /// Adds a row behind the last one of the log.
    mutating func insert(_ row: LogRow) throws
    /// Deletes the log's rows from an index on.
    mutating func deleteLog(from index: LogIndex) throws
    /// Deletes the log's rows through an index.
    mutating func deleteLog(through index: LogIndex) throws
    /// The end of the log as it was at one of its rows, which must be there.
    mutating func logEnd(at index: LogIndex) throws -> LogEnd
    /// Deletes every row of the stored snapshot.
    mutating func deleteSnapshot() throws
    /// Adds a row behind the last one of the snapshot.
    mutating func insert(_ row: SnapshotRow) throws
}

/// A write that does not continue what is stored: a mistake of the caller, found before it did harm.
public struct ImpossibleWrite: Error, Equatable, CustomStringConvertible {
    public let description: String
}

extension StateRow {
    /// Carries out writes: changes the rows of a table, and this state row with them. The caller stores the state row, or undoes all of it
    /// after an error.
    ///
    /// - Throws: `ImpossibleWrite`, or what the table throws.
    public mutating func apply(_ writes: [StorageWrite], to table: inout some RowTable) throws {
        for write in writes {
            if let hardState = write.hardState { try set(hardState) }
            if let snapshot = write.snapshot { try store(snapshot, in: &table) }
            try replaceLog(with: write.entries, in: &table)
        }
        guard end.term <= hardState.term else {
            throw ImpossibleWrite(description: "entry \(end.index) has term \(end.term), above the stored term \(hardState.term)")
        }
    }

    private mutating func set(_ new: HardState) throws {
        guard new.term >= hardState.term else { throw ImpossibleWrite(description: "term \(new.term) after term \(hardState.term)") }
        if new.term == hardState.term, let vote = hardState.votedFor, new.votedFor != vote {
            throw ImpossibleWrite(description: "a second vote in term \(new.term)")
        }
        hardState = new
    }

    // MARK: The snapshot

    private mutating func store(_ write: SnapshotWrite, in table: inout some RowTable) throws {
        let position = write.snapshot.position
        guard position.index > snapshot?.position.index ?? .zero else {
            throw ImpossibleWrite(description: "snapshot \(position) after snapshot \(snapshot?.position ?? .origin)")
        }
        switch write.log {
        case .keep(let index): try keep(after: index, below: position, in: &table)
        case .replace: try replaceLog(by: write.snapshot, in: &table)
        }
        try table.deleteSnapshot()
        snapshot = try SnapshotRow.forEach(of: write.snapshot, in: incarnation) { row in try table.insert(row) }
        if clusterID == nil || write.log == .replace { clusterID = write.snapshot.membership.clusterID }
    }

    private mutating func keep(after index: LogIndex, below position: LogPosition, in table: inout some RowTable) throws {
        guard index >= start.index, index <= position.index, position.index <= end.index else {
            throw ImpossibleWrite(
                description: "snapshot \(position) keeps the log after \(index), which holds \(start.index.next) to \(end.index)")
        }
        let stored = try logEnd(at: position.index, in: &table)
        guard stored.term == position.term else {
            throw ImpossibleWrite(description: "snapshot \(position) of an entry of term \(stored.term)")
        }
        guard index > start.index else { return }
        start = try logEnd(at: index, in: &table)
        try table.deleteLog(through: index)
    }

    private mutating func replaceLog(by snapshot: Snapshot, in table: inout some RowTable) throws {
        try table.deleteLog(from: start.index.next)
        // A chain of its own: no row of the log before it fits behind it.
        var checksum = WordChecksum(purpose: 8)
        for word in [end.chain.rawValue, snapshot.position.index.rawValue, snapshot.position.term.rawValue, snapshot.checksum] {
            checksum.add(word)
        }
        start = LogEnd(index: snapshot.position.index, term: snapshot.position.term, chain: RowChain(checksum.value))
        end = start
    }

    // MARK: The log

    private mutating func replaceLog(with entries: [LogEntry], in table: inout some RowTable) throws {
        guard let first = entries.first else { return }
        let covered = max(start.index, snapshot?.position.index ?? .zero)
        guard first.index > covered, first.index <= end.index.next else {
            throw ImpossibleWrite(description: "entry \(first.index) for a log from \(covered.next) to \(end.index)")
        }
        if first.index <= end.index {
            let previous = try logEnd(at: first.index.previous, in: &table)
            try table.deleteLog(from: first.index)
            end = previous
        }
        for entry in entries { try append(entry, to: &table) }
    }

    private mutating func append(_ entry: LogEntry, to table: inout some RowTable) throws {
        guard entry.index == end.index.next else { throw ImpossibleWrite(description: "entry \(entry.index) after entry \(end.index)") }
        guard entry.term >= end.term, entry.term > .zero else {
            throw ImpossibleWrite(description: "entry \(entry.index) of term \(entry.term) after one of term \(end.term)")
        }
        let row = LogRow(entry, after: end.chain)
        guard row.content.count <= WireLimits.commandBytes else {
            throw ImpossibleWrite(description: "entry \(entry.index) has \(row.content.count) bytes, above \(WireLimits.commandBytes)")
        }
        try table.insert(row)
        if case .membership(let membership) = entry.content { clusterID = membership.clusterID }
        end = LogEnd(after: row)
    }

    private func logEnd(at index: LogIndex, in table: inout some RowTable) throws -> LogEnd {
        index == start.index ? start : try table.logEnd(at: index)
    }
}
