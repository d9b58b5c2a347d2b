public import NodeReplica
public import RaftCore

/// The store of one simulated machine, and the disk beneath it.
///
/// One write at a time is under way, from `begin` to `complete`, `fail` or `crash`. Everything random is drawn from what is passed in.
public protocol SimulatedStore {
    /// Whether it is production's own.
    var isReal: Bool { get }
    /// It was damaged on purpose: opening it must fail, or give exactly what was stored.
    var isDamaged: Bool { get }
    /// The number of the transaction under way; nil when none is.
    var writing: WriteNumber? { get }

    mutating func begin(_ batch: StorageBatch) throws(Violation)
    /// The transaction under way is durable as a whole.
    ///
    /// - Returns: its writes, in order.
    mutating func complete() throws(Violation) -> [StorageWrite]
    /// The transaction under way fails; its process is to end.
    mutating func fail(_ failure: StoreFailure, _ random: inout RandomSource) throws(Violation)
    /// The machine's power is gone, or its process: an unfinished transaction is there as a whole or not at all.
    ///
    /// - Returns: the writes that made it, as far as that is known before the store is opened.
    mutating func crash(_ random: inout RandomSource) throws(Violation) -> [StorageWrite]

    /// Has the crash that follows leave the unfinished transaction in part.
    ///
    /// - Returns: false when there is none that could tear.
    mutating func tear(_ random: inout RandomSource) throws(Violation) -> Bool
    /// A part of what was acknowledged vanishes.
    mutating func losePart(_ random: inout RandomSource) -> Bool
    /// One bit flips somewhere.
    mutating func rot(_ random: inout RandomSource)

    /// Opens the store, at the start of a process.
    mutating func open() throws(Violation) -> StoreOpening
}

/// Why a write fails.
public enum StoreFailure: Sendable {
    case noRoom, failedSync
}

/// What opening a store gives.
public enum StoreOpening: Sendable {
    /// What it holds. Writes of a transaction that was cut off may be in it as a whole or not at all: only a comparison tells.
    case recovered(RecoveredState, undecided: [StorageWrite])
    /// Why it is refused.
    case refused(String)
}

/// Makes the empty store of a machine, given the member's name and the incarnation.
public typealias StoreMaker = @Sendable (_ member: String, _ incarnation: NodeID) -> any SimulatedStore
