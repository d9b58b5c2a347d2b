import NodeReplica
import RaftCore

/// One machine of the simulated cluster: its process, its disk and its clocks.
struct Machine {
    let slot: Int
    let name: String
    /// Of the store it holds.
    var identity: Identity
    var state: State = .down(answersDials: true)
    /// Of its process; nil without one.
    var replica: SimulatedReplica?
    /// Present while the process's inputs are recorded.
    var recorder: RecordingEncoder?
    /// Counts the processes that ran here, so that what was meant for an earlier one is known.
    var boot: UInt32 = 0
    var store: any SimulatedStore
    var clock: VirtualClock
    /// The deadline the replica asked for, by its own clock; and the earliest timer event that is on its way.
    var deadline: MonotonicInstant = .never
    var armedAt: Int64?
    /// Inputs that arrived while it was frozen.
    var backlog: [ReplicaInput] = []
    /// Whom its process wants connections with, and the machines that stand for: without a configuration, all of them.
    var policy: PeerPolicy
    var peers: [Peer] = []
    /// Present while it may found the cluster.
    var bootstrap: Bootstrap?
    /// It asks to be taken in until it is a voter.
    var isJoining = false
    /// Where the replica stood after its last input.
    var standing = Standing()
    var writeStartedAt: Int64 = 0
    /// The same by its own clock.
    var writeStartedLocal = MonotonicInstant(nanoseconds: 0)
    /// What its clock showed when it was frozen.
    var frozenSince = MonotonicInstant(nanoseconds: 0)
    /// It runs a later version, whose messages say more.
    var isLater = false
    /// The process ends after so many more effects.
    var effectsUntilCrash: Int?
    /// Writes begun do not finish before; writes fail while the disk is full; the next write fails.
    var diskStalledUntil: Int64 = 0
    var diskIsFull = false
    var nextSyncFails = false
    /// Its process stays away, or frozen, until every fault is healed.
    var isAway = false
    /// The next transaction of entries is torn.
    var nextWriteTears = false
    /// What it says of itself changes with it, so that samples differ.
    var sampleCount: UInt64 = 0

    enum State: Equatable {
        case running
        /// Stopped without its knowledge; the machine's network stack lives.
        case frozen
        /// No process runs; a machine that lives refuses dials.
        case down(answersDials: Bool)
        /// Its store was refused: down until an operator repairs it.
        case lost
        /// It belongs to no cluster, and nobody has started it.
        case outside
    }

    /// A machine to dial, and the incarnation that must answer there; nil while that is not known.
    struct Peer: Equatable {
        var slot: Int
        var id: NodeID?
    }

    /// What the checkers compare from input to input.
    struct Standing: Equatable {
        var term = Term.zero
        var votedFor: NodeID?
        var isLeader = false
        var leader: NodeID?
        var commit = LogIndex.zero
        var applied = LogIndex.zero
        var first = LogIndex(1)
        var last = LogIndex.zero
        var durable = LogIndex.zero

        init() {}

        init(_ replica: SimulatedReplica) {
            let inspection = replica.inspection
            term = inspection.hardState.term
            votedFor = inspection.hardState.votedFor
            isLeader = inspection.isLeader
            leader = inspection.leader
            commit = inspection.commitIndex
            applied = replica.inspectedAppliedIndex
            first = inspection.firstLogIndex
            last = inspection.lastLogIndex
            durable = inspection.durableIndex
        }
    }

    var isRunning: Bool { state == .running }

    /// Whether its disk takes nothing at the moment.
    func hasSickDisk(at now: Int64) -> Bool { diskIsFull || diskStalledUntil > now }

    var hasProcess: Bool { state == .running || state == .frozen }
}
