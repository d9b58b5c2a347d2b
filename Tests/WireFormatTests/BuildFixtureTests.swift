import ClusterHealth
import Foundation
import RaftCore
import Testing
import WireFormat

/// Bytes that released builds wrote, kept as files: every later build reads them as what they were. A cluster runs two versions while it is
/// upgraded, and a log outlives the program that wrote it.
///
/// `QUORUM_WRITE_FIXTURES=VERSION swift test …` writes those of the present build, once for a release; what they stand for is in
/// `FixtureExamples`.
@Suite struct BuildFixtureTests {
    @Test(arguments: FixtureExamples.versions)
    func `Frames of an older build are read as what they were`(version: String) throws {
        let lines = try fixture("frames-\(version).txt")
        let frames = FixtureExamples.frames(version)
        try #require(lines.count == frames.count)
        for (line, frame) in zip(lines, frames) { #expect(try FrameCoding.decode(line) == frame) }
    }

    @Test(arguments: FixtureExamples.versions)
    func `Frames that an older build knows are written as it wrote them`(version: String) throws {
        for (line, frame) in zip(try fixture("frames-\(version).txt"), FixtureExamples.frames(version)) {
            #expect(FrameCoding.encode(frame) == line)
        }
    }

    @Test(arguments: FixtureExamples.versions)
    func `Entries of an older build are read, and written again as the same bytes`(version: String) throws {
        let lines = try fixture("entries-\(version).txt")
        let contents = FixtureExamples.contents(version)
        try #require(lines.count == contents.count)
        for (line, content) in zip(lines, contents) {
            let kind = try #require(EntryCoding.Kind(rawValue: line[0]))
            #expect(try EntryCoding.decode(kind, Array(line[1...])) == content)
            #expect(bytes(of: content) == line)
        }
    }

    @Test(arguments: FixtureExamples.versions)
    func `The rounds in an older build's commands are read as what they were`(version: String) throws {
        let rounds = FixtureExamples.rounds(version)
        let commands = FixtureExamples.contents(version).compactMap { content -> [UInt8]? in
            guard case .command(let bytes) = content else { return nil }
            return bytes
        }
        try #require(rounds.count == commands.count)
        for (command, round) in zip(commands, rounds) {
            #expect(try HealthRoundCoding.decode(command) == round)
            #expect(HealthRoundCoding.encode(round) == command)
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["QUORUM_WRITE_FIXTURES"] != nil))
    func `The present build's bytes are written down`() throws {
        let version = try #require(ProcessInfo.processInfo.environment["QUORUM_WRITE_FIXTURES"])
        try write(FixtureExamples.frames(version).map(FrameCoding.encode), "frames-\(version).txt")
        try write(FixtureExamples.contents(version).map(bytes(of:)), "entries-\(version).txt")
    }

    /// The kind's number, then the bytes, as they are in the columns of a row.
    private func bytes(of content: LogEntry.Content) -> [UInt8] {
        let (kind, bytes) = EntryCoding.encode(content)
        return [kind.rawValue] + bytes
    }

    private func fixture(_ name: String) throws -> [[UInt8]] {
        try String(contentsOf: url(name), encoding: .utf8).split(separator: "\n").map { line in
            [UInt8](try #require(Data(base64Encoded: String(line)), "\(name): \(line)"))
        }
    }

    private func write(_ lines: [[UInt8]], _ name: String) throws {
        let text = lines.map { Data($0).base64EncodedString() + "\n" }.joined()
        try text.write(to: url(name), atomically: true, encoding: .utf8)
    }

    private func url(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    }
}
