import RaftCore

/// Draws writes as a node may make them: entries behind the log and in place of its end, terms and votes, snapshots taken and received.
struct WriteSource {
    var random: RandomSource
    private var lastNumber: UInt64 = 0

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    /// One transaction for a store that holds this.
    mutating func batch(for held: StoreTwin) -> [StorageWrite] {
        var twin = held
        return (0..<1 + chance(3)).map { _ in
            let write = write(for: twin)
            twin.apply([write])
            return write
        }
    }

    mutating func chance(_ bound: UInt64) -> UInt64 { random.number(below: bound) }

    private mutating func write(for twin: StoreTwin) -> StorageWrite {
        lastNumber += 1
        var write = StorageWrite(number: WriteNumber(lastNumber))
        switch chance(10) {
        case 0: write.hardState = hardState(after: twin.held.hardState)
        case 1 where twin.last > twin.covered: write.snapshot = taken(twin)
        case 2 where chance(3) == 0: receive(into: &write, twin)
        case 3...5 where twin.last > twin.covered: append(from: twin.covered + 1 + chance(twin.last - twin.covered), to: &write, twin)
        default: append(from: twin.last + 1, to: &write, twin)
        }
        return write
    }

    private mutating func hardState(after old: HardState) -> HardState {
        let term = Term(old.term.rawValue + chance(3))
        if term == old.term, let vote = old.votedFor { return HardState(term: term, votedFor: vote) }
        return HardState(term: term, votedFor: chance(2) == 0 ? nil : NodeID(1 + chance(3)))
    }

    private mutating func append(from first: UInt64, to write: inout StorageWrite, _ twin: StoreTwin) {
        var term = twin.held.hardState.term
        if first <= twin.last || term == .zero || chance(4) == 0 {
            term = Term(term.rawValue + 1)
            write.hardState = HardState(term: term)
        }
        write.entries = entries(from: first, term: term)
    }

    private mutating func entries(from first: UInt64, term: Term) -> [LogEntry] {
        (first..<first + 1 + chance(6)).map { index in
            let content: LogEntry.Content
            switch chance(12) {
            case 0: content = .noop
            case 1: content = .membership(exampleMembership)
            case 2: content = .command(bytes(chance(20_000)))
            default: content = .command(bytes(chance(400)))
            }
            return LogEntry(index: LogIndex(index), term: term, content: content)
        }
    }

    private mutating func taken(_ twin: StoreTwin) -> SnapshotWrite {
        let index = twin.covered + 1 + chance(twin.last - twin.covered)
        let start = twin.held.start.index.rawValue
        return SnapshotWrite(
            snapshot: snapshot(at: LogPosition(index: LogIndex(index), term: twin.term(at: index))),
            log: .keep(after: LogIndex(start + chance(index - start + 1))))
    }

    private mutating func receive(into write: inout StorageWrite, _ twin: StoreTwin) {
        let term = Term(twin.held.hardState.term.rawValue + 1)
        write.hardState = HardState(term: term)
        let position = LogPosition(index: LogIndex(twin.covered + 1 + chance(30)), term: term)
        write.snapshot = SnapshotWrite(snapshot: snapshot(at: position), log: .replace)
        if chance(2) == 0 { write.entries = entries(from: position.index.rawValue + 1, term: term) }
    }

    private mutating func snapshot(at position: LogPosition) -> Snapshot {
        Snapshot(position: position, membership: exampleMembership, membershipIndex: LogIndex(1), bytes: bytes(chance(9_000)))
    }

    private mutating func bytes(_ count: UInt64) -> [UInt8] {
        let salt = random.next()
        return (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ salt) }
    }
}
