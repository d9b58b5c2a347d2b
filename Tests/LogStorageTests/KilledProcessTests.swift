import Foundation
import LogStorage
import RaftCore
import Testing

/// A real process is killed while it writes: what it had acknowledged is there.
@Suite struct KilledProcessTests {
    let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    @Test func everyAcknowledgedEntrySurvivesAKillAtAnyMoment() async throws {
        let path = temporary.folder("a")
        let acknowledgements = temporary.folder("acknowledged")
        var last: UInt64 = 0
        for round in UInt64(1)...8 {
            let killAfter = round * 17_000 % 90_000 + 5_000
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [
                    path = path as String, acknowledgements = acknowledgements as String, round = round as UInt64,
                    killAfter = killAfter as UInt64
                ] in
                try await writeUntilKilled(path, acknowledgements: acknowledgements, term: round, killAfterMicroseconds: killAfter)
            }
            let acknowledged = try lastAcknowledged(acknowledgements)
            let (store, recovered) = try openStore(path)
            let end = recovered.entries.last?.index.rawValue ?? 0
            // What the round before had stored unacknowledged counts too; a slow round may be killed before its first write.
            let expected = max(acknowledged, last)
            #expect(end >= expected, "round \(round): \(end) stored, \(acknowledged) acknowledged, \(last) before")
            #expect(end <= expected + 2, "one write of at most two entries may be stored and not yet acknowledged")
            #expect(recovered.entries.allSatisfy { $0 == command($0.index.rawValue, term: $0.term.rawValue) })
            try store.close()
            last = end
        }
        #expect(last > 8)
    }

    private func lastAcknowledged(_ file: String) throws -> UInt64 {
        guard FileManager.default.fileExists(atPath: file) else { return 0 }
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        guard let last = lines.last else { return 0 }
        return try #require(UInt64(last))
    }
}

/// Appends one or two entries at a time for ever, and notes each write's last index once it is durable.
private func writeUntilKilled(_ path: String, acknowledgements: String, term: UInt64, killAfterMicroseconds: UInt64) async throws {
    let (store, recovered) = try openStore(path)
    if !FileManager.default.fileExists(atPath: acknowledgements) {
        #expect(FileManager.default.createFile(atPath: acknowledgements, contents: nil))
    }
    let notes = try #require(FileHandle(forWritingAtPath: acknowledgements))
    try notes.seekToEnd()
    let killer = Thread {
        usleep(UInt32(killAfterMicroseconds))
        kill(getpid(), SIGKILL)
    }
    killer.start()
    var next = (recovered.entries.last?.index.rawValue ?? 0) + 1
    while true {
        let last = next + next % 2
        try await store.append(next...last, term: term)
        try notes.write(contentsOf: Data("\(last)\n".utf8))
        next = last + 1
    }
}
