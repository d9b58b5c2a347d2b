import GRDB
import RaftCore
import WireFormat

/// How a folder becomes a store in use: made anew, or checked as a whole before anything in it is changed.
struct StoreOpening {
    let folder: any StoreFolder
    let cluster: String
    let member: String

    /// Makes a store under another name and gives it its own only when it is whole and durable: a store that is there is never half made.
    func create(incarnation: NodeID) throws(LogStorageError) {
        // A journal of a store that is gone would be played back into the new one.
        guard try !folder.exists(folder.journalFile) else {
            throw .damaged(file: folder.journalFile, reason: "a journal without its store")
        }
        try folder.checkWritable(folder.path)
        for file in [folder.newStoreFile, folder.newStoreFile + "-journal"] { try folder.remove(file) }
        try writing(folder.newStoreFile) {
            let queue = try DatabaseQueue(path: folder.newStoreFile, configuration: StoreSchema.writingConfiguration(journalMode: "delete"))
            try queue.write { db in
                try db.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(StateRow.currentFormat)")
                for statement in StoreSchema.statements { try db.execute(sql: statement) }
                try StoreRows.insertState(StateRow(clusterName: cluster, memberName: member, incarnation: incarnation), db)
            }
            try queue.close()
        }
        try folder.rename(folder.newStoreFile, to: folder.storeFile)
        try folder.synchronize()
    }

    /// Checks all of an existing store, changing nothing but this: a transaction that a killed process left half done is rolled back.
    func check() throws(LogStorageError) -> (row: StateRow, held: RecoveredState) {
        try folder.checkWritable(folder.storeFile)
        try folder.checkWritable(folder.path)
        if try folder.hasHotJournal() { try rollBack() }
        return try reading {
            let queue = try DatabaseQueue(path: folder.storeFile, configuration: StoreSchema.readingConfiguration())
            let checked = try queue.read { db in try checkAll(db) }
            try queue.close()
            return checked
        }
    }

    /// Opens the connection that writes, and makes one durable change through it: a store that cannot be written is refused now. The same
    /// change turns a store of an earlier format into one of the current format.
    func openForWriting(_ checked: StateRow) throws(LogStorageError) -> (queue: DatabaseQueue, state: StateRow) {
        try discardJournal()
        return try writing(folder.storeFile) {
            let queue = try DatabaseQueue(path: folder.storeFile, configuration: StoreSchema.writingConfiguration())
            let state = try queue.write { db in
                let failed = try StoreSchema.settingsThatDidNotTake(db)
                guard failed.isEmpty else {
                    throw LogStorageError.cannotOpen(file: folder.storeFile, reason: failed.joined(separator: ", "))
                }
                var state = try StoreRows.readState(db, version: checked.format)
                guard state == checked else {
                    throw LogStorageError.damaged(file: folder.storeFile, reason: "changed by another process while it was checked")
                }
                try upgrade(&state, db)
                state.openings &+= 1
                try StoreRows.updateState(state, db)
                return state
            }
            return (queue, state)
        }
    }

    /// Removes a journal that is over, for good, before anything is written.
    ///
    /// A process that was killed between zeroing its journal's header and the sync of that leaves on the disk the header as it was, though
    /// the next one reads zeros. Written anew, the journal would for a while be neither: power lost then, the old header would play back
    /// what is left of its pages, and stop at the first new one. Synced once more, it would not do either: after a sync that failed, the
    /// system may take the zeros for written. The folder's lock keeps other processes of this program away; other tools may only read.
    private func discardJournal() throws(LogStorageError) {
        guard try folder.exists(folder.journalFile) else { return }
        try folder.remove(folder.journalFile)
        try folder.synchronize()
    }

    private func upgrade(_ state: inout StateRow, _ db: Database) throws {
        guard state.format == StateRow.formatWithoutSnapshots else { return }
        for statement in StoreSchema.statementsFromFirstFormat { try db.execute(sql: statement) }
        try db.execute(sql: "PRAGMA user_version = \(StateRow.currentFormat)")
        state.format = StateRow.currentFormat
    }

