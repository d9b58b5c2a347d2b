import ClusterHealth
import ClusterSimulator
import NodeReplica
import Synchronization
import Testing

/// What a simulated node recorded replays to the letter.
@Suite struct RecordingTests {
    /// Leaders, followers, snapshots and proofs must have been among them: seeds are run until they were.
    @Test func everyProcessOfANodeReplaysToTheLetter() throws {
        var missing: Set = ["write", "send", "setDeadline", "answerProof", "publish", "connect", "log", "transition", "encodeSnapshot"]
        for seed in UInt64(1)...30 where seed <= 4 || !missing.isEmpty {
            let recordings = try RecordingTests.recordings(seed: seed, events: 3_000)
            #expect(!recordings.isEmpty)
            for (boot, bytes) in recordings.enumerated() {
                let replayed = try RecordingTests.replay(bytes)
                #expect(replayed.differences.isEmpty, "seed \(seed), process \(boot + 1)")
                #expect(replayed.inputs > 0)
                missing.subtract(replayed.kinds)
            }
        }
        #expect(missing.isEmpty)
    }

    @Test func aRecordingDoesNotChangeTheRun() throws {
        var request = RunRequest(seed: 2, events: 2_000)
        let plain = try simulate(request)
        request.recording = RecordingRequest(machine: "m0") { _, _ in }
        #expect(try simulate(request) == plain)
    }

    /// Only a process that waited out a timeout has drawn a number: one of them must have.
    @Test func anotherSeedOfTheReplicaIsADifferenceWithItsPlace() throws {
        let recordings = try (UInt64(1)...4).flatMap { try RecordingTests.recordings(seed: $0, events: 2_000) }
        var first: ReplayDifference?
        for bytes in recordings where first == nil {
            first = try RecordingTests.replay(try RecordingTests.changed(bytes) { head in head.seed += 1 }).differences.first
        }
        let difference = try #require(first)
        guard case .effect(let number, let position, let recorded, let replayed) = difference else {
            Issue.record("\(difference)")
            return
        }
        #expect(number >= 1 && position >= 1)
        #expect(recorded != nil || replayed != nil)
        #expect(difference.description.hasPrefix("input \(number), effect \(position): "))
    }

    @Test func anotherSettingIsADifference() throws {
        let bytes = try RecordingTests.longRecording()
        let found = try RecordingTests.replay(
            try RecordingTests.changed(bytes) { head in
                let old = head.configuration
                head.configuration = ReplicaConfiguration(
                    raft: old.raft, observer: .standard, rounds: old.rounds, verdict: old.verdict)
            })
        #expect(!found.differences.isEmpty)
    }

    // MARK: Helpers

    /// What the first machine's processes recorded, one recording a process.
    static func recordings(seed: UInt64, events: Int) throws -> [[UInt8]] {
        let files = Mutex<[[UInt8]]>([])
        var request = RunRequest(seed: seed, events: events)
        request.recording = RecordingRequest(machine: "m0") { boot, bytes in
            files.withLock { files in
                while files.count < Int(boot) { files.append([]) }
                files[Int(boot) - 1] += bytes
            }
        }
        #expect(try simulate(request).violation == nil)
        return files.withLock { $0 }
    }

    /// Of a process that lived long enough to campaign.
    static func longRecording() throws -> [UInt8] {
        try #require(try (UInt64(1)...4).flatMap { try recordings(seed: $0, events: 2_000) }.max { $0.count < $1.count })
    }

    struct Replayed {
        var inputs = 0
        var differences: [ReplayDifference] = []
        var kinds = Set<String>()
        var end: RecordingEnd?
    }

    /// To its end, or to the first difference.
    static func replay(_ bytes: [UInt8]) throws -> Replayed {
        var replay = try RecordingReplay(bytes)
        var replayed = Replayed()
        while let step = try replay.next() {
            switch step {
            case .input: replayed.inputs += 1
            case .effects(_, let effects): for effect in effects { replayed.kinds.insert("\(EffectMark.Kind(effect))") }
            case .difference(let difference):
                replayed.differences.append(difference)
                return replayed
            case .ended(let end): replayed.end = end
            }
        }
        return replayed
    }

    /// The same inputs behind another head.
    static func changed(_ bytes: [UInt8], _ change: (inout RecordingHead) -> Void) throws -> [UInt8] {
        var replay = try RecordingReplay(bytes)
        var head = replay.head
        change(&head)
        var encoder = RecordingEncoder()
        var result = encoder.begin(head)
        while let step = try replay.next() {
            switch step {
            case .input(_, _, let input, let moment): result += encoder.input(input, at: moment)
            case .effects(_, let effects): encoder.effects(effects)
            case .difference, .ended: break
            }
        }
        return result
    }
}
