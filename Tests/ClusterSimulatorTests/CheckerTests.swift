import ClusterHealth
import NodeReplica
import RaftCore
import Testing

@testable import ClusterSimulator

/// Checkers that no planted bug of `Tests/Mutants` meets: each objects to what was made for it, and to nothing that comes close.
@Suite struct CheckerTests {
    private let second = RunPlan.second

    @Test func twoLeadersOfATermAreFound() throws {
        var checker = ElectionSafety()
        try checker.becameLeader(Forged.a, term: Term(3))
        #expect(try objection { try checker.becameLeader(Forged.a, term: Term(3)) } == nil)
        #expect(try objection { try checker.becameLeader(Forged.b, term: Term(4)) } == nil)
        #expect(try objection { try checker.becameLeader(Forged.b, term: Term(3)) } == "election-safety")
    }

    @Test func aLeaderThatChangesItsLogIsFound() throws {
        let replica = try ForgedReplica([Forged.entry(1, 1), Forged.entry(2, 2), Forged.entry(3, 2)])
        func step(from before: Machine.Standing, lastTerm: UInt64, to after: Machine.Standing) throws -> String? {
            try objection {
                try LeaderAppendOnly().stepped(Forged.a, from: before, lastTerm: Term(lastTerm), to: after, replica)
            }
        }
        let before = Forged.leading(2, last: 2)
        #expect(try step(from: before, lastTerm: 2, to: Forged.leading(2, last: 3)) == nil)
        #expect(try step(from: before, lastTerm: 1, to: Forged.leading(2, last: 3)) == "leader-append-only")
        #expect(try step(from: before, lastTerm: 2, to: Forged.leading(2, last: 1)) == "leader-append-only")
        // Another term, or an entry that a snapshot has replaced.
        #expect(try step(from: before, lastTerm: 1, to: Forged.leading(3, last: 1)) == nil)
        #expect(try step(from: before, lastTerm: 1, to: Forged.leading(2, first: 3, last: 3)) == nil)
    }

    @Test func logsThatDoNotMatchAreFound() throws {
        let (one, two) = (Identity(number: 0, salt: 7), Identity(number: 1, salt: 5))
        var checker = LogMatching()
        for identity in [one, two] { checker.started(identity, []) }
        func write(_ entries: [LogEntry]) throws -> String? {
            var copy = checker
            return try objection { try copy.written(entries, by: two) }
        }
        let log = [Forged.entry(1, 1, [1]), Forged.entry(2, 3, [2])]
        try checker.written(log, by: one)
        #expect(try write(log) == nil)
        #expect(try write([Forged.entry(1, 2, [9]), Forged.entry(2, 2, [9])]) == nil)
        #expect(try write([Forged.entry(1, 1, [9])]) == "log-matching", "another content")
        #expect(try write([Forged.entry(1, 2, [9]), log[1]]) == "log-matching", "another entry before it")
        #expect(try write([log[1]]) == "log-matching", "a hole")
    }

    @Test func anotherViewOfAnIndexIsFound() throws {
        var checker = StateMachineSafety()
        _ = try checker.applied(Forged.a, LogIndex(4), Forged.view(100))
        #expect(try objection { _ = try checker.applied(Forged.b, LogIndex(4), Forged.view(100)) } == nil)
        #expect(try objection { _ = try checker.applied(Forged.b, LogIndex(5), Forged.view(200)) } == nil)
        #expect(try objection { _ = try checker.applied(Forged.b, LogIndex(4), Forged.view(101)) } == "state-machine-safety")
    }

    @Test func countersThatFallAreFound() throws {
        var checker = TransitionCounters()
        func apply(_ index: UInt64, _ view: ClusterHealthView) throws -> String? {
            try objection { try checker.applied(LogIndex(index), view) }
        }
        try checker.applied(LogIndex(4), Forged.view(100, up: 2))
        #expect(try apply(5, Forged.view(101, up: 2)) == nil)
        #expect(try apply(6, Forged.view(101, up: 3)) == nil)
        #expect(try apply(3, Forged.view(90, up: 1)) == nil, "what is told late")
        #expect(try apply(7, Forged.view(100, up: 3)) == "transition-counters")
        #expect(try apply(7, Forged.view(nil, up: 3)) == "transition-counters")
        #expect(try apply(7, Forged.view(102, up: 2)) == "transition-counters")
    }

    @Test func aNodeThatGoesByAnotherConfigurationIsFound() throws {
        let founding = Forged.membership([Forged.a, Forged.b, Forged.c])
        func commit(by configuration: Membership) throws -> String? {
            var ledger = Ledger(founding: founding)
            for number in 0..<3 {
                ledger.addDisk()
                ledger.stored([StorageWrite(number: WriteNumber(1), entries: [Forged.entry(1, 1)])], at: number)
            }
            let replica = try ForgedReplica([Forged.entry(1, 1)], configuration)
            return try objection {
                let after = Forged.leading(1, last: 1, commit: 1)
                try CommitDurability().advanced(Forged.a, from: .zero, to: after, replica, &ledger)
            }
        }
        #expect(try commit(by: founding) == nil)
        #expect(try commit(by: Forged.membership([Forged.a, Forged.b])) == "governing-configuration")
    }

    @Test func aSecondWriteAtOnceIsFound() throws {
        var store: any SimulatedStore = RunRequest.makeModelledStore("m0", Forged.a)
        func begin(_ number: UInt64) throws -> String? {
            try objection { try store.begin(StorageBatch(number: WriteNumber(number), writes: [])) }
        }
        #expect(try begin(1) == nil)
        #expect(try begin(2) == "one-write")
        _ = try store.complete()
        #expect(try begin(2) == nil)
    }

