public import ClusterSimulator
import FaultyFileSystem
import LogStorage
public import NodeReplica
public import RaftCore

/// Production's store on a disk in memory, as the store of a simulated machine.
///
/// Its transactions run when they end: to their durability, to a failure, or to the step of the disk at which power goes.
public final class RealStore: SimulatedStore {
    private let member: String
    private let incarnation: NodeID
    private let disk: FaultyDisk
    /// For the ends that nobody asked for: those while the store is opened.
    private var random: RandomSource
    /// Its process was killed amid a transaction: what the next one finds is not what the disk holds.
    private var wasKilledAmidTransaction = false
    private var store: LogStore?
    private var inFlight: StorageBatch?
    /// Cut off by a crash: it is on the disk as a whole or not at all.
    private var undecided: [StorageWrite] = []
    public private(set) var isDamaged = false

    init(member: String, incarnation: NodeID, seed: UInt64, ignoresSyncs: Bool) {
        self.member = member
        self.incarnation = incarnation
        disk = FaultyDisk(seed: seed, ignoresSyncs: ignoresSyncs)
        random = RandomSource(seed: seed ^ 0x0DD)
    }

    public var isReal: Bool { true }
    public var writing: WriteNumber? { inFlight?.number }

    // MARK: Writing

    public func begin(_ batch: StorageBatch) throws(Violation) {
        guard inFlight == nil else { throw Violation("one-write", "write \(batch.number) while another is under way") }
        inFlight = batch
    }

    public func complete() throws(Violation) -> [StorageWrite] {
        guard let batch = inFlight else { return [] }
        inFlight = nil
        guard let error = run(batch.writes) else { return batch.writes }
        throw Violation("store-write", "a sound disk: \(plain(error))")
    }

    public func fail(_ failure: StoreFailure, _ random: inout RandomSource) throws(Violation) {
        guard let batch = inFlight else { return }
        inFlight = nil
        var faults = DiskFaults()
        switch failure {
        case .failedSync: faults.syncsUntilFailure = Int(1 + random.number(below: 3))
        case .noRoom: faults.freeBytes = disk.usedBytes
        }
        disk.faults = faults
        // Where the journal and the store have room to spare, a full disk stops nothing, and the transaction is durable after all.
        if let error = run(batch.writes) { try expectNoMistake(error) }
        disk.faults = DiskFaults()
        undecided = batch.writes
    }

    public func crash(_ random: inout RandomSource) throws(Violation) -> [StorageWrite] {
        let batch = inFlight
        if let batch {
            inFlight = nil
            disk.faults = RealStore.end(&random)
            if let error = run(batch.writes) { try expectNoMistake(error) }
            undecided = batch.writes
        }
        if random.number(below: 2) == 0 {
            disk.endProcess()
            wasKilledAmidTransaction = batch != nil
        } else {
            disk.losePower(PowerLoss(&random))
        }
        close()
        return []
    }

    /// An end amid a transaction: anywhere, or where most is at stake, before one of its syncs.
    private static func end(_ random: inout RandomSource) -> DiskFaults {
        var faults = DiskFaults()
        if random.number(below: 3) == 0 {
            faults.stepsUntilPowerLoss = Int(1 + random.number(below: stepsOfTransaction))
        } else {
            faults.syncsUntilPowerLoss = Int(1 + random.number(below: syncsOfTransaction))
        }
        return faults
    }

    /// About as many as a usual transaction has.
    private static let stepsOfTransaction: UInt64 = 24
    private static let syncsOfTransaction: UInt64 = 4

    private func run(_ writes: [StorageWrite]) -> LogStorageError? {
        store.map { $0.writeAndWait(writes) } ?? .closed(file: disk.folder)
    }

    /// The disk may fail a write; a write that cannot be is the replica's mistake.
    private func expectNoMistake(_ error: LogStorageError) throws(Violation) {
        if case .impossibleWrite = error { throw Violation("store-write", plain(error)) }
    }

    private func close() {
        // Its files are dead: it cannot say anything that matters.
        _ = Result { try store?.close() }
        store = nil
    }

    // MARK: Damage

    /// Every crash amid a transaction leaves a part of it on this disk, and the store must do without it.
    public func tear(_ random: inout RandomSource) -> Bool { inFlight?.writes.contains { !$0.entries.isEmpty } ?? false }

    public func losePart(_ random: inout RandomSource) -> Bool {
        isDamaged = true
        disk.zeroSector(of: file(&random))
        return true
    }

    public func rot(_ random: inout RandomSource) {
        isDamaged = true
        disk.flipBit(of: file(&random))
    }

    /// The store, now and then its journal.
    private func file(_ random: inout RandomSource) -> String {
        let paths = disk.paths
        return random.number(below: 8) == 0 ? paths[paths.count - 1] : paths[0]
    }

    // MARK: Opening

    public func open() throws(Violation) -> StoreOpening {
        var opened = openOnce(dying: random.number(below: 4) < (wasKilledAmidTransaction ? 3 : 1))
        wasKilledAmidTransaction = false
        while case .failure = opened, disk.faults.isDead {
            disk.losePower(PowerLoss(&random))
            opened = openOnce(dying: false)
        }
        disk.faults = DiskFaults()
        switch opened {
        case .success(let (store, recovered)):
            self.store = store
            defer { undecided = [] }
            return .recovered(recovered.state, undecided: undecided)
        case .failure(let error):
            return .refused(plain(error))
        }
    }

    /// - Parameter dying: power may go meanwhile.
    private func openOnce(dying: Bool) -> Result<(LogStore, RecoveredStore), LogStorageError> {
        if dying { disk.faults = RealStore.end(&random) }
        return Result { () throws(LogStorageError) in
            try LogStore.open(in: FaultyFolder(disk), cluster: RunRequest.clusterName, member: member, incarnation: incarnation)
        }
    }

    /// Without the disk's number, which counts the disks of the process: the same seed says the same.
    private func plain(_ error: LogStorageError) -> String { error.description.replacing(disk.folder, with: member) }
}
