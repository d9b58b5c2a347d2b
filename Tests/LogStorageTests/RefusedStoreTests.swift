import Foundation
import GRDB
import LogStorage
import RaftCore
import Testing

/// A store that is refused stays byte for byte as it was.
@Suite struct RefusedStoreTests {
    let temporary: TemporaryFolder
    let path: String
    let file: String

    init() async throws {
        temporary = try TemporaryFolder()
        path = temporary.folder("a")
        file = path + "/" + storeName
        let (store, _) = try openStore(path)
        try await store.append(1...30, term: 3, vote: NodeID(5))
        try store.close()
    }

    @Test func theStoreOfAnotherClusterIsNamedAndUnchanged() throws {
        try expectRefusal(.otherCluster(file: file, found: "test", expected: "other")) { try openStore(path, cluster: "other") }
    }

    @Test func theStoreOfAnotherMemberIsNamedAndUnchanged() throws {
        try expectRefusal(.otherMember(file: file, found: "a", expected: "b")) { try openStore(path, member: "b") }
    }

    @Test func aStoreOfALaterVersionIsNamedAndUnchanged() throws {
        try change("PRAGMA user_version = 3")
        let refusal = LogStorageError.newerFormat(file: file, found: 3, supported: 2)
        try expectRefusal(refusal) { try openStore(path) }
        #expect(refusal.description.contains("has format 3, and this version reads up to 2"))
    }

    @Test(arguments: [
        "DELETE FROM log WHERE log_index = 30",
        "DELETE FROM log WHERE log_index = 1",
        "DELETE FROM log WHERE log_index = 17",
        "DELETE FROM log",
        "DELETE FROM state",
        "DROP TABLE state",
        "DROP TABLE log",
        "INSERT INTO log SELECT 31, term, kind, content, chain FROM log WHERE log_index = 30",
        "UPDATE log SET content = x'00' WHERE log_index = 30",
        "UPDATE log SET term = 2 WHERE log_index = 30",
        "UPDATE log SET kind = 1 WHERE log_index = 4",
        "UPDATE state SET vote = NULL",
        "UPDATE state SET term = 2",
        "UPDATE state SET end_index = 29",
        "UPDATE state SET member = 'b'",
        "PRAGMA user_version = 0",
        "PRAGMA user_version = 1",
        "DROP TABLE snapshot",
        "PRAGMA application_id = 7",
    ])
    func aStoreThatWasTamperedWithIsRefusedAndUnchanged(_ statement: String) throws {
        try change(statement)
        let before = try files(of: path)
        let error = refusal(path)
        guard case .damaged(file, let reason)? = error else {
            Issue.record("\(statement): \(String(describing: error))")
            return
        }
        #expect(!reason.contains("\n"))
        #expect(try files(of: path) == before)
    }

    @Test func aFileThatIsNoStoreIsRefusedAndUnchanged() throws {
        for content in [Data(), Data("hello".utf8), Data(repeating: 0, count: 8_192)] {
            try content.write(to: URL(filePath: file))
            let before = try files(of: path)
            #expect(throws: LogStorageError.self) { _ = try openStore(path) }
            #expect(try files(of: path) == before)
        }
    }

    @Test func everyTruncationToWholePagesIsRefused() throws {
        let whole = try Data(contentsOf: URL(filePath: file))
        for count in stride(from: 0, to: whole.count, by: 4_096) {
            try whole.prefix(count).write(to: URL(filePath: file))
            #expect(throws: LogStorageError.self) { _ = try openStore(path) }
        }
    }

    @Test func aJournalWithoutItsStoreIsRefused() throws {
        try FileManager.default.removeItem(atPath: file)
        let journal = path + "/" + journalName
        try expectRefusal(.damaged(file: journal, reason: "a journal without its store")) { try openStore(path) }
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        let inFile = file + "/folder"
        guard case .cannotOpen(inFile, _)? = refusal(inFile) else {
            Issue.record("another error")
            return
        }
    }

    @Test(.enabled(if: getuid() != 0, "the superuser may write everywhere"))
    func aStoreWithoutPermissionToWriteIsNamedAndUnchanged() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: file)
        guard case .cannotWrite(file, _)? = refusal(path) else {
            Issue.record("another error")
            return
        }
    }

    private func change(_ statement: String) throws {
        let queue = try DatabaseQueue(path: file)
        try queue.writeWithoutTransaction { db in try db.execute(sql: statement) }
        try queue.close()
    }

    private func expectRefusal(_ error: LogStorageError, _ body: () throws -> Void) throws {
        let before = try files(of: path)
        #expect(throws: error) { try body() }
        #expect(try files(of: path) == before)
    }

    private func expectRefusal(_ error: LogStorageError, _ body: () throws -> (LogStore, RecoveredStore)) throws {
        try expectRefusal(error) { _ = try body() }
    }
}
