public import ClusterSimulator
import FaultyFileSystem
import RaftCore
import Synchronization

/// The real stores of one run.
public enum RealStores {
    /// What makes them, each on a disk of its own, all from the run's seed.
    ///
    /// SQLite's own random numbers begin anew with the seed: one run at a time in a process is the same to the last byte.
    ///
    /// - Parameter ignoresSyncs: for a check of the checkers: the disks forget what they said they would keep.
    public static func maker(seed: UInt64, ignoresSyncs: Bool = false) -> StoreMaker {
        FaultyDisk.seedSQLite(seed)
        let random = Mutex(RandomSource(seed: seed &* 0x9E37_79B9 ^ 0xD15C))
        return { member, incarnation in
            RealStore(member: member, incarnation: incarnation, seed: random.withLock { $0.next() }, ignoresSyncs: ignoresSyncs)
        }
    }

    /// Whether a seed's run has real stores when nobody says otherwise: a fifth of all have, since each takes half as long again.
    public static func isUsual(seed: UInt64) -> Bool { seed % 5 == 2 }
}
