import ClusterHealth
import RaftCore
import Testing

@testable import NodeReplica

/// What is recorded of an input is all of it.
@Suite struct RecordedInputTests {
    @Test(arguments: RecordedInputTests.examples.indices)
    func everyInputSurvives(_ number: Int) throws {
        let input = RecordedInput(RecordedInputTests.examples[number])
        var bytes = RecordingBytes()
        input.write(to: &bytes)
        var cursor = RecordingCursor(bytes.bytes, bytes.bytes.indices)
        let read = try RecordedInput(from: &cursor)
        try cursor.finish("input")
        #expect("\(read)" == "\(input)")
    }

    @Test func everyKindIsAmongTheExamples() {
        let kinds = RecordedInputTests.examples.map { "\($0)".prefix { $0 != "(" } }
        #expect(Set(kinds).count == 16)
    }

    @Test func aSnapshotIsRecordedByItsChecksum() {
        let snapshot = Snapshot(
            position: LogPosition(index: LogIndex(9), term: Term(2)), membership: RecordedInputTests.membership,
            membershipIndex: LogIndex(1),
            bytes: [1, 2, 3])
        guard case .snapshotEncoded(let checksum) = RecordedInput(.snapshotEncoded(snapshot)) else {
            Issue.record("recorded as something else")
            return
        }
        #expect(checksum == snapshot.checksum)
    }

    @Test func aTruncatedInputIsRefused() throws {
        for example in RecordedInputTests.examples {
            var bytes = RecordingBytes()
            RecordedInput(example).write(to: &bytes)
            for count in 0..<bytes.bytes.count {
                #expect(throws: RecordingProblem.self, "\(example) cut to \(count)") {
                    var cursor = RecordingCursor(bytes.bytes, 0..<count)
                    _ = try RecordedInput(from: &cursor)
                    try cursor.finish("input")
                }
            }
        }
    }

    @Test(arguments: [
        Duration.zero, .nanoseconds(1), .seconds(-3), .milliseconds(1_500), Duration(secondsComponent: 7, attosecondsComponent: 5),
    ])
    func durationsSurvive(_ duration: Duration) throws {
        var bytes = RecordingBytes()
        bytes.add(duration)
        var cursor = RecordingCursor(bytes.bytes, bytes.bytes.indices)
        #expect(try cursor.duration("duration") == duration)
    }

    @Test(arguments: [0, 1, 127, 128, 1 << 63, .max] as [UInt64])
    func numbersSurvive(_ number: UInt64) throws {
        var bytes = RecordingBytes()
        bytes.add(number)
        bytes.add(signed: Int64(bitPattern: number))
        bytes.add(fixed: number)
        var cursor = RecordingCursor(bytes.bytes, bytes.bytes.indices)
        #expect(try cursor.number("number") == number)
        #expect(try cursor.signed("number") == Int64(bitPattern: number))
        #expect(try cursor.fixed("number") == number)
    }

    @Test func aNumberBeyondSixtyFourBitsIsRefused() {
        for last in [2, 0x7F, 0x80] as [UInt8] {
            let bytes = Array(repeating: UInt8(0xFF), count: 9) + [last, 0]
            var cursor = RecordingCursor(bytes, bytes.indices)
            #expect(throws: RecordingProblem.malformed("number")) { try cursor.number("number") }
        }
    }

    static let membership = Membership(
        clusterID: ClusterID(high: 1, low: 2),
        members: [Membership.Member(id: NodeID(3), name: "a", role: .voter, address: "a:1", webURL: "http://a:2")])

    static let examples: [ReplicaInput] = {
        let member = Membership.Member(id: NodeID(7), name: "c", role: .learner, address: "c:1", webURL: "http://c:2", extra: [0x78, 1])
        let command = LogEntry(index: LogIndex(5), term: Term(2), content: .command([1, 2, 3]))
        let append = AppendRequest(previousIndex: LogIndex(4), previousTerm: Term(2), entries: [command], commit: LogIndex(4))
        var sample = HealthSample(measuredAt: WallTime(milliseconds: 1_700), version: "1")
        sample.resources.memoryTotalBytes = 1 << 34
        return [
            .received(Message(term: Term(2), body: .append(append)), health: nil, from: NodeID(.max)),
            .received(
                Message(term: Term(2), body: .heartbeatReply(HeartbeatReply(round: 8))), health: HealthAttachment(sample: sample),
                from: NodeID(1)),
            .contact(NodeID(4), roundTrip: nil), .contact(NodeID(4), roundTrip: .microseconds(170)),
            .linkOpened(NodeID(4), boot: BootID(.max), direction: .outbound), .linkClosed(NodeID(4), boot: BootID(9), direction: .inbound),
            .dialRefused(NodeID(4)), .sample(sample), .written(WriteNumber(12), duration: .microseconds(900)), .deadline,
            .proofRequested(ticket: 1), .proofAbandoned(ticket: 300), .requestAbandoned(ticket: .max), .bootstrap(membership),
            .changeMembership(.replace(NodeID(3), with: member), ticket: 5), .changeMembership(.promote(NodeID(3)), ticket: 6),
            .join(member, ticket: 7), .transferLeadership(nil, ticket: 8), .transferLeadership(NodeID(2), ticket: 9), .stopping,
        ]
    }()
}
