import RaftCore
import Synchronization

/// The disk of one simulated machine, in memory: SQLite opens files in its folder like any others.
///
/// Everything it does follows from its seed and the order of the calls.
public final class FaultyDisk: Sendable {
    /// Files whose path begins with it are on this disk.
    public let folder: String
    private let number: UInt32
    private let model: Mutex<DiskModel>

    /// - Parameter ignoresSyncs: for checks of the checks: it forgets what it said it would keep.
    public init(seed: UInt64, ignoresSyncs: Bool = false) {
        number = DiskTable.shared.nextNumber()
        folder = "\(DiskTable.prefix)\(number)"
        model = Mutex(DiskModel(seed: seed, ignoresSyncs: ignoresSyncs))
        DiskTable.shared.add(self, number: number)
    }

    deinit { DiskTable.shared.remove(number) }

    /// Makes SQLite draw the same random numbers from now on, in the whole process: journals then have the same bytes too.
    public static func seedSQLite(_ seed: UInt64) { DiskTable.shared.seedSQLite(seed) }

    /// What is to go wrong; as it was set, less what has happened since.
    public var faults: DiskFaults {
        get { model.withLock { $0.faults } }
        set { model.withLock { $0.faults = newValue } }
    }

    public var counts: DiskCounts { model.withLock { $0.counts } }

    /// The bytes of a file as a process sees them; nil when there is none.
    public func content(of path: String) -> [UInt8]? {
        model.withLock { disk in disk.names[path].map { disk.files[$0].cached } }
    }

    /// The paths of all files, ascending.
    public var paths: [String] { model.withLock { $0.names.keys.sorted() } }

    /// Bytes of all files together.
    public var usedBytes: Int { model.withLock { $0.usedBytes } }

    // MARK: Ends

    /// The process that used it was killed: what it wrote is there, its open files are dead, and all faults are over.
    public func endProcess() { model.withLock { $0.endProcess() } }

    /// The machine lost its power: what was never synced is there as far as the loss says. All faults are over.
    public func losePower(_ loss: PowerLoss) { model.withLock { $0.losePower(loss) } }

    // MARK: Damage

    /// One bit of a file flips; none when the file is empty or missing.
    public func flipBit(of path: String) {
        model.withLock { disk in
            disk.damage(path) { content, random in
                let bit = Int(random.number(below: UInt64(content.count) * 8))
                content[bit / 8] ^= 1 << UInt8(bit % 8)
            }
        }
    }

    /// A sector of a file reads as zeros.
    public func zeroSector(of path: String) {
        model.withLock { disk in
            disk.damage(path) { content, random in
                let start = Int(random.number(below: UInt64(content.count))) / Settler.sectorBytes * Settler.sectorBytes
                for position in start..<min(start + Settler.sectorBytes, content.count) { content[position] = 0 }
            }
        }
    }

    /// Replaces a file's content, durably.
    public func restore(_ path: String, _ content: [UInt8]) throws {
        try with { disk throws(DiskFailure) in
            let file = try disk.open(path, creates: true, syncsFolder: true)
            try disk.truncate(file, to: 0)
            try disk.write(file, content, at: 0)
            try disk.synchronize(file)
        }
    }

    func with<Value>(_ body: (inout DiskModel) throws(DiskFailure) -> Value) throws(DiskFailure) -> Value {
        let result: Result<Value, DiskFailure> = model.withLock { disk in
            do throws(DiskFailure) { return .success(try body(&disk)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
