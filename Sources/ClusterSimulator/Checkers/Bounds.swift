import NodeReplica
import RaftCore

/// Everything that could grow stays within what is configured, and elections do not storm.
struct Bounds {
    private let limits: RaftConfiguration.Limits
    /// Nanoseconds of true time in which so many elections of one process are too many.
    private let window: Int64
    private var elections: [UInt64: [Int64]] = [:]

    /// A failed campaign is repeated after 50 ms at the soonest: at most this many fit in a window of a second, with room for votes that
    /// are asked for again as connections come up.
    private static let maximumElections = 60

    init(limits: RaftConfiguration.Limits) {
        self.limits = limits
        window = RunPlan.second
    }

    func stepped(_ id: NodeID, _ replica: SimulatedReplica, effects: Int) throws(Violation) {
        let inspection = replica.inspection
        if inspection.isLeader {
            try checkUncommitted(id, replica, inspection)
            try checkWindow(id, replica.inspectedWindow)
        }
        if inspection.writesInFlight > RaftNode.maximumWritesInFlight + 64 {
            throw Violation("bounds", "\(id) has \(inspection.writesInFlight) writes in flight")
        }
        if inspection.proofsWaiting > RaftNode.maximumProofs { throw Violation("bounds", "\(id): \(inspection.proofsWaiting) proofs wait") }
        if effects > Bounds.maximumEffects { throw Violation("bounds", "\(id) answered one input with \(effects) effects") }
    }

    /// The counter says what the log holds, and the newest command was taken only where there was room for it.
    private func checkUncommitted(_ id: NodeID, _ replica: SimulatedReplica, _ inspection: RaftNode.Inspection) throws(Violation) {
        var held = 0
        var index = inspection.commitIndex.next
        var newest: LogEntry?
        while index <= inspection.lastLogIndex {
            newest = replica.inspectedEntry(at: index)
            held += newest?.size ?? 0
            index = index.next
        }
        guard inspection.uncommittedBytes == held else {
            throw Violation("bounds", "\(id) counts \(inspection.uncommittedBytes) uncommitted bytes, its log holds \(held)")
        }
        guard let newest, newest.term == inspection.hardState.term, case .command(let bytes) = newest.content else { return }
        guard bytes.count <= limits.entryBytes, held - newest.size + bytes.count <= limits.uncommittedBytes else {
            throw Violation("bounds", "\(id) took a command of \(bytes.count) bytes, with which \(held) are uncommitted")
        }
    }

    private func checkWindow(_ id: NodeID, _ window: RaftNode.Window) throws(Violation) {
        guard window.messages <= limits.inflightMessages, window.bytesBeforeNewest < limits.inflightBytes,
            window.chunks <= limits.snapshotChunksInFlight
        else { throw Violation("bounds", "\(id) has on their way to one peer: \(window)") }
    }

    /// Effects of one input: entries applied at once, messages to all peers, and what waited for a write.
    private static let maximumEffects = 20_000

    mutating func started(_ id: NodeID) { elections[id.rawValue] = nil }

    mutating func startedElection(_ id: NodeID, at now: Int64) throws(Violation) {
        var recent = elections[id.rawValue] ?? []
        recent.removeAll { $0 < now - window }
        recent.append(now)
        elections[id.rawValue] = recent
        guard recent.count <= Bounds.maximumElections else {
            throw Violation("election-rate", "\(id) started \(recent.count) elections within a second")
        }
    }
}
