import Foundation
import GRDB
import RaftCore
import WireFormat

/// Rows in, rows out: the only SQL that touches the tables.
enum StoreRows {
    /// The state row, checked against its checksum.
    ///
    /// - Parameter version: the format of the tables.
    /// - Throws: `WireFormatError` or SQLite's own error.
    static func readState(_ db: Database, version: UInt32 = StateRow.currentFormat) throws -> StateRow {
        let holdsSnapshots = version > StateRow.formatWithoutSnapshots
        let columns = firstColumns + ", checksum" + (holdsSnapshots ? ", " + snapshotColumns : "")
        let rows = try Row.fetchAll(try db.cachedStatement(sql: "SELECT \(columns) FROM state"))
        guard rows.count == 1, let row = rows.first else { throw WireFormatError.missing(field: "state row") }
        let reader = ColumnReader(row: row, name: "state row")
        let incarnation = NodeID(try reader.word(3))
        var state = StateRow(clusterName: try reader.text(1), memberName: try reader.text(2), incarnation: incarnation)
        state.format = version
        state.clusterID = try clusterID(reader)
        let term = Term(try reader.counter(6))
        state.hardState = HardState(term: term, votedFor: try reader.optionalWord(7).map { NodeID($0) })
        state.start = try end(reader, from: 8)
        state.end = try end(reader, from: 11)
        state.openings = try reader.word(14)
        if holdsSnapshots { state.snapshot = try snapshot(reader) }
        try state.check(checksum: try reader.word(15))
        guard try reader.word(0) == UInt64(version) else { throw WireFormatError.malformed(what: "state row") }
        return state
    }

    private static func snapshot(_ reader: ColumnReader) throws -> SnapshotMark? {
        let columns = [try reader.optionalWord(16), try reader.optionalWord(17), try reader.optionalWord(18), try reader.optionalWord(19)]
        let words = columns.compactMap(\.self)
        guard !words.isEmpty else { return nil }
        guard words.count == columns.count else { throw WireFormatError.malformed(what: "state row") }
        let position = LogPosition(index: LogIndex(try reader.counter(16)), term: Term(try reader.counter(17)))
        return SnapshotMark(position: position, bytes: words[2], chain: RowChain(words[3]))
    }

    static func insertState(_ state: StateRow, _ db: Database) throws {
        let marks = Array(repeating: "?", count: 20).joined(separator: ", ")
        try db.execute(sql: "INSERT INTO state (id, \(stateColumns)) VALUES (1, \(marks))", arguments: arguments(state))
    }

    static func updateState(_ state: StateRow, _ db: Database) throws {
        try db.cachedStatement(sql: updateSQL).execute(arguments: arguments(state))
    }

