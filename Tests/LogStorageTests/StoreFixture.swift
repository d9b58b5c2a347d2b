import Foundation
import LogStorage
import RaftCore
import Testing

/// A folder of its own for one test, removed with it.
final class TemporaryFolder: Sendable {
    let path: String

    /// - Parameter inMemory: on a disk in memory, where there is one: for tests that open thousands of stores and cut no power.
    init(inMemory: Bool = false) throws {
        let memory = "/dev/shm"
        let isThere = inMemory && FileManager.default.isWritableFile(atPath: memory)
        let parent = isThere ? memory : FileManager.default.temporaryDirectory.path
        path = parent + "/log-storage-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
    }

    /// A fresh folder beside the others.
    func folder(_ name: String) -> String { path + "/" + name }
}

let storeName = "quorum.sqlite"
let journalName = "quorum.sqlite-journal"

/// Opens the store of the member "a" of the cluster "test".
func openStore(_ path: String, cluster: String = "test", member: String = "a") throws(LogStorageError) -> (LogStore, RecoveredStore) {
    try LogStore.open(path: path, cluster: cluster, member: member, incarnation: NodeID(0xfeed_0000_0000_0001))
}

/// How an opening was refused; nil, and an issue, when it was not.
func refusal(_ path: String) -> LogStorageError? {
    do {
        _ = try openStore(path)
        Issue.record("\(path) was opened")
        return nil
    } catch {
        return error
    }
}

extension LogStore {
    /// Writes and waits until it is durable.
    func write(_ writes: [StorageWrite]) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            write(writes) { result in done.resume(with: result.map { _ in }) }
        }
    }

    /// Appends commands of a term, with that term as hard state.
    func append(_ indices: ClosedRange<UInt64>, term: UInt64, vote: NodeID? = nil) async throws {
        try await write([storageWrite(indices, term: term, vote: vote)])
    }
}

func storageWrite(_ indices: ClosedRange<UInt64>, term: UInt64, vote: NodeID? = nil) -> StorageWrite {
    StorageWrite(
        number: WriteNumber(indices.upperBound), hardState: HardState(term: Term(term), votedFor: vote),
        entries: indices.map { command($0, term: term) })
}

/// An entry whose bytes follow from its position, of a length that varies from 0 to 600.
func command(_ index: UInt64, term: UInt64) -> LogEntry {
    let count = Int(index * 37 % 601)
    let bytes = (0..<UInt64(count)).map { UInt8(truncatingIfNeeded: ($0 &+ index) &* 31 ^ term) }
    return LogEntry(index: LogIndex(index), term: Term(term), content: .command(bytes))
}

let exampleMembership = Membership(
    clusterID: ClusterID(high: 1, low: 2),
    members: [
        Membership.Member(id: NodeID(1), name: "a", role: .voter, address: "127.0.0.1:1", webURL: "http://a"),
        Membership.Member(id: NodeID(2), name: "b", role: .learner, address: "127.0.0.1:2", webURL: "http://b"),
    ])

/// The bytes of every file of a folder, by name.
func files(of path: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
        files[name] = try Data(contentsOf: URL(filePath: path + "/" + name))
    }
    return files
}

/// Makes a folder of these files.
func write(_ files: [String: Data], to path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, data) in files { try data.write(to: URL(filePath: path + "/" + name)) }
}

/// Random numbers that are the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
