import Foundation
import GRDB

/// What a store that nobody has open holds, as SQLite reads it, whatever the program makes of it.
///
/// A transaction that a killed process left half done is rolled back by reading: read copies.
struct StoredRows: Sendable {
    /// By index, ascending.
    let log: [LogRow]
    /// The parts of the snapshot, in their order; empty without one.
    let snapshot: [Data]

    /// A row of the log; no two rows of different contents are equal.
    struct LogRow: Equatable, Sendable {
        let index: Int64
        let term: Int64
        let kind: Int64
        let content: Data
        let chain: Int64
    }

    /// - Throws: SQLite's error.
    init(of folder: String) throws {
        let queue = try DatabaseQueue(path: folder + "/quorum.sqlite")
        (log, snapshot) = try queue.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT log_index, term, kind, content, chain FROM log ORDER BY log_index")
            let parts = try Row.fetchAll(db, sql: "SELECT content FROM snapshot ORDER BY part")
            return (rows.map { LogRow(index: $0[0], term: $0[1], kind: $0[2], content: $0[3], chain: $0[4]) }, parts.map { $0[0] })
        }
        try queue.close()
    }

    /// The highest index; 0 of an empty log.
    var lastIndex: Int { Int(log.last?.index ?? 0) }

    /// What of the other store's snapshot and log is not here as it is there, in words; nil when all of it is.
    func lacks(_ other: StoredRows) -> String? {
        guard snapshot == other.snapshot else { return "holds another snapshot" }
        let level = zip(log, other.log).prefix { $0 == $1 }.count
        guard level < other.log.count else { return nil }
        let missing = other.log[level].index
        return log.count > level ? "holds another entry \(missing)" : "holds no entry \(missing), of \(other.lastIndex)"
    }
}
