import ClusterHealth
import RaftCore
import Testing

@testable import NodeReplica

/// A damaged recording is refused with the place; it never gives other records, and never traps.
@Suite struct RecordingDamageTests {
    @Test func everyFlippedBitIsFound() throws {
        let recording = try RecordingDamageTests.recording()
        for position in recording.bytes.indices {
            var damaged = recording.bytes
            damaged[position] ^= 1 << UInt8(position % 8)
            let found = RecordingDamageTests.read(damaged)
            let problem = try #require(found.problem, "byte \(position)")
            #expect(problem.offset == recording.start(ofRecordAt: position), "byte \(position): \(problem)")
        }
    }

    @Test func aFileCutAnywhereGivesTheWholeRecordsBeforeTheCut() throws {
        let recording = try RecordingDamageTests.recording()
        for count in recording.bytes.indices {
            let found = RecordingDamageTests.read(Array(recording.bytes[..<count]))
            #expect(found.records == recording.starts.dropFirst().count { $0 <= count }, "cut to \(count)")
            let isBetweenRecords = recording.starts.contains(count)
            #expect((found.problem == nil) == isBetweenRecords, "cut to \(count): \(found)")
            if count >= 8, !isBetweenRecords { #expect(found.problem?.problem == .cutOff) }
        }
    }

    @Test func recordsInAnotherOrderAreRefused() throws {
        let recording = try RecordingDamageTests.recording()
        let (second, third, fourth) = (recording.starts[1], recording.starts[2], recording.starts[3])
        let bytes = recording.bytes
        for swapped in [
            bytes[..<second] + bytes[third..<fourth] + bytes[second..<third] + bytes[fourth...], bytes[..<second] + bytes[third...],
            bytes[..<third] + bytes[second...],
        ] {
            #expect(RecordingDamageTests.read(Array(swapped)).problem?.problem == .checksum)
        }
    }

    @Test func aLaterFormatIsRefusedByNumber() throws {
        var bytes = try RecordingDamageTests.recording().bytes
        bytes[6] = 2
        let problem = RecordingDamageTests.read(bytes).problem
        #expect(problem?.description == "byte 6: format 2, where this version reads up to 1")
    }

    @Test func nothingFollowsTheEnd() throws {
        var encoder = RecordingEncoder()
        let bytes =
            encoder.begin(try RecordingDamageTests.head()) + encoder.end(.dropped)
            + encoder.input(.start, at: RecordingDamageTests.moment(1))
        #expect(RecordingDamageTests.read(bytes).problem?.problem == .behindTheEnd)
    }

    @Test func aRecordingBeginsWithItsHead() throws {
        var encoder = RecordingEncoder()
        let start = encoder.begin(try RecordingDamageTests.head())[..<8]
        var headless = RecordingEncoder()
        #expect(
            RecordingDamageTests.read(start + headless.input(.start, at: RecordingDamageTests.moment(1))).problem?.problem == .misplacedHead
        )
        #expect(RecordingDamageTests.read([]).problem?.problem == .notARecording)
        #expect(RecordingDamageTests.read(Array("something else".utf8)).problem?.problem == .notARecording)
    }

    @Test func theHeadHoldsEverythingTheReplicaBeganWith() throws {
        var limits = RaftConfiguration.Limits()
        for (position, path) in RaftConfiguration.Limits.recorded.enumerated() { limits[keyPath: path] += position + 1 }
        #expect(Mirror(reflecting: limits).children.count == RaftConfiguration.Limits.recorded.count)
        var head = try RecordingDamageTests.head(limits: limits)
        let membership = RecordedInputTests.membership
        let snapshot = Snapshot(
            position: LogPosition(index: LogIndex(4), term: Term(2)), membership: membership, membershipIndex: LogIndex(1), bytes: [9, 9])
        let entries = [
            LogEntry(index: LogIndex(3), term: Term(1), content: .noop),
            LogEntry(index: LogIndex(4), term: Term(2), content: .command([5])),
            LogEntry(index: LogIndex(5), term: Term(3), content: .membership(membership)),
        ]
        head.recovered = RecoveredState(
            hardState: HardState(term: Term(3), votedFor: NodeID(1)), snapshot: snapshot,
            start: LogPosition(index: LogIndex(2), term: Term(1)), entries: entries)
        var encoder = RecordingEncoder()
        var reader = try RecordingReader(encoder.begin(head))
        guard case .head(let read) = try reader.next() else {
            Issue.record("no head")
            return
        }
        #expect(read == head)
    }

    // MARK: Helpers

    struct Recording {
        var bytes: [UInt8]
        /// Where each record begins, and the last one ends.
        var starts: [Int]

        func start(ofRecordAt position: Int) -> Int {
            position < 6 ? 0 : position < 8 ? 6 : starts.last { $0 <= position } ?? 0
        }
    }

    static func moment(_ milliseconds: Int64) -> Moment {
        Moment(monotonic: MonotonicInstant(nanoseconds: milliseconds * 1_000_000), wall: WallTime(milliseconds: 1_700_000 + milliseconds))
    }

    static func head(limits: RaftConfiguration.Limits = RaftConfiguration.Limits()) throws -> RecordingHead {
        let configuration = ReplicaConfiguration(
            raft: try RaftConfiguration(heartbeatInterval: .milliseconds(100), electionTimeout: .seconds(1), limits: limits),
            observer: .standard, rounds: .standard, verdict: VerdictSettings())
        return RecordingHead(
            programVersion: "1.2", id: NodeID(3), configuration: configuration, recovered: RecoveredState(), seed: 42, moment: moment(0))
    }

    /// A node that founds a cluster of itself, leads it and is scraped.
    static func recording() throws -> Recording {
        let head = try head()
        var encoder = RecordingEncoder()
        var replica = try head.replica()
        var recording = Recording(bytes: encoder.begin(head), starts: [8])
        recording.starts.append(recording.bytes.count)
        func take(_ input: RecordedInput, _ milliseconds: Int64) -> [ReplicaEffect] {
            recording.bytes += encoder.input(input, at: moment(milliseconds))
            recording.starts.append(recording.bytes.count)
            var effects: [ReplicaEffect] = []
            if case .input(let input) = input {
                effects = replica.handle(input, at: moment(milliseconds))
            } else {
                effects = replica.start(at: moment(milliseconds))
            }
            encoder.effects(effects)
            return effects
        }
        var due = take(.start, 0) + take(.input(.bootstrap(RecordedInputTests.membership)), 1)
        for milliseconds in Int64(2)..<8 {
            var next: [ReplicaEffect] = []
            for case .write(let batch) in due { next += take(.input(.written(batch.number, duration: .microseconds(70))), milliseconds) }
            due = next + take(.input(.proofRequested(ticket: UInt64(milliseconds))), milliseconds)
        }
        recording.bytes += encoder.end(.stopped)
        recording.starts.append(recording.bytes.count)
        return recording
    }

    /// How many records can be read, and what stops that.
    static func read(_ bytes: [UInt8]) -> (records: Int, problem: RecordingError?) {
        var records = 0
        do throws(RecordingError) {
            var reader = try RecordingReader(bytes)
            while try reader.next() != nil { records += 1 }
            return (records, nil)
        } catch {
            return (records, error)
        }
    }
}
