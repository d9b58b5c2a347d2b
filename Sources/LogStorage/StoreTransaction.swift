import GRDB
import RaftCore
import WireFormat

/// One transaction: the log's rows and the state row that names them change together.
struct StoreTransaction {
    let db: Database
    let file: String

    /// - Returns: the state row as it was written.
    /// - Throws: `LogStorageError.impossibleWrite`, `WireFormatError` or SQLite's error; the transaction is then rolled back.
    func apply(_ writes: [StorageWrite]) throws -> StateRow {
        var state = try StoreRows.readState(db)
        for write in writes {
            if let hardState = write.hardState { try setHardState(hardState, in: &state) }
            if let snapshot = write.snapshot { throw impossible("snapshot \(snapshot.snapshot.position): this format holds none") }
            try replaceLog(with: write.entries, in: &state)
        }
        guard state.end.term <= state.hardState.term else {
            throw impossible("entry \(state.end.index) has term \(state.end.term), above the stored term \(state.hardState.term)")
        }
        try StoreRows.updateState(state, db)
        return state
    }

    private func setHardState(_ hardState: HardState, in state: inout StateRow) throws {
        let old = state.hardState
        guard hardState.term >= old.term else { throw impossible("term \(hardState.term) after term \(old.term)") }
        if hardState.term == old.term, let vote = old.votedFor, hardState.votedFor != vote {
            throw impossible("a second vote in term \(old.term)")
        }
        state.hardState = hardState
    }

    private func replaceLog(with entries: [LogEntry], in state: inout StateRow) throws {
        guard let first = entries.first else { return }
        guard first.index > state.start.index, first.index <= state.end.index.next else {
            throw impossible("entry \(first.index) for a log from \(state.start.index.next) to \(state.end.index)")
        }
        if first.index <= state.end.index {
            try StoreRows.deleteLog(from: first.index, db)
            let previous = first.index.previous
            state.end = previous == state.start.index ? state.start : try StoreRows.logEnd(at: previous, db)
        }
        for entry in entries { try append(entry, to: &state) }
    }

    private func append(_ entry: LogEntry, to state: inout StateRow) throws {
        guard entry.index == state.end.index.next else { throw impossible("entry \(entry.index) after entry \(state.end.index)") }
        guard entry.term >= state.end.term, entry.term > .zero else {
            throw impossible("entry \(entry.index) of term \(entry.term) after one of term \(state.end.term)")
        }
        let row = LogRow(entry, after: state.end.chain)
        guard row.content.count <= WireLimits.commandBytes else {
            throw impossible("entry \(entry.index) has \(row.content.count) bytes, above \(WireLimits.commandBytes)")
        }
        try StoreRows.insertLog(row, db)
        if case .membership(let membership) = entry.content { state.clusterID = membership.clusterID }
        state.end = LogEnd(after: row)
    }

    private func impossible(_ reason: String) -> LogStorageError { .impossibleWrite(file: file, reason: reason) }
}
