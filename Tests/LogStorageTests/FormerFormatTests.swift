import Foundation
import LogStorage
import RaftCore
import Testing

/// Stores that released builds made, kept as files: every later build opens them with everything in them.
///
/// `QUORUM_WRITE_FIXTURES=VERSION swift test …` writes one by the present build, once for each format.
@Suite struct FormerFormatTests {
    let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    @Test func aStoreOfTheFirstFormatOpensWithEverythingInIt() throws {
        let path = temporary.folder("a")
        try write([storeName: try FormerFormatTests.fixture("store-0.1.0.txt")], to: path)
        let (store, recovered) = try openStore(path)
        #expect(recovered.incarnation == NodeID(0xfeed_0000_0000_0001))
        #expect(recovered.clusterID == exampleMembership.clusterID)
        #expect(recovered.hardState == formerHardState)
        #expect(recovered.entries == formerEntries)
        #expect(!recovered.firstStart)
        try store.close()
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["QUORUM_WRITE_FIXTURES"] != nil))
    func thePresentBuildsStoreIsWrittenDown() async throws {
        let version = try #require(ProcessInfo.processInfo.environment["QUORUM_WRITE_FIXTURES"])
        let path = temporary.folder("a")
        let (store, _) = try openStore(path)
        let first = StorageWrite(number: WriteNumber(1), hardState: HardState(term: Term(1)), entries: Array(formerEntries[..<2]))
        try await store.write([first, storageWrite(3...30, term: 2)])
        let rest = Array(formerEntries[2...])
        try await store.write([StorageWrite(number: WriteNumber(2), hardState: formerHardState, entries: rest)])
        try store.close()
        let bytes = try #require(try files(of: path)[storeName])
        let text = bytes.base64EncodedString(options: .lineLength76Characters)
        try text.write(to: FormerFormatTests.url("store-\(version).txt"), atomically: true, encoding: .utf8)
    }

    static func fixture(_ name: String) throws -> Data {
        try #require(Data(base64Encoded: try Data(contentsOf: url(name)), options: .ignoreUnknownCharacters))
    }

    private static func url(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    }
}

/// What `store-0.1.0.txt` holds: 24 entries, the last 22 written over longer ones.
let formerEntries =
    [
        LogEntry(index: LogIndex(1), term: Term(1), content: .membership(exampleMembership)),
        LogEntry(index: LogIndex(2), term: Term(1), content: .noop),
    ] + (3...24).map { command($0, term: 3) }

let formerHardState = HardState(term: Term(4), votedFor: NodeID(5))
