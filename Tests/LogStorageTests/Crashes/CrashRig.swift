import Dispatch
import FaultyFileSystem
import LogStorage
import RaftCore
import Synchronization

/// A store on a disk that fails as its seed has it, and everything that it may hold.
///
/// What a write acknowledged must be there. A write under way when the end came may be there or not, as a whole.
struct CrashRig {
    let disk: FaultyDisk
    var source: WriteSource
    /// One, or two after an end amid a write; only what an opening gave is believed afterwards.
    private(set) var possible: [StoreTwin]
    private var store: LogStore?
    var counts = Counts()

    struct Counts {
        var acknowledged = 0, ends = 0, inFlightKept = 0, inFlightLost = 0, endsWhileOpening = 0
        var refused = 0, rowsNamed = 0, openedInSpite = 0

        static func += (sum: inout Counts, more: Counts) {
            sum.acknowledged += more.acknowledged
            sum.ends += more.ends
            sum.inFlightKept += more.inFlightKept
            sum.inFlightLost += more.inFlightLost
            sum.endsWhileOpening += more.endsWhileOpening
            sum.refused += more.refused
            sum.rowsNamed += more.rowsNamed
            sum.openedInSpite += more.openedInSpite
        }
    }

    /// What no store may do.
    struct Wrong: Error, CustomStringConvertible {
        var description: String
    }

    init(seed: UInt64, holding twin: StoreTwin = StoreTwin()) {
        disk = FaultyDisk(seed: seed)
        source = WriteSource(seed: seed &* 31 &+ 7)
        possible = [twin]
    }

    var isOpen: Bool { store != nil }

    // MARK: Steps

    /// Opens the store and compares what it holds.
    ///
    /// - Throws: `Wrong` for anything but one of the possible states, `LogStorageError` when it is refused.
    mutating func open() throws {
        let (opened, recovered) = try LogStore.open(
            in: FaultyFolder(disk), cluster: "test", member: "a", incarnation: NodeID(0xfeed_0000_0000_0001))
        store = opened
        guard let position = possible.lastIndex(where: { $0.held == recovered.state }) else {
            let wanted = possible.map { words($0.held) }.joined(separator: ", or ")
            throw Wrong(description: "holds \(words(recovered.state)), not \(wanted)")
        }
        if possible.count > 1 { if position == 0 { counts.inFlightLost += 1 } else { counts.inFlightKept += 1 } }
        possible = [possible[position]]
    }

    /// Writes something drawn; false when that failed.
    mutating func write() throws -> Bool {
        try write(source.batch(for: possible[0]))
    }

    mutating func write(_ batch: [StorageWrite]) throws -> Bool {
        guard let store else { throw Wrong(description: "not open") }
        var after = possible[0]
        after.apply(batch)
        switch CrashRig.wait(store, batch) {
        case .success:
            possible = [after]
            counts.acknowledged += 1
            return true
        case .failure(LogStorageError.impossibleWrite(_, let reason)): throw Wrong(description: "drew an impossible write: \(reason)")
        case .failure:
            if possible[0] != after { possible.append(after) }
            // Nobody knows what is durable now: nothing more may be written before the store is opened again.
            guard case .failure(LogStorageError.closed) = CrashRig.wait(store, batch) else {
                throw Wrong(description: "goes on after a failed write")
            }
            return false
        }
    }

    private static func wait(_ store: LogStore, _ batch: [StorageWrite]) -> Result<Duration, any Error> {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Result<Duration, any Error>?>(nil)
        store.write(batch) { outcome in
            result.withLock { $0 = outcome }
            done.signal()
        }
        done.wait()
        return result.withLock { $0 } ?? .failure(Wrong(description: "no result"))
    }

    /// The process ends, or the whole machine.
    mutating func end(_ loss: PowerLoss?) {
        counts.ends += 1
        if let loss { disk.losePower(loss) } else { disk.endProcess() }
        // Its connection goes after its files are dead: nothing of it reaches the disk any more.
        closeStore()
    }

    /// The program stops by itself, after a failure or because it was told to.
    mutating func stop() {
        closeStore()
        disk.endProcess()
    }

    private mutating func closeStore() {
        // A connection whose last write failed may fail to close too: what counts is what the next opening finds.
        _ = Result { try store?.close() }
        store = nil
    }

    private func words(_ state: RecoveredState) -> String {
        let snapshot = state.snapshot.map { "a snapshot at \($0.position), " } ?? ""
        return "\(snapshot)term \(state.hardState.term) and \(state.entries.count) entries after \(state.start)"
    }
}
