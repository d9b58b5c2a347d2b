import NodeReplica
import RaftCore
import WireFormat

/// A disk that holds the very rows production stores, and loses or damages them as disks do.
///
/// A transaction is on its way until `complete`; a crash before that leaves all of it, none of it or, torn, a part of it behind.
struct ModelledStore: SimulatedStore {
    private var state: StateRow
    private var checksum: UInt64
    private var rows = ModelledRows()
    private var inFlight: StorageBatch?
    private(set) var isDamaged = false

    init(clusterName: String, memberName: String, incarnation: NodeID) {
        state = StateRow(clusterName: clusterName, memberName: memberName, incarnation: incarnation)
        checksum = state.checksum
    }

    var isReal: Bool { false }

    // MARK: Writing

    var writing: WriteNumber? { inFlight?.number }

    mutating func begin(_ batch: StorageBatch) throws(Violation) {
        guard inFlight == nil else { throw Violation("one-write", "write \(batch.number) while another is under way") }
        inFlight = batch
    }

    mutating func complete() throws(Violation) -> [StorageWrite] {
        guard let batch = inFlight else { return [] }
        inFlight = nil
        do {
            try state.apply(batch.writes, to: &rows)
        } catch {
            throw Violation("store-write", "\(error)")
        }
        checksum = state.checksum
        return batch.writes
    }

    mutating func fail(_ failure: StoreFailure, _ random: inout RandomSource) { inFlight = nil }

    // MARK: Crashes and damage

    mutating func crash(_ random: inout RandomSource) throws(Violation) -> [StorageWrite] {
        if random.number(below: 2) == 0 { return try complete() }
        inFlight = nil
        return []
    }

    /// Some of its rows are there without the state row that names them, or the other way round.
    mutating func tear(_ random: inout RandomSource) throws(Violation) -> Bool {
        guard let batch = inFlight, batch.writes.contains(where: { !$0.entries.isEmpty }) else { return false }
        let before = self
        _ = try complete()
        guard !rows.log.isEmpty else {
            self = before
            return false
        }
        if random.number(below: 2) == 0 {
            // Rows without their state row.
            state = before.state
            checksum = before.checksum
        } else {
            // The state row without the last of its rows.
            rows.log.removeLast()
        }
        isDamaged = true
        return true
    }

    /// Rows of the last acknowledged transactions vanish.
    mutating func losePart(_ random: inout RandomSource) -> Bool {
        guard !rows.log.isEmpty else { return false }
        let lost = 1 + Int(random.number(below: UInt64(min(rows.log.count, 4))))
        rows.log.removeLast(lost)
        isDamaged = true
        return true
    }

    mutating func rot(_ random: inout RandomSource) {
        isDamaged = true
        if !rows.snapshot.isEmpty, random.number(below: 4) == 0 { return rows.flipInSnapshot(&random) }
        if rows.log.isEmpty || random.number(below: 4) == 0 { flipInState(&random) } else { rows.flipInLog(&random) }
    }

    private mutating func flipInState(_ random: inout RandomSource) {
        let bit = UInt64(1) << random.number(below: 62)
        switch random.number(below: 4) {
        case 0: state.hardState.term = Term(state.hardState.term.rawValue ^ bit)
        case 1: state.end.index = LogIndex(state.end.index.rawValue ^ bit)
        case 2: state.hardState.votedFor = NodeID((state.hardState.votedFor?.rawValue ?? 0) ^ bit)
        default: checksum ^= bit
        }
    }

    // MARK: Opening

    /// Opens the store as production does: every row checked by the real recovery check.
    func open() -> StoreOpening {
        do throws(WireFormatError) {
            try state.check(checksum: checksum)
            var check = RowCheck(state)
            for row in rows.snapshot { try check.add(row) }
            for row in rows.log { try check.add(row) }
            return .recovered(try check.finish(), undecided: [])
        } catch {
            return .refused("\(error)")
        }
    }
}
