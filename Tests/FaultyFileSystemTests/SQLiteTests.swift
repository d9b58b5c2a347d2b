import FaultyFileSystem
import Foundation
import GRDB
import RaftCore
import Testing

/// SQLite itself on such a disk.
@Suite struct SQLiteTests {
    let disk: FaultyDisk
    var file: String { disk.folder + "/x.sqlite" }

    init() { disk = FaultyDisk(seed: 1) }

    private init(disk: FaultyDisk) { self.disk = disk }

    private func open(synchronous: String = "FULL", journalMode: String = "PERSIST") throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = \(journalMode)")
            try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
        }
        return try DatabaseQueue(path: file, configuration: configuration)
    }

    private func insert(_ queue: DatabaseQueue, _ value: Int) throws {
        try queue.write { db in
            try db.execute(sql: "CREATE TABLE IF NOT EXISTS t (v INTEGER PRIMARY KEY, b BLOB)")
            try db.execute(sql: "INSERT INTO t VALUES (?, zeroblob(3000))", arguments: [value])
        }
    }

    private func values() throws -> [Int] {
        let queue = try DatabaseQueue(path: file)
        defer { #expect(throws: Never.self) { try queue.close() } }
        return try queue.read { db in try Int.fetchAll(db, sql: "SELECT v FROM t ORDER BY v") }
    }

    @Test func aDatabaseLivesInMemoryAndNoFileIsMade() throws {
        let queue = try open()
        try insert(queue, 1)
        #expect(disk.paths == [file, file + "-journal"])
        #expect(try #require(disk.content(of: file)).starts(with: Array("SQLite format 3".utf8)))
        #expect(!FileManager.default.fileExists(atPath: file))
        try queue.close()
        #expect(try values() == [1])
    }

    @Test func otherPathsAreWhereTheyAlwaysWere() throws {
        let path = FileManager.default.temporaryDirectory.path + "/faulty-\(UUID().uuidString).sqlite"
        let queue = try DatabaseQueue(path: path)
        try insert(queue, 1)
        try queue.close()
        #expect(FileManager.default.fileExists(atPath: path))
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func theHandlesOfAnEndedProcessAreDead() throws {
        let queue = try open()
        try insert(queue, 1)
        disk.endProcess()
        #expect(throws: DatabaseError.self) { try insert(queue, 2) }
        #expect(try values() == [1])
    }

    @Test func committedTransactionsSurviveAndNothingElseDoes() throws {
        let outcome = try losePowerOften(synchronous: "FULL")
        #expect(outcome.wrong == 0)
        #expect(outcome.inFlightKept > 10 && outcome.inFlightLost > 10, "\(outcome)")
    }

    /// The check above can fail: without syncs SQLite loses or breaks what it said was committed.
    @Test func withoutSyncsCommittedTransactionsAreLost() throws {
        #expect(try losePowerOften(synchronous: "OFF").wrong > 10)
    }

    struct Outcome { var inFlightKept = 0, inFlightLost = 0, wrong = 0 }

    private func losePowerOften(synchronous: String) throws -> Outcome {
        var outcome = Outcome()
        for seed in UInt64(1)...100 {
            var random = RandomSource(seed: seed)
            let disk = FaultyDisk(seed: seed)
            let test = SQLiteTests(disk: disk)
            let queue = try test.open(synchronous: synchronous)
            for value in 1...3 { try test.insert(queue, value) }
            disk.faults.stepsUntilPowerLoss = 1 + Int(random.number(below: 24))
            let last = Result { try test.insert(queue, 4) }
            disk.losePower(PowerLoss(&random))
            switch (Result { try test.values() }, last) {
            case (.success([1, 2, 3, 4]), _): outcome.inFlightKept += 1
            case (.success([1, 2, 3]), .failure): outcome.inFlightLost += 1
            default: outcome.wrong += 1
            }
        }
        return outcome
    }

    @Test func aFullDiskIsSaidToBeFull() throws {
        let queue = try open()
        try insert(queue, 1)
        disk.faults.freeBytes = 20_000
        let error = #expect(throws: DatabaseError.self) { for value in 2...9 { try insert(queue, value) } }
        #expect(error?.resultCode == .SQLITE_FULL)
        disk.faults = DiskFaults()
        try queue.close()
        #expect(try values().first == 1)
    }

    @Test func aFailedSyncAndAFailedReadAreSaid() throws {
        let queue = try open()
        try insert(queue, 1)
        disk.faults.syncsUntilFailure = 1
        #expect(throws: DatabaseError.self) { try insert(queue, 2) }
        try queue.close()
        disk.faults.readsUntilFailure = 2
        #expect(throws: DatabaseError.self) { try values() }
    }

    @Test func aFlippedBitOfAPageIsRead() throws {
        let queue = try open()
        try insert(queue, 1)
        try queue.close()
        let before = try #require(disk.content(of: file))
        disk.flipBit(of: file)
        let after = try #require(disk.content(of: file))
        #expect(zip(before, after).map { ($0 ^ $1).nonzeroBitCount }.reduce(0, +) == 1)
        disk.zeroSector(of: file)
        #expect(disk.content(of: file)?.count == before.count)
    }

    /// Equal seeds and calls give equal bytes.
    @Test func aSeedGivesTheSameBytesTwice() throws {
        let contents = try (0..<2).map { _ in
            let disk = FaultyDisk(seed: 3)
            let test = SQLiteTests(disk: disk)
            let queue = try test.open()
            for value in 1...3 { try test.insert(queue, value) }
            disk.losePower(.scattered(keeps: 300_000))
            return disk.content(of: test.file)
        }
        #expect(contents[0] == contents[1])
    }
}