    private func checkAll(_ db: Database) throws -> (row: StateRow, held: RecoveredState) {
        let state = try StoreRows.readState(db, version: try checkedFormat(db))
        guard state.clusterName == cluster else {
            throw LogStorageError.otherCluster(file: folder.storeFile, found: state.clusterName, expected: cluster)
        }
        guard state.memberName == member else {
            throw LogStorageError.otherMember(file: folder.storeFile, found: state.memberName, expected: member)
        }
        var check = RowCheck(state)
        if state.format > StateRow.formatWithoutSnapshots { try StoreRows.forEachSnapshotRow(db) { row in try check.add(row) } }
        try StoreRows.forEachLogRow(db) { row in try check.add(row) }
        let held = try check.finish()
        // The rows are right; what SQLite keeps beside them, such as its list of free pages, must not spoil them later.
        let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard verdict == "ok" else { throw failedCheck(oneLine(verdict)) }
        return (state, held)
    }

    /// A page that could not be read is told like one that is wrong; only the words differ ("failed to get page", "unable to get the
    /// page").
    private func failedCheck(_ verdict: String) -> LogStorageError {
        let isUnread = verdict.contains("failed to get page") || verdict.contains("unable to get the page")
        return isUnread ? .cannotOpen(file: folder.storeFile, reason: verdict) : .damaged(file: folder.storeFile, reason: verdict)
    }

    private func checkedFormat(_ db: Database) throws -> UInt32 {
        let application = try Int64.fetchOne(db, sql: "PRAGMA application_id")
        let version = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard application == StoreSchema.applicationID else {
            throw LogStorageError.damaged(file: folder.storeFile, reason: "not a store of this program")
        }
        guard version <= Int64(StateRow.currentFormat) else {
            let found = UInt32(clamping: version)
            throw LogStorageError.newerFormat(file: folder.storeFile, found: found, supported: StateRow.currentFormat)
        }
        guard version >= Int64(StateRow.formatWithoutSnapshots) else {
            throw LogStorageError.damaged(file: folder.storeFile, reason: "impossible format \(version)")
        }
        return UInt32(version)
    }

    /// Any read by a connection that may write lets SQLite roll back what a killed process left.
    private func rollBack() throws(LogStorageError) {
        try reading {
            let queue = try DatabaseQueue(path: folder.storeFile)
            _ = try queue.read { db in try Int64.fetchOne(db, sql: "PRAGMA user_version") }
            try queue.close()
        }
    }

    private func reading<Value>(_ body: () throws -> Value) throws(LogStorageError) -> Value {
        do {
            return try body()
        } catch {
            throw storageError(error, file: folder.storeFile, isWrite: false)
        }
    }

    private func writing<Value>(_ file: String, _ body: () throws -> Value) throws(LogStorageError) -> Value {
        do {
            return try body()
        } catch {
            throw storageError(error, file: file, isWrite: true)
        }
    }
}

/// Any failure as ours, with the file's name.
func storageError(_ error: any Error, file: String, isWrite: Bool) -> LogStorageError {
    if let error = error as? LogStorageError { return error }
    if let error = error as? WireFormatError {
        if case .newerFormat(let found, let supported) = error { return .newerFormat(file: file, found: found, supported: supported) }
        return .damaged(file: file, reason: error.description)
    }
    guard let error = error as? DatabaseError else { return .cannotOpen(file: file, reason: "\(error)") }
    let reason = oneLine(error.message ?? "error \(error.extendedResultCode.rawValue)")
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: return .locked(folder: file)
    case .SQLITE_MISUSE: return .closed(file: file)
    case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_NOMEM, .SQLITE_AUTH:
        return isWrite ? .cannotWrite(file: file, reason: reason) : .cannotOpen(file: file, reason: reason)
    default: return .damaged(file: file, reason: reason)
    }
}

/// SQLite's words may quote SQL, or a damaged file's: an error of ours is one line all the same.
private func oneLine(_ words: String) -> String { words.split(whereSeparator: \.isNewline).joined(separator: " ") }
