import Foundation
import LogStorage
import RaftCore
import Testing

@Suite struct LogStoreTests {
    let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    @Test func aNewStoreIsEmptyAndHasTheIdentityItWasGiven() throws {
        let (store, recovered) = try openStore(temporary.folder("deep/er"))
        #expect(recovered.firstStart)
        #expect(recovered.incarnation == NodeID(0xfeed_0000_0000_0001))
        #expect(recovered.clusterID == nil)
        #expect(recovered.hardState == HardState())
        #expect(recovered.entries == [])
        #expect(store.sizes().logEntries == 0)
        try store.close()
    }

    @Test func aRestartKeepsEverything() async throws {
        let path = temporary.folder("a")
        let (store, _) = try openStore(path)
        let membership = LogEntry(index: LogIndex(1), term: Term(1), content: .membership(exampleMembership))
        let noop = LogEntry(index: LogIndex(2), term: Term(1), content: .noop)
        try await store.write([StorageWrite(number: WriteNumber(1), hardState: HardState(term: Term(1)), entries: [membership, noop])])
        try await store.append(3...100, term: 7, vote: NodeID(.max))
        #expect(store.sizes().logEntries == 100)
        #expect(store.sizes().fileBytes > 20_000)
        try store.close()
        let (again, recovered) = try LogStore.open(path: path, cluster: "test", member: "a", incarnation: NodeID(99))
        #expect(!recovered.firstStart)
        #expect(recovered.incarnation == NodeID(0xfeed_0000_0000_0001))
        #expect(recovered.clusterID == exampleMembership.clusterID)
        #expect(recovered.hardState == HardState(term: Term(7), votedFor: NodeID(.max)))
        #expect(recovered.entries == [membership, noop] + (3...100).map { command($0, term: 7) })
        #expect(again.sizes().logEntries == 100)
        try again.close()
    }

    @Test func entriesReplaceTheLogFromTheirFirstIndexOn() async throws {
        let path = temporary.folder("a")
        let (store, _) = try openStore(path)
        try await store.append(1...10, term: 1)
        try await store.write([storageWrite(6...7, term: 2), storageWrite(7...9, term: 3)])
        try store.close()
        let expected = (1...5).map { command($0, term: 1) } + [command(6, term: 2)] + (7...9).map { command($0, term: 3) }
        let (second, recovered) = try openStore(path)
        #expect(recovered.entries == expected)
        try await second.append(1...1, term: 4)
        try second.close()
        let (third, replaced) = try openStore(path)
        #expect(replaced.entries == [command(1, term: 4)])
        try third.close()
    }

    @Test func aLaterWriteOfOneCallSeesTheEarlierOnes() async throws {
        let path = temporary.folder("a")
        let (store, _) = try openStore(path)
        let vote = StorageWrite(number: WriteNumber(2), hardState: HardState(term: Term(5), votedFor: NodeID(3)))
        try await store.write([storageWrite(1...2, term: 1), storageWrite(3...3, term: 2), vote])
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(recovered.entries == [command(1, term: 1), command(2, term: 1), command(3, term: 2)])
        #expect(recovered.hardState == HardState(term: Term(5), votedFor: NodeID(3)))
        try again.close()
    }

    @Test(arguments: [
        StorageWrite(number: WriteNumber(9), entries: [command(5, term: 2)]),
        StorageWrite(number: WriteNumber(9), entries: [command(4, term: 2), command(6, term: 2)]),
        StorageWrite(number: WriteNumber(9), entries: [command(4, term: 1)]),
        StorageWrite(number: WriteNumber(9), entries: [command(4, term: 3)]),
        StorageWrite(number: WriteNumber(9), entries: [command(0, term: 2)]),
        StorageWrite(number: WriteNumber(9), hardState: HardState(term: Term(1))),
        StorageWrite(number: WriteNumber(9), hardState: HardState(term: Term(2), votedFor: NodeID(8))),
    ])
    func aWriteThatCannotBeIsRefusedAsAWhole(_ impossible: StorageWrite) async throws {
        let path = temporary.folder("a")
        let (store, _) = try openStore(path)
        try await store.append(1...3, term: 2, vote: NodeID(7))
        let good = StorageWrite(number: WriteNumber(8), hardState: HardState(term: Term(2), votedFor: NodeID(7)))
        let error = await #expect(throws: LogStorageError.self) { try await store.write([good, impossible]) }
        guard case .impossibleWrite? = error else {
            Issue.record("refused by \(String(describing: error))")
            return
        }
        await #expect(throws: LogStorageError.self) { try await store.append(4...4, term: 2) }
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(recovered.entries == (1...3).map { command($0, term: 2) })
        #expect(recovered.hardState == HardState(term: Term(2), votedFor: NodeID(7)))
        try again.close()
    }

    @Test func writesAfterTheCloseFail() async throws {
        let (store, _) = try openStore(temporary.folder("a"))
        try store.close()
        await #expect(throws: LogStorageError.closed(file: temporary.folder("a") + "/" + storeName)) {
            try await store.append(1...1, term: 1)
        }
    }

    @Test func writesUnderWayAtTheCloseAreDurable() async throws {
        let path = temporary.folder("a")
        let (store, _) = try openStore(path)
        for index in UInt64(1)...20 { store.write([storageWrite(index...index, term: 1)]) { _ in } }
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(recovered.entries.count == 20)
        try again.close()
    }

    @Test func aSecondOpeningOfTheFolderIsRefusedWhileTheFirstLasts() throws {
        let path = temporary.folder("a")
        let (store, _) = try openStore(path)
        #expect(throws: LogStorageError.locked(folder: path)) { _ = try openStore(path) }
        try store.close()
        let (again, _) = try openStore(path)
        try again.close()
    }
}
