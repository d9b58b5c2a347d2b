import ClusterHealth
import RaftCore
import Testing
import WireFormat

@Suite struct HealthRoundCodingTests {
    let empty = HealthRound(
        clusterTime: ClusterTime(milliseconds: 0), wallTime: WallTime(milliseconds: 0), ruleVersion: 0, settings: VerdictSettings())

    @Test func aRoundComesBackAsItWas() throws {
        for round in [Examples.round, empty] { #expect(try HealthRoundCoding.decode(HealthRoundCoding.encode(round)) == round) }
    }

    @Test func whatWasNotMeasuredStaysUnknownAndZeroStaysZero() throws {
        let round = try HealthRoundCoding.decode(HealthRoundCoding.encode(Examples.round))
        #expect(round.samples[NodeID(1)]?.resources.cpuUsageMillionths == 0)
        #expect(round.samples[NodeID(9)]?.resources == HealthSample.Resources())
        #expect(round.samples[NodeID(9)]?.raft == nil)
    }

    @Test func theOrderInWhichMembersWereAddedDoesNotMatter() {
        var one = empty
        var other = empty
        for id in 1...20 as ClosedRange<UInt64> {
            one.samples[NodeID(id)] = Examples.sample
            other.samples[NodeID(21 - id)] = Examples.sample
        }
        #expect(HealthRoundCoding.encode(one) == HealthRoundCoding.encode(other))
    }

    @Test func everyTruncationAndEveryFlippedByteDecodesOrThrows() {
        var bytes = HealthRoundCoding.encode(Examples.round)
        for count in bytes.indices { expectNoTrap(Array(bytes[..<count])) }
        for position in bytes.indices {
            for flip in (0..<8).map({ UInt8(1) << $0 }) + [0xff] {
                bytes[position] ^= flip
                expectNoTrap(bytes)
                bytes[position] ^= flip
            }
        }
    }

    @Test func aMemberTwiceOrOutOfOrderIsRefused() {
        // Two decisions on the member 7, as another writer might send them: field 1 of the command, fields 4 and 7 of the round.
        let decision: [UInt8] = [0x3a, 9, 9, 7, 0, 0, 0, 0, 0, 0, 0]
        let lesser: [UInt8] = [0x3a, 9, 9, 6, 0, 0, 0, 0, 0, 0, 0]
        let settings: [UInt8] = [0x22, 0]
        func command(_ round: [UInt8]) -> [UInt8] { [0x0a, UInt8(round.count)] + round }
        #expect(throws: Never.self) { try HealthRoundCoding.decode(command(settings + lesser + decision)) }
        let error = WireFormatError.notAscending(field: "health_round.decisions", position: 1)
        #expect(throws: error) { try HealthRoundCoding.decode(command(settings + decision + decision)) }
        #expect(throws: error) { try HealthRoundCoding.decode(command(settings + decision + lesser)) }
    }

    @Test func aStateOfALaterVersionIsNamed() {
        let decision: [UInt8] = [0x3a, 11, 9, 7, 0, 0, 0, 0, 0, 0, 0, 0x10, 99]
        #expect(throws: WireFormatError.outOfRange(field: "health_round.decisions.state", value: 99)) {
            try HealthRoundCoding.decode([0x0a, 15, 0x22, 0] + decision)
        }
    }

    @Test func aCommandOfALaterVersionIsNamed() {
        #expect(throws: WireFormatError.unknownKind(what: "command")) { try HealthRoundCoding.decode([0x12, 0]) }
        #expect(throws: WireFormatError.malformed(what: "command")) { try HealthRoundCoding.decode([0x0a, 200]) }
    }

    private func expectNoTrap(_ bytes: [UInt8]) {
        do { _ = try HealthRoundCoding.decode(bytes) } catch {}
    }
}
