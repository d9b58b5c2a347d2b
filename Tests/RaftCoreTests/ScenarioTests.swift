import Foundation
import Testing

@testable import RaftCore

/// The scenarios in `Scenarios`, each with everything that every node does, as text.
///
/// `RECORD_SCENARIOS=1` (`make scenarios`) writes the transcripts anew, for a diff to be read.
@Suite struct ScenarioTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Scenarios")
    private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SCENARIOS"] == "1"

    /// The scenarios' names, without their ending.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
            .map { String($0.dropLast(4)) }.sorted()
    }

    @Test(arguments: try names())
    func scenario(name: String) throws {
        let url = Self.folder.appending(path: name + ".txt")
        let text = try ScenarioText(String(contentsOf: url, encoding: .utf8))
        #expect(!text.commands.isEmpty, "\(name) does nothing")
        #expect(text.heading.contains { !$0.isEmpty }, "\(name) does not say what it shows")
        var world = ScenarioWorld()
        var transcripts: [[String]] = []
        defer { if Self.isRecording { write(text.recorded(transcripts), to: url) } }
        for command in text.commands {
            let transcript: [String]
            do {
                transcript = try world.perform(command.text)
            } catch {
                return record(error.what, name: name, line: command.line)
            }
            transcripts.append(transcript)
            if !world.cluster.checker.violations.isEmpty {
                return record(world.cluster.checker.violations.joined(separator: "\n"), name: name, line: command.line)
            }
            if !Self.isRecording, let difference = TranscriptDifference(expected: command.transcript, found: transcript) {
                return record("> \(command.text)\n\(difference.text)", name: name, line: command.line + 1 + difference.agreed)
            }
        }
    }

    private func write(_ text: String, to url: URL) {
        do { try Data(text.utf8).write(to: url) } catch { Issue.record("\(url.lastPathComponent) cannot be written: \(error)") }
    }

    private func record(_ what: String, name: String, line: Int) {
        let path = "Tests/RaftCoreTests/Scenarios/\(name).txt"
        Issue.record(
            "\(path):\(line): \(what)",
            sourceLocation: SourceLocation(
                fileID: "RaftCoreTests/Scenarios/\(name).txt", filePath: Self.folder.path + "/\(name).txt", line: line, column: 1))
    }
}

/// The instrument itself: that it sees a difference, and that it refuses what makes no sense.
@Suite struct ScenarioInstrumentTests {
    private let text = "# What it shows.\n\n> nodes 1\n  = one\n  = two\n# Then.\n> state\nn1 here\n"

    @Test func aFileComesBackAsItWasWithItsOwnTranscripts() throws {
        let scenario = try ScenarioText(text)
        #expect(scenario.commands.map(\.line) == [3, 7])
        #expect(scenario.heading == ["What it shows.", ""])
        #expect(scenario.recorded(scenario.commands.map(\.transcript)) == text)
        #expect(scenario.recorded([["a"], []]) == "# What it shows.\n\n> nodes 1\na\n# Then.\n> state\n")
        #expect(throws: ScenarioMistake(line: 2, what: "a transcript that follows no command")) { try ScenarioText("# a\nb\n") }
    }

    @Test func aDifferenceIsShownWithItsSurroundings() {
        #expect(TranscriptDifference(expected: ["a", "b"], found: ["a", "b"]) == nil)
        let changed = TranscriptDifference(expected: ["a", "b", "c"], found: ["a", "x", "y", "c"])
        #expect(changed?.agreed == 1)
        #expect(changed?.text == "  a\n- b\n+ x\n+ y\n  c")
        #expect(TranscriptDifference(expected: ["a"], found: ["a", "b"])?.text == "  a\n+ b")
        #expect(TranscriptDifference(expected: ["a", "a"], found: ["a"])?.text == "  a\n- a")
    }

    @Test(arguments: [
        "dance", "deliver", "campaign", "campaign 9", "campaign one", "propose 1", "propose 9 a", "tick 1 soon", "state now", "crash 9",
        "drop 1>2 letters", "written 1", "nodes 3 colour=red", "cut 1", "connected 1", "restore 1 terms=x", "status 2", "disk 1 fast",
    ])
    func whatMakesNoSenseIsRefused(command: String) throws {
        var world = ScenarioWorld()
        _ = try world.perform("nodes 3")
        #expect(throws: ScenarioWords.Mistake.self) { try world.perform(command) }
    }

    @Test func aBrokenInvariantIsInTheTranscript() throws {
        var world = ScenarioWorld()
        _ = try world.perform("nodes 3")
        // Two disks that say they committed to different logs: the first append to either is seen.
        _ = try world.perform("campaign 1")
        world.cluster.checker.noteFacts([.becameLeader(term: Term(2))], of: world.cluster.hosts[1])
        let transcript = try world.perform("settle")
        #expect(transcript.contains { $0.hasPrefix("VIOLATION") })
    }
}
