import Foundation
import GRDB
import LogStorage
import RaftCore
import Testing

/// One bit of a store's files flips: what was acknowledged is there, all of it and nothing else, or the store is refused.
@Suite struct FlippedBitTests {
    let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder(inMemory: true) }

    @Test func anyBitOfTheStoreLosesNothingUnseen() async throws {
        let original = try await closedStore()
        let bits = try #require(original[storeName]).count * 8
        var numbers = SeededNumbers(state: 1)
        let header = Array(0..<(100 * 8)).filter { _ in Bool.random(using: &numbers) }
        let anywhere = (0..<300).map { _ in Int.random(in: 0..<bits, using: &numbers) }
        let outcome = try await flip(header + anywhere, of: storeName, in: original)
        #expect(outcome.refused > 300, "\(outcome)")
        #expect(outcome.opened > 10, "\(outcome)")
    }

    @Test func anyBitOfTheJournalAfterACleanStopLosesNothing() async throws {
        let original = try await closedStore()
        let bits = try #require(original[journalName]).count * 8
        var numbers = SeededNumbers(state: 2)
        let anywhere = (0..<40).map { _ in Int.random(in: 0..<bits, using: &numbers) }
        let outcome = try await flip(Array(0..<64) + anywhere, of: journalName, in: original)
        #expect(outcome.refused == 0, "\(outcome)")
    }

    @Test func aTransactionCutOffHalfWayIsRolledBackAndAnyBitOfItLosesNothingUnseen() async throws {
        let original = try await storeWithHotJournal()
        let bits = try #require(original[journalName]).count * 8
        var numbers = SeededNumbers(state: 3)
        let untouched = try await flip([], of: journalName, in: original, alsoUnflipped: true)
        #expect(untouched.opened == 1)
        let anywhere = (0..<120).map { _ in Int.random(in: 0..<bits, using: &numbers) }
        let outcome = try await flip(Array(0..<(28 * 8)) + anywhere, of: journalName, in: original)
        #expect(outcome.refused > 10, "\(outcome)")
    }

    private let acknowledged: [LogEntry] = (1...60).map { command($0, term: 3) }
    private let hardState = HardState(term: Term(3), votedFor: NodeID(5))

    /// The files of a store with 60 entries, some replaced on the way, so that pages were freed and used again.
    private func closedStore() async throws -> [String: Data] {
        let path = temporary.folder("original")
        let (store, _) = try openStore(path)
        try await store.append(1...90, term: 2)
        for index in UInt64(1)...60 { try await store.append(index...index, term: 3, vote: NodeID(5)) }
        try store.close()
        return try files(of: path)
    }

    /// The files as a killed process leaves them in the middle of a transaction whose pages already went into the store.
    private func storeWithHotJournal() async throws -> [String: Data] {
        _ = try await closedStore()
        let path = temporary.folder("original")
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; PRAGMA journal_mode = PERSIST")
        }
        let queue = try DatabaseQueue(path: path + "/" + storeName, configuration: configuration)
        let cutOff = try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "BEGIN IMMEDIATE; DELETE FROM log WHERE log_index > 20; UPDATE state SET term = 9")
            for index in 21...200 {
                try db.execute(sql: "INSERT INTO log VALUES (?, 9, 2, zeroblob(900), 7)", arguments: [index])
            }
            let cutOff = try files(of: path)
            try db.execute(sql: "ROLLBACK")
            return cutOff
        }
        try queue.close()
        #expect(try #require(cutOff[journalName]).first == 0xd9)
        return cutOff
    }

    private struct Outcome { var opened = 0, refused = 0 }

    private func flip(
        _ bits: [Int], of name: String, in original: [String: Data], alsoUnflipped: Bool = false
    ) async throws -> Outcome {
        var outcome = Outcome()
        for bit in bits.map(Optional.some) + (alsoUnflipped ? [nil] : []) {
            let path = temporary.folder("copy")
            var copy = original
            if let bit { copy[name]?[bit / 8] ^= 1 << UInt8(bit % 8) }
            try write(copy, to: path)
            if let (store, recovered) = openedStore(path) {
                outcome.opened += 1
                #expect(recovered.entries == acknowledged && recovered.hardState == hardState, "bit \(bit ?? -1) of \(name)")
                try await expectUsable(store, at: path, "bit \(bit ?? -1) of \(name)")
            } else {
                outcome.refused += 1
                if original[journalName]?.first == 0 {
                    // A journal that is over goes first when the store, found right, is opened for writing.
                    var found = try files(of: path)
                    found[journalName] = found[journalName] ?? copy[journalName]
                    let isUnchanged = found == copy
                    #expect(isUnchanged, "bit \(bit ?? -1) of \(name): refused, and changed")
                }
            }
            try FileManager.default.removeItem(atPath: path)
        }
        return outcome
    }

    private func openedStore(_ path: String) -> (LogStore, RecoveredStore)? {
        do { return try openStore(path) } catch { return nil }
    }

    /// A store that opens in spite of a flipped bit takes further entries and has them at the next start.
    private func expectUsable(_ store: LogStore, at path: String, _ comment: Comment) async throws {
        try await store.append(61...70, term: 4)
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(recovered.entries == acknowledged + (61...70).map { command($0, term: 4) }, comment)
        try again.close()
    }
}