    @Test func whatGrowsBeyondItsBoundIsFound() throws {
        var limits = RaftConfiguration.Limits()
        (limits.uncommittedBytes, limits.entryBytes) = (1_000, 100)
        let bounds = Bounds(limits: limits)
        func check(effects: Int = 1, _ change: (inout RaftNode.Inspection) -> Void = { _ in }) throws -> String? {
            let replica = try ForgedReplica()
            change(&replica.said)
            return try objection { try bounds.stepped(Forged.a, replica, effects: effects) }
        }
        #expect(try check { ($0.isLeader, $0.uncommittedBytes) = (true, 0) } == nil)
        #expect(try check { ($0.isLeader, $0.uncommittedBytes) = (true, 1) } == "bounds")
        #expect(try check { $0.writesInFlight = RaftNode.maximumWritesInFlight } == nil)
        #expect(try check { $0.writesInFlight = RaftNode.maximumWritesInFlight * 2 } == "bounds")
        #expect(try check { $0.proofsWaiting = RaftNode.maximumProofs } == nil)
        #expect(try check { $0.proofsWaiting = RaftNode.maximumProofs + 1 } == "bounds")
        #expect(try check(effects: 1_000) == nil)
        #expect(try check(effects: 100_000) == "bounds")
    }

    /// A leader takes a command only if an entry may be so large, and so much may wait for commitment.
    @Test func aCommandForWhichThereIsNoRoomIsFound() throws {
        var limits = RaftConfiguration.Limits()
        (limits.uncommittedBytes, limits.entryBytes) = (1_000, 100)
        let bounds = Bounds(limits: limits)
        func check(commands: UInt64, of bytes: Int) throws -> String? {
            let replica = try ForgedReplica((1...commands).map { Forged.entry($0, 1, Array(repeating: 0, count: bytes)) })
            replica.said.isLeader = true
            replica.said.hardState = HardState(term: Term(1), votedFor: nil)
            replica.said.lastLogIndex = LogIndex(commands)
            replica.said.uncommittedBytes = replica.log.reduce(0) { $0 + $1.size }
            return try objection { try bounds.stepped(Forged.a, replica, effects: 1) }
        }
        #expect(try check(commands: 1, of: 100) == nil)
        #expect(try check(commands: 1, of: 101) == "bounds")
        #expect(try check(commands: 8, of: 100) == nil)
        #expect(try check(commands: 9, of: 100) == "bounds")
    }

    /// As many elections as are too many at once are none too many when one of them is a second apart.
    @Test func electionsThatStormAreFound() throws {
        var storm = Bounds(limits: RaftConfiguration.Limits())
        var calm = storm
        var started = 0
        var found: String?
        while found == nil, started < 1_000 {
            started += 1
            found = try objection { try storm.startedElection(Forged.a, at: 0) }
            if found == nil { try calm.startedElection(Forged.a, at: 0) }
        }
        #expect(found == "election-rate")
        #expect((10...100).contains(started))
        #expect(try objection { try calm.startedElection(Forged.b, at: second) } == nil)
        #expect(try objection { try calm.startedElection(Forged.a, at: second + 1) } == nil)
    }

    @Test func aMemberThatGetsWorseUndisturbedIsFound() throws {
        func change(to state: MemberState, after quiet: Int64) throws -> String? {
            var oracle = DetectorOracle(members: 1, settlingTime: second, detectionBound: second)
            oracle.disturbed(0, 5)
            return try objection { try oracle.changed(0, "m0", from: .up, to: state, isRunning: true, at: 5 + quiet) }
        }
        for state in [MemberState.down, .suspect, .degraded] {
            #expect(try change(to: state, after: second) == nil)
            #expect(try change(to: state, after: second + 1) == "undisturbed-member")
        }
        #expect(try change(to: .maintenance, after: second + 1) == nil)
    }

    /// What was heard of a member before its process ended may still call it up for a while, and for longer what was held up.
    @Test func aMemberThatIsLongGoneAndCalledUpIsFound() throws {
        func call(
            from state: MemberState = .down, proposedAt: Int64, _ prepare: (inout DetectorOracle) -> Void = { $0.gone(0, 5) }
        ) throws -> String? {
            var oracle = DetectorOracle(members: 1, settlingTime: second, detectionBound: second, hearsayBound: second)
            oracle.faultBegan(at: 0, 5)
            prepare(&oracle)
            return try objection {
                try oracle.changed(0, "m0", from: state, to: .up, isRunning: false, proposedAt: proposedAt, at: 9 * second)
            }
        }
        #expect(try call(proposedAt: 5 + second) == nil)
        #expect(try call(proposedAt: 6 + second) == "called-up")
        #expect(try call(from: .suspect, proposedAt: 6 + second) == nil)
        #expect(try call(proposedAt: 6 + second) { _ in } == nil)
        for (isOver, expected) in [(false, nil), (true, "called-up")] as [(Bool, String?)] {
            let found = try call(proposedAt: 3 * second + 1) { oracle in
                oracle.gone(0, 5)
                oracle.holdUpBegan()
                if isOver { oracle.holdUpEnded(2 * second) }
            }
            #expect(found == expected)
        }
    }

    @Test func howLongARunningMemberIsCalledDownIsTold() throws {
        var oracle = DetectorOracle(members: 2, settlingTime: second, detectionBound: second)
        for slot in 0...1 {
            oracle.faultBegan(at: slot, 0)
            try oracle.changed(slot, "m", from: .up, to: .down, isRunning: true, at: 10)
        }
        oracle.gone(1, 15)
        for slot in 0...1 { try oracle.changed(slot, "m", from: .down, to: .up, isRunning: true, at: 30) }
        #expect(oracle.falseDownTimes == [20])
    }
}
