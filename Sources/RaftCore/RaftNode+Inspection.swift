// What the laboratory sees of a node beside its outputs. Nothing here changes anything, and nothing in the program uses it.

extension RaftNode {
    /// Where a node stands, in few words: cheap enough to take after every input.
    package struct Inspection: Equatable, Sendable {
        package var hardState: HardState
        package var isLeader: Bool
        package var leader: NodeID?
        package var commitIndex: LogIndex
        package var handedOutIndex: LogIndex
        package var firstLogIndex: LogIndex
        package var lastLogIndex: LogIndex
        /// Through here the log is durable, as the node believes.
        package var durableIndex: LogIndex
        package var uncommittedBytes: Int
        package var writesInFlight: Int
        package var proofsWaiting: Int
        package var electionsStarted: UInt64
        package var isTransferring: Bool
    }

    package var inspection: Inspection {
        Inspection(
            hardState: hardState, isLeader: role.isLeader, leader: leader, commitIndex: commitIndex, handedOutIndex: handedOutIndex,
            firstLogIndex: log.firstIndex, lastLogIndex: log.lastIndex, durableIndex: durableIndex,
            uncommittedBytes: role.leading?.uncommittedBytes ?? 0, writesInFlight: writesInFlight.count,
            proofsWaiting: role.leading?.proofs.count ?? 0, electionsStarted: counters.electionsStarted,
            isTransferring: isTransferring)
    }

    /// What a leader has sent to a peer and had no answer to; of each number the greatest of any peer's.
    package struct Window: Equatable, Sendable {
        package var messages = 0
        /// Of entries in these messages, but for the newest one: there was room when that was sent.
        package var bytesBeforeNewest = 0
        /// Of a snapshot.
        package var chunks = 0
    }

    package var inspectedWindow: Window {
        var window = Window()
        guard let state = role.leading else { return window }
        for (_, progress) in state.progress {
            switch progress.mode {
            case .probe: break
            case .replicate(let inflight):
                window.messages = max(window.messages, inflight.count)
                window.bytesBeforeNewest = max(window.bytesBeforeNewest, inflight.dropLast().reduce(0) { $0 + $1.bytes })
            case .snapshot(let transfer): window.chunks = max(window.chunks, transfer.chunksInFlight)
            }
        }
        return window
    }

    /// Up to where a peer's log is known to be this leader's; nil when this node does not lead or knows no such peer.
    package func inspectedMatch(of peer: NodeID) -> LogIndex? { role.leading?.progress[peer]?.match }

    /// The term of an entry in memory; nil where there is none.
    package func inspectedTerm(at index: LogIndex) -> Term? { log.term(at: index) }

    /// An entry in memory; nil where there is none.
    package func inspectedEntry(at index: LogIndex) -> LogEntry? { log.entry(at: index) }
}
