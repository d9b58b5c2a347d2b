import Foundation
import LogStorage
import RaftCore
import Testing
import WireFormat

/// A real process is killed while it stores a snapshot and cuts the log: the store has the old one with its log, or the new one with its.
@Suite struct KilledWhileCompactingTests {
    let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    @Test func aCompactionIsThereAsAWholeOrNotAtAll() async throws {
        let path = temporary.folder("a")
        let notes = temporary.folder("notes")
        #expect(FileManager.default.createFile(atPath: notes, contents: nil))
        var killedAmid = 0
        var compactions: UInt64 = 0
        for round in UInt64(1)...8 {
            let killAfter = round * 7_001 % 40_000
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, notes = notes as String, killAfter = killAfter as UInt64] in
                try await compactUntilKilled(path, notes: notes, killAfterMicroseconds: killAfter)
            }
            let lines = try String(contentsOfFile: notes, encoding: .utf8).split(separator: "\n")
            let done = lines.last { $0.hasPrefix("done ") }.flatMap { UInt64($0.dropFirst("done ".count)) } ?? 0
            let isAmid = lines.last?.hasPrefix("begins ") == true
            if isAmid { killedAmid += 1 }
            let (store, recovered) = try openStore(path)
            let number = (recovered.state.snapshot?.position.index.rawValue ?? 0) / entriesEach
            #expect(number == done || (isAmid && number == done + 1), "\(number) is stored, \(done) was acknowledged")
            if number > 0 { #expect(recovered.state == compacted(number, upTo: recovered.entries.last)) }
            compactions = number
            try store.close()
        }
        #expect(killedAmid > 2, "killed amid \(killedAmid) compactions")
        #expect(compactions > 4)
    }
}

private let entriesEach: UInt64 = 20

/// What the store holds after so many compactions; entries behind the last one may be stored already.
private func compacted(_ number: UInt64, upTo last: LogEntry?) -> RecoveredState {
    let end = number * entriesEach
    return RecoveredState(
        hardState: HardState(term: Term(1)), snapshot: snapshot(at: end, term: 1, count: 1 << 19),
        start: LogPosition(index: LogIndex(end - 5), term: Term(1)),
        entries: (end - 4...max(end, last?.index.rawValue ?? 0)).map { command($0, term: 1) })
}

/// Appends and compacts for ever, and notes when each compaction begins and when it is durable.
private func compactUntilKilled(_ path: String, notes: String, killAfterMicroseconds: UInt64) async throws {
    let (store, recovered) = try openStore(path)
    let file = try #require(FileHandle(forWritingAtPath: notes))
    try file.seekToEnd()
    var number = (recovered.state.snapshot?.position.index.rawValue ?? 0) / entriesEach
    // Before this process every write was looked at: what is stored counts as acknowledged.
    try file.write(contentsOf: Data("done \(number)\n".utf8))
    let last = number + 1 + killAfterMicroseconds % 3
    while true {
        number += 1
        let end = number * entriesEach
        let stored = recovered.entries.last?.index.rawValue ?? 0
        if end > stored { try await store.append(max(stored, end - entriesEach) + 1...end, term: 1) }
        let taken = snapshotWrite(snapshot(at: end, term: 1, count: 1 << 19), .keep(after: LogIndex(end - 5)))
        try file.write(contentsOf: Data("begins \(number)\n".utf8))
        if number == last { killAfter(killAfterMicroseconds) }
        try await store.write([taken])
        try file.write(contentsOf: Data("done \(number)\n".utf8))
    }
}

private func killAfter(_ microseconds: UInt64) {
    let killer = Thread {
        usleep(UInt32(microseconds))
        kill(getpid(), SIGKILL)
    }
    killer.start()
}
