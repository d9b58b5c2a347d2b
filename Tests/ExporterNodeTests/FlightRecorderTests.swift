import ClusterHealth
import Foundation
import Logging
import NIOConcurrencyHelpers
import NodeReplica
import RaftCore
import Testing

@testable import ExporterNode

/// The file that a node's recorder leaves.
@Suite struct FlightRecorderTests {
    @Test func whatWasRecordedReplays() throws {
        try inFolder { path in
            let (recorder, replica) = try recorder(path)
            feed(recorder, replica, count: 40)
            recorder.finish()
            let found = try replay(path)
            #expect(found.inputs == 41)
            #expect(found.difference == nil)
            #expect(found.end == .stopped)
        }
    }

    @Test func anotherBehaviourIsSeen() throws {
        try inFolder { path in
            var (recorder, replica) = try recorder(path)
            recorder.record(.start, at: moment(0))
            recorder.record(replica.start(at: moment(0)))
            recorder.record(RecordedInput(.proofRequested(ticket: 1)), at: moment(1))
            recorder.record([])
            recorder.finish()
            let difference = try #require(try replay(path).difference)
            #expect(difference.description == "input 2, effect 1: recorded was none, replayed is answerProof")
        }
    }

    @Test func theFileIsBoundedAndSaysSo() throws {
        try inFolder { path in
            let lines = LogLines()
            let (recorder, replica) = try recorder(path, maximumBytes: 10_000, lines)
            feed(recorder, replica, count: 5_000)
            recorder.finish()
            #expect(try Data(contentsOf: URL(filePath: path)).count <= 10_000)
            let found = try replay(path)
            #expect(found.end == .full)
            #expect(found.difference == nil)
            #expect(found.inputs > 20)
            #expect(lines.all.count { $0.contains("bound") } == 1)
        }
    }

    @Test func whatComesFasterThanItIsWrittenEndsTheRecording() throws {
        try inFolder { path in
            let lines = LogLines()
            let (recorder, replica) = try recorder(path, lines)
            recorder.queue.suspend()
            feed(recorder, replica, count: FlightRecorder.maximumWaiting)
            recorder.queue.resume()
            recorder.finish()
            let found = try replay(path)
            #expect(found.end == .dropped)
            #expect(found.difference == nil)
            #expect(found.inputs < FlightRecorder.maximumWaiting)
            #expect(lines.all.count { $0.contains("faster") } == 1)
        }
    }

    @Test func theFileOfTheProcessBeforeIsKept() throws {
        try inFolder { path in
            for count in [3, 5, 7] {
                let (recorder, replica) = try recorder(path)
                feed(recorder, replica, count: count)
                recorder.finish()
            }
            #expect(try replay(path).inputs == 8)
            #expect(try replay(path + ".previous").inputs == 6)
        }
    }

    @Test func aFileThatCannotBeMadeIsNamed() throws {
        try inFolder { path in
            let error = try #require(throws: RecordingFile.Failure.self) { _ = try recorder(path + "/none/file") }
            #expect(error.description.hasPrefix("--debug.record: \(path)/none/file: cannot be written: "))
        }
    }

    // MARK: Helpers

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "recording-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try body(folder.appending(path: "recording").path())
        try FileManager.default.removeItem(at: folder)
    }

    private func recorder(
        _ path: String, maximumBytes: Int = RecordingFile.usualMaximumBytes, _ lines: LogLines = LogLines()
    ) throws -> (FlightRecorder, Replica) {
        let configuration = ReplicaConfiguration(
            raft: try RaftConfiguration(heartbeatInterval: .milliseconds(100), electionTimeout: .seconds(1)), observer: .standard,
            rounds: .standard, verdict: VerdictSettings())
        let head = RecordingHead(
            programVersion: "test", id: NodeID(3), configuration: configuration, recovered: RecoveredState(), seed: 5, moment: moment(0))
        let logger = Logger(label: "test") { _ in lines }
        return (try FlightRecorder(path: path, head: head, maximumBytes: maximumBytes, logger: logger), try head.replica())
    }

    private func moment(_ milliseconds: Int) -> Moment {
        Moment(
            monotonic: MonotonicInstant(nanoseconds: Int64(milliseconds) * 1_000_000), wall: WallTime(milliseconds: Int64(milliseconds)))
    }

    private func feed(_ recorder: FlightRecorder, _ replica: Replica, count: Int) {
        var replica = replica
        recorder.record(.start, at: moment(0))
        recorder.record(replica.start(at: moment(0)))
        for number in 1...count {
            let input = ReplicaInput.proofRequested(ticket: UInt64(number))
            recorder.record(RecordedInput(input), at: moment(number))
            recorder.record(replica.handle(input, at: moment(number)))
        }
    }

    private func replay(_ path: String) throws -> (inputs: Int, difference: ReplayDifference?, end: RecordingEnd?) {
        var replay = try RecordingReplay([UInt8](try Data(contentsOf: URL(filePath: path))))
        var inputs = 0
        while let step = try replay.next() {
            switch step {
            case .input(let number, _, _, _): inputs = number
            case .effects: break
            case .difference(let difference): return (inputs, difference, nil)
            case .ended(let end): return (inputs, nil, end)
            }
        }
        return (inputs, nil, nil)
    }
}

/// Keeps what is logged.
private struct LogLines: LogHandler {
    private let lines = NIOLockedValueBox<[String]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    var all: [String] { lines.withLockedValue { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.withLockedValue { $0.append("\(event.message)") } }
}