    static func insertLog(_ row: LogRow, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "INSERT INTO log (log_index, term, kind, content, chain) VALUES (?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            signed(row.index), signed(row.term), signed(row.kind), Data(row.content), signed(row.chain.rawValue),
        ])
    }

    /// Deletes every row from an index on.
    static func deleteLog(from index: LogIndex, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM log WHERE log_index >= ?").execute(arguments: [signed(index.rawValue)])
    }

    /// Deletes every row through an index.
    static func deleteLog(through index: LogIndex, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM log WHERE log_index <= ?").execute(arguments: [signed(index.rawValue)])
    }

    static func insertSnapshot(_ row: SnapshotRow, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "INSERT INTO snapshot (part, content, chain) VALUES (?, ?, ?)")
        try statement.execute(arguments: [signed(row.part), Data(row.content), signed(row.chain.rawValue)])
    }

    static func deleteSnapshot(_ db: Database) throws { try db.cachedStatement(sql: "DELETE FROM snapshot").execute() }

    /// Calls back with every row of the snapshot, ascending.
    static func forEachSnapshotRow(_ db: Database, _ body: (SnapshotRow) throws -> Void) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT part, content, chain FROM snapshot ORDER BY part")
        while let row = try rows.next() {
            let reader = ColumnReader(row: row, name: "snapshot row")
            try body(SnapshotRow(part: try reader.word(0), content: try reader.bytes(1), chain: RowChain(try reader.word(2))))
        }
    }

    /// The end of the log as it was at one of its rows.
    static func logEnd(at index: LogIndex, _ db: Database) throws -> LogEnd {
        let sql = "SELECT term, chain FROM log WHERE log_index = ?"
        guard let row = try Row.fetchOne(try db.cachedStatement(sql: sql), arguments: [signed(index.rawValue)]) else {
            throw WireFormatError.wrongRows(expected: .log(index.rawValue), found: nil)
        }
        let reader = ColumnReader(row: row, name: "log row \(index)")
        return LogEnd(index: index, term: Term(try reader.counter(0)), chain: RowChain(try reader.word(1)))
    }

    /// Calls back with every row of the log, ascending.
    static func forEachLogRow(_ db: Database, _ body: (LogRow) throws -> Void) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT log_index, term, kind, content, chain FROM log ORDER BY log_index")
        while let row = try rows.next() {
            let reader = ColumnReader(row: row, name: "log row")
            try body(
                LogRow(
                    index: try reader.counter(0), term: try reader.counter(1), kind: try reader.word(2), content: try reader.bytes(3),
                    chain: RowChain(try reader.word(4))))
        }
    }

    private static let stateColumns = firstColumns + ", checksum, " + snapshotColumns

    private static let snapshotColumns = "snapshot_index, snapshot_term, snapshot_bytes, snapshot_chain"

    /// Of the first format.
    private static let firstColumns = """
        format, cluster, member, incarnation, cluster_id_high, cluster_id_low, term, vote, start_index, start_term, start_chain, \
        end_index, end_term, end_chain, openings
        """

    private static let updateSQL =
        "UPDATE state SET "
        + stateColumns.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) + " = ?" }.joined(separator: ", ")

    private static func arguments(_ state: StateRow) -> StatementArguments {
        [
            Int64(state.format), state.clusterName, state.memberName, signed(state.incarnation.rawValue),
            state.clusterID.map { signed($0.high) }, state.clusterID.map { signed($0.low) },
            signed(state.hardState.term.rawValue), state.hardState.votedFor.map { signed($0.rawValue) },
            signed(state.start.index.rawValue), signed(state.start.term.rawValue), signed(state.start.chain.rawValue),
            signed(state.end.index.rawValue), signed(state.end.term.rawValue), signed(state.end.chain.rawValue),
            signed(state.openings), signed(state.checksum),
            state.snapshot.map { signed($0.position.index.rawValue) }, state.snapshot.map { signed($0.position.term.rawValue) },
            state.snapshot.map { signed($0.bytes) }, state.snapshot.map { signed($0.chain.rawValue) },
        ]
    }

    private static func clusterID(_ reader: ColumnReader) throws -> ClusterID? {
        switch (try reader.optionalWord(4), try reader.optionalWord(5)) {
        case (let high?, let low?): return ClusterID(high: high, low: low)
        case (nil, nil): return nil
        case (nil, _?), (_?, nil): throw WireFormatError.malformed(what: "state row")
        }
    }

    private static func end(_ reader: ColumnReader, from column: Int) throws -> LogEnd {
        let index = LogIndex(try reader.counter(column))
        return LogEnd(index: index, term: Term(try reader.counter(column + 1)), chain: RowChain(try reader.word(column + 2)))
    }
}

/// Reads columns whose types a damaged file may have changed: what is not of the type is an error, never a conversion.
private struct ColumnReader {
    let row: Row
    let name: String

    func word(_ column: Int) throws -> UInt64 {
        guard let word = try optionalWord(column) else { throw WireFormatError.malformed(what: name) }
        return word
    }

    func optionalWord(_ column: Int) throws -> UInt64? {
        switch storage(column) {
        case .int64(let value): return UInt64(bitPattern: value)
        case .null: return nil
        case .double, .string, .blob: throw WireFormatError.malformed(what: name)
        }
    }

    /// A term, index or count, which must leave room for the next one.
    func counter(_ column: Int) throws -> UInt64 {
        let word = try word(column)
        guard word <= WireLimits.counter else { throw WireFormatError.outOfRange(field: name, value: word) }
        return word
    }

    func text(_ column: Int) throws -> String {
        guard case .string(let text) = storage(column) else { throw WireFormatError.malformed(what: name) }
        return text
    }

    func bytes(_ column: Int) throws -> [UInt8] {
        guard case .blob(let data) = storage(column) else { throw WireFormatError.malformed(what: name) }
        return [UInt8](data)
    }

    private func storage(_ column: Int) -> DatabaseValue.Storage {
        let value: DatabaseValue = row[column]
        return value.storage
    }
}

/// SQLite's integers are signed: the same 64 bits.
private func signed(_ word: UInt64) -> Int64 { Int64(bitPattern: word) }
