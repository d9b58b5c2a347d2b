import GRDB
import RaftCore
import WireFormat

/// One transaction: the rows and the state row that names them change together.
struct StoreTransaction {
    let db: Database
    let file: String

    /// - Returns: the state row as it was written.
    /// - Throws: `LogStorageError.impossibleWrite`, `WireFormatError` or SQLite's error; the transaction is then rolled back.
    func apply(_ writes: [StorageWrite]) throws -> StateRow {
        var state = try StoreRows.readState(db)
        var rows = TransactionRows(db: db)
        do {
            try state.apply(writes, to: &rows)
        } catch let error as ImpossibleWrite {
            throw LogStorageError.impossibleWrite(file: file, reason: error.description)
        }
        try StoreRows.updateState(state, db)
        return state
    }
}

/// The store's rows in one transaction.
private struct TransactionRows: RowTable {
    let db: Database

    func insert(_ row: LogRow) throws { try StoreRows.insertLog(row, db) }
    func deleteLog(from index: LogIndex) throws { try StoreRows.deleteLog(from: index, db) }
    func deleteLog(through index: LogIndex) throws { try StoreRows.deleteLog(through: index, db) }
    func logEnd(at index: LogIndex) throws -> LogEnd { try StoreRows.logEnd(at: index, db) }
    func deleteSnapshot() throws { try StoreRows.deleteSnapshot(db) }
    func insert(_ row: SnapshotRow) throws { try StoreRows.insertSnapshot(row, db) }
}
