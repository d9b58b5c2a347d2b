import RaftCore
import Testing
import WireFormat

@Suite struct FrameCodingTests {
    @Test func everyFrameComesBackAsItWas() throws {
        for frame in Examples.frames { #expect(try FrameCoding.decode(FrameCoding.encode(frame)) == frame) }
    }

    @Test func theSameFrameGivesTheSameBytes() {
        for frame in Examples.frames { #expect(FrameCoding.encode(frame) == FrameCoding.encode(frame)) }
    }

    @Test func everyTruncationDecodesOrThrows() {
        for frame in Examples.frames {
            let bytes = FrameCoding.encode(frame)
            for count in bytes.indices { expectNoTrap(Array(bytes[..<count])) }
        }
    }

    @Test func everyFlippedByteDecodesOrThrows() {
        for frame in Examples.frames {
            var bytes = FrameCoding.encode(frame)
            for position in bytes.indices {
                for flip in [0x01, 0x80, 0xff] as [UInt8] {
                    bytes[position] ^= flip
                    expectNoTrap(bytes)
                    bytes[position] ^= flip
                }
            }
        }
    }

    @Test func whatDecodesEncodesToWhatDecodesAlike() throws {
        for frame in Examples.frames {
            var bytes = FrameCoding.encode(frame)
            for position in bytes.indices {
                bytes[position] ^= 0x02
                if let decoded = decoded(bytes) { #expect(try FrameCoding.decode(FrameCoding.encode(decoded)) == decoded) }
                bytes[position] ^= 0x02
            }
        }
    }

    @Test func unknownFieldsAreIgnored() throws {
        // Field 1000, a string, after everything that is known.
        let unknown: [UInt8] = [0xc2, 0x3e, 3, 1, 2, 3]
        for frame in Examples.frames { #expect(try FrameCoding.decode(FrameCoding.encode(frame) + unknown) == frame) }
    }

    @Test func aFrameOfALaterKindIsNamedSo() {
        #expect(throws: WireFormatError.unknownKind(what: "frame")) { try FrameCoding.decode([]) }
        #expect(throws: WireFormatError.unknownKind(what: "frame")) { try FrameCoding.decode([0xc2, 0x3e, 3, 1, 2, 3]) }
    }

    @Test func aFrameOverTheLimitIsRefusedUnread() {
        let bytes = [UInt8](repeating: 0, count: WireLimits.frameBytes + 1)
        #expect(throws: WireFormatError.tooLarge(field: "frame", count: bytes.count, limit: WireLimits.frameBytes)) {
            try FrameCoding.decode(bytes)
        }
    }

    @Test func entriesOfAnAppendMustFollowEachOther() {
        func append(_ indices: [UInt64], terms: [UInt64], previous: UInt64 = 4, previousTerm: UInt64 = 2) -> [UInt8] {
            let entries = zip(indices, terms).map { LogEntry(index: LogIndex($0), term: Term($1), content: .noop) }
            let request = AppendRequest(
                previousIndex: LogIndex(previous), previousTerm: Term(previousTerm), entries: entries, commit: .zero)
            return FrameCoding.encode(.raft(Message(term: Term(9), body: .append(request)), nil))
        }
        let field = "append.entries.index"
        #expect(throws: WireFormatError.notContiguous(field: field, expected: 5, found: 6)) {
            try FrameCoding.decode(append([6], terms: [2]))
        }
        #expect(throws: WireFormatError.notContiguous(field: field, expected: 6, found: 5)) {
            try FrameCoding.decode(append([5, 5], terms: [2, 2]))
        }
        #expect(throws: WireFormatError.outOfRange(field: "append.entries.term", value: 1)) {
            try FrameCoding.decode(append([5], terms: [1]))
        }
        #expect(throws: WireFormatError.missing(field: "append.entries.term")) { try FrameCoding.decode(append([5], terms: [0])) }
        #expect(throws: WireFormatError.missing(field: "append.entries.index")) { try FrameCoding.decode(append([0], terms: [1])) }
        #expect(throws: WireFormatError.outOfRange(field: "append.previous_index", value: .max)) {
            try FrameCoding.decode(append([], terms: [], previous: .max))
        }
    }

    @Test func aTermThatLeavesNoRoomForTheNextIsRefused() {
        let bytes = FrameCoding.encode(.raft(Message(term: Term(.max), body: .timeoutNow), nil))
        #expect(throws: WireFormatError.outOfRange(field: "raft.term", value: .max)) { try FrameCoding.decode(bytes) }
    }

    @Test func textsOverTheirLimitAndNamesThatAreEmptyAreNamed() {
        var hello = Examples.hello
        hello.memberName = ""
        #expect(throws: WireFormatError.missing(field: "hello.member_name")) { try FrameCoding.decode(FrameCoding.encode(.hello(hello))) }
        hello = Examples.hello
        hello.webURL = String(repeating: "x", count: 4_097)
        #expect(throws: WireFormatError.tooLarge(field: "hello.web_url", count: 4_097, limit: 4_096)) {
            try FrameCoding.decode(FrameCoding.encode(.hello(hello)))
        }
    }

    /// Reaching the end is the proof: a trap ends the process.
    private func expectNoTrap(_ bytes: [UInt8]) { _ = decoded(bytes) }

    private func decoded(_ bytes: [UInt8]) -> Frame? {
        do { return try FrameCoding.decode(bytes) } catch { return nil }
    }
}
