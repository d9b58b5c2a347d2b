import Foundation
import GRDB
import Testing

@testable import LogStorage

@Suite struct StoreSchemaTests {
    @Test func theWritingConnectionReadsBackFullDurability() throws {
        let temporary = try TemporaryFolder()
        let queue = try DatabaseQueue(path: temporary.folder("x"), configuration: StoreSchema.writingConfiguration())
        let (failed, synchronous) = try queue.write { db in
            (try StoreSchema.settingsThatDidNotTake(db), try Int.fetchOne(db, sql: "PRAGMA synchronous"))
        }
        #expect(failed == [])
        #expect(synchronous == 2)
        try queue.close()
    }

    @Test func aSettingThatDidNotTakeIsNamed() throws {
        let temporary = try TemporaryFolder()
        let queue = try DatabaseQueue(path: temporary.folder("x"))
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            let failed = try StoreSchema.settingsThatDidNotTake(db)
            #expect(failed == ["journal_mode is delete, not persist", "synchronous is 1, not 2", "locking_mode is normal, not exclusive"])
        }
        try queue.close()
    }
}
