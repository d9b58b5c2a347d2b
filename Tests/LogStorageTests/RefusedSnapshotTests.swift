import Foundation
import GRDB
import RaftCore
import Testing
import WireFormat

@testable import LogStorage

/// A store whose snapshot is not what was stored, or does not fit its log, is refused by the row that is wrong, and stays as it was.
@Suite struct RefusedSnapshotTests {
    let temporary: TemporaryFolder
    let path: String
    let file: String

    /// A snapshot of three parts beside its head, and a log of the entries 16 to 30.
    init() async throws {
        temporary = try TemporaryFolder()
        path = temporary.folder("a")
        file = path + "/" + storeName
        let (store, _) = try openStore(path)
        try await store.append(1...30, term: 3, vote: NodeID(5))
        let taken = snapshot(at: 20, term: 3, count: 2 * SnapshotRow.partBytes + 10)
        try await store.write([snapshotWrite(taken, .keep(after: LogIndex(15)))])
        try store.close()
    }

    @Test(arguments: [
        ("UPDATE snapshot SET content = x'00' WHERE part = 0", "snapshot row 0"),
        ("UPDATE snapshot SET content = zeroblob(10) WHERE part = 3", "snapshot row 3"),
        ("UPDATE snapshot SET chain = chain + 1 WHERE part = 2", "snapshot row 2"),
        ("UPDATE snapshot SET content = (SELECT content FROM snapshot WHERE part = 3) WHERE part = 1", "snapshot row 1"),
        // A row is missing: the head, one amid, the last, all.
        ("DELETE FROM snapshot WHERE part = 0", "snapshot row 0"), ("DELETE FROM snapshot WHERE part = 1", "snapshot row 1"),
        ("DELETE FROM snapshot WHERE part = 3", "snapshot row 3"), ("DELETE FROM snapshot", "snapshot row 0"),
        // A row too many: a second head, a second last part.
        ("INSERT INTO snapshot SELECT 4, content, chain FROM snapshot WHERE part = 0", "snapshot row 4"),
        ("INSERT INTO snapshot SELECT 4, content, chain FROM snapshot WHERE part = 3", "snapshot row 4"),
        ("INSERT INTO snapshot SELECT -1, content, chain FROM snapshot WHERE part = 0", "snapshot row"),
        // What the state row says of it.
        ("UPDATE state SET snapshot_index = 21", "state row"), ("UPDATE state SET snapshot_chain = 7", "state row"),
        ("UPDATE state SET snapshot_bytes = NULL", "state row"), ("UPDATE state SET snapshot_index = NULL", "state row"),
        (noSnapshot, "state row"),
        // The log is cut where the snapshot did not cut it, or not where it did.
        ("DELETE FROM log WHERE log_index = 16", "log row 1"), ("UPDATE state SET start_index = 16", "state row"),
    ])
    func aSnapshotThatWasTamperedWithIsNamed(statement: String, row: String) throws {
        try change { db in try db.execute(sql: statement) }
        try expectDamage(naming: row, statement)
    }

    /// Each has a state row that is right in itself: what it says must fit the rows all the same.
    @Test(arguments: [
        ("beyond the log", "state row.start"), ("before the log", "state row.start"), ("none", "snapshot row 0"),
        ("of another term", "state row"), ("of another length", "snapshot row"), ("of a moved log", "log row"),
        ("of another cluster", "state row"),
    ])
    func aSnapshotThatDoesNotFitIsNamed(what: String, row: String) throws {
        try change { db in
            var state = try StoreRows.readState(db)
            switch what {
            case "beyond the log": state.snapshot?.position.index = LogIndex(31)
            case "before the log": state.snapshot?.position.index = LogIndex(14)
            case "of another term": state.snapshot?.position.term = Term(2)
            case "of another length": state.snapshot?.bytes += 1
            case "of a moved log": state.start.index = LogIndex(14)
            case "of another cluster": state.clusterID = ClusterID(high: 9, low: 9)
            default:
                state.snapshot = nil
                state.start = .origin(of: state.incarnation)
            }
            try StoreRows.updateState(state, db)
        }
        try expectDamage(naming: row, what)
    }

    @Test func aStateRowOfALaterVersionIsRefusedNamingBoth() throws {
        try change { db in
            var state = try StoreRows.readState(db)
            state.format = 3
            try StoreRows.updateState(state, db)
            try db.execute(sql: "PRAGMA user_version = 3")
        }
        let before = try files(of: path)
        #expect(refusal(path) == .newerFormat(file: file, found: 3, supported: 2))
        #expect(try files(of: path) == before)
    }

    private func expectDamage(naming row: String, _ comment: String) throws {
        let before = try files(of: path)
        let error = refusal(path)
        guard case .damaged(file, let reason)? = error, reason.contains(row), !reason.contains("\n") else {
            Issue.record("\(comment): \(String(describing: error))")
            return
        }
        #expect(try files(of: path) == before)
    }

    private func change(_ body: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: file)
        try queue.writeWithoutTransaction { db in try body(db) }
        try queue.close()
    }
}

private let noSnapshot =
    "UPDATE state SET snapshot_index = NULL, snapshot_term = NULL, snapshot_bytes = NULL, snapshot_chain = NULL"
