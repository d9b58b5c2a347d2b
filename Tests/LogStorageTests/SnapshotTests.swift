import LogStorage
import RaftCore
import Testing
import WireFormat

/// Snapshots in the store: taken here, so that the log begins later, or received, so that they replace it.
@Suite struct SnapshotTests {
    let temporary: TemporaryFolder
    let path: String

    init() throws {
        temporary = try TemporaryFolder()
        path = temporary.folder("a")
    }

    @Test(arguments: [0, 1, SnapshotRow.partBytes, SnapshotRow.partBytes + 1, 3 * SnapshotRow.partBytes - 1])
    func aSnapshotOfAnySizeComesBackAsItWas(count: Int) async throws {
        let (store, _) = try openStore(path)
        try await store.append(1...10, term: 2)
        let snapshot = snapshot(at: 8, term: 2, count: count)
        #expect(store.sizes().snapshotBytes == nil)
        try await store.write([snapshotWrite(snapshot, .keep(after: LogIndex(5)))])
        #expect(store.sizes().snapshotBytes == UInt64(count))
        #expect(store.sizes().logEntries == 5)
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(
            recovered.state
                == RecoveredState(
                    hardState: HardState(term: Term(2)), snapshot: snapshot, start: LogPosition(index: LogIndex(5), term: Term(2)),
                    entries: (6...10).map { command($0, term: 2) }))
        #expect(recovered.clusterID == exampleMembership.clusterID)
        #expect(recovered.membership == exampleMembership)
        #expect(again.sizes().snapshotBytes == UInt64(count))
        try again.close()
    }

    @Test func theLogGoesOnBehindWhatWasCompactedAndASecondSnapshotReplacesTheFirst() async throws {
        let (store, _) = try openStore(path)
        try await store.append(1...20, term: 1)
        try await store.write([snapshotWrite(snapshot(at: 12, term: 1, count: 600_000), .keep(after: LogIndex(12)))])
        try await store.append(18...25, term: 3)
        let second = snapshot(at: 20, term: 3, count: 10)
        try await store.write([snapshotWrite(second, .keep(after: LogIndex(17))), storageWrite(26...27, term: 4)])
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(recovered.state.snapshot == second)
        #expect(recovered.state.start == LogPosition(index: LogIndex(17), term: Term(1)))
        #expect(recovered.entries == (18...25).map { command($0, term: 3) } + (26...27).map { command($0, term: 4) })
        try again.close()
    }

    @Test func aReceivedSnapshotReplacesTheWholeLog() async throws {
        let (store, _) = try openStore(path)
        try await store.append(1...20, term: 1)
        let received = snapshot(at: 100, term: 5, count: 300_000)
        let write = StorageWrite(
            number: WriteNumber(9), hardState: HardState(term: Term(6)), snapshot: SnapshotWrite(snapshot: received, log: .replace),
            entries: (101...103).map { command($0, term: 6) })
        try await store.write([write])
        #expect(store.sizes().logEntries == 3)
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(recovered.state.snapshot == received)
        #expect(recovered.state.start == LogPosition(index: LogIndex(100), term: Term(5)))
        #expect(recovered.entries == (101...103).map { command($0, term: 6) })
        try again.close()
    }

    @Test func aNewNodesFirstWriteMayBeAReceivedSnapshot() async throws {
        let (store, _) = try openStore(path)
        let received = snapshot(at: 7, term: 2, count: 1)
        try await store.write([snapshotWrite(received, .replace, hardState: HardState(term: Term(2)))])
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(recovered.clusterID == exampleMembership.clusterID)
        #expect(recovered.state.snapshot == received)
        #expect(recovered.entries == [])
        try again.close()
    }

    @Test(arguments: [
        // Of an entry that is not stored, of another term, at or below the one stored, cutting beyond itself.
        (11, 2, SnapshotWrite.Log.keep(after: LogIndex(5))), (9, 1, .keep(after: LogIndex(5))), (6, 2, .keep(after: LogIndex(5))),
        (5, 2, .keep(after: LogIndex(5))), (8, 2, .keep(after: LogIndex(9))), (8, 2, .keep(after: LogIndex(3))), (6, 2, .replace),
    ])
    func anImpossibleSnapshotIsRefusedAndChangesNothing(index: UInt64, term: UInt64, log: SnapshotWrite.Log) async throws {
        let (store, _) = try openStore(path)
        try await store.append(1...10, term: 2)
        let first = snapshot(at: 6, term: 2, count: 5)
        try await store.write([snapshotWrite(first, .keep(after: LogIndex(4)))])
        let error = await #expect(throws: LogStorageError.self) {
            try await store.write([snapshotWrite(snapshot(at: index, term: term, count: 5), log)])
        }
        guard case .impossibleWrite? = error else {
            Issue.record("refused by \(String(describing: error))")
            return
        }
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(recovered.state.snapshot == first)
        #expect(recovered.entries == (5...10).map { command($0, term: 2) })
        try again.close()
    }

    @Test func entriesNeverReplaceWhatASnapshotCovers() async throws {
        let (store, _) = try openStore(path)
        try await store.append(1...10, term: 2)
        try await store.write([snapshotWrite(snapshot(at: 6, term: 2, count: 5), .keep(after: LogIndex(4)))])
        await #expect(throws: LogStorageError.self) { try await store.append(6...6, term: 3) }
        try store.close()
        let (again, recovered) = try openStore(path)
        #expect(recovered.entries == (5...10).map { command($0, term: 2) })
        try again.close()
    }
}

/// A snapshot whose bytes follow from its position.
func snapshot(at index: UInt64, term: UInt64, count: Int) -> Snapshot {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ Int(index)) }
    return Snapshot(
        position: LogPosition(index: LogIndex(index), term: Term(term)), membership: exampleMembership, membershipIndex: LogIndex(1),
        bytes: bytes)
}

func snapshotWrite(_ snapshot: Snapshot, _ log: SnapshotWrite.Log, hardState: HardState? = nil) -> StorageWrite {
    StorageWrite(
        number: WriteNumber(snapshot.position.index.rawValue), hardState: hardState, snapshot: SnapshotWrite(snapshot: snapshot, log: log))
}
