import CFaultyFileSystem
import Synchronization

/// The disks of this process, as the functions that SQLite calls find them.
final class DiskTable: Sendable {
    /// SQLite asks for its functions once, so there is one table.
    static let shared = DiskTable()

    static let prefix = "/faulty-disk-"

    private let disks = Mutex<[UInt32: WeakDisk]>([:])
    private let lastNumber = Atomic<UInt32>(0)

    private struct WeakDisk {
        weak var disk: FaultyDisk?
    }

    private init() {
        let result = unsafe faulty_vfs_install(DiskTable.prefix, DiskTable.calls)
        precondition(result == FAULTY_OK.answer, "SQLite takes no file system: \(result)")
    }

    func nextNumber() -> UInt32 { lastNumber.add(1, ordering: .relaxed).newValue }

    func add(_ disk: FaultyDisk, number: UInt32) { disks.withLock { $0[number] = WeakDisk(disk: disk) } }

    func remove(_ number: UInt32) { disks.withLock { $0[number] = nil } }

    func seedSQLite(_ seed: UInt64) { faulty_vfs_seed(UInt32(truncatingIfNeeded: seed ^ seed >> 32)) }

    private func disk(_ number: UInt32) -> FaultyDisk? { disks.withLock { $0[number]?.disk } }

    /// The disk that a path is on.
    private func disk(of path: String) -> (number: UInt32, disk: FaultyDisk)? {
        let digits = path.dropFirst(DiskTable.prefix.count).prefix { $0 != "/" }
        guard let number = UInt32(digits), let disk = disk(number) else { return nil }
        return (number, disk)
    }

    // MARK: Open files

    /// A file that a process holds open, as one number: the disk, the process by its generation, and the file.
    struct Handle {
        let disk: UInt32
        let generation: UInt16
        let file: UInt16

        init(disk: UInt32, generation: UInt32, file: Int) {
            precondition(file <= UInt16.max, "a disk has had \(file) files")
            self.disk = disk
            self.generation = UInt16(truncatingIfNeeded: generation)
            self.file = UInt16(truncatingIfNeeded: file)
        }

        init(_ number: Int64) {
            disk = UInt32(truncatingIfNeeded: number >> 32)
            generation = UInt16(truncatingIfNeeded: number >> 16)
            file = UInt16(truncatingIfNeeded: number)
        }

        var number: Int64 { Int64(disk) << 32 | Int64(generation) << 16 | Int64(file) }
    }

    func open(_ path: String, creates: Bool, syncsFolder: Bool) throws(DiskFailure) -> Handle {
        guard let (number, disk) = disk(of: path) else { throw .open }
        return try disk.with { model throws(DiskFailure) in
            let file = try model.open(path, creates: creates, syncsFolder: syncsFolder)
            return Handle(disk: number, generation: model.generation, file: file)
        }
    }

    func onDisk<Value>(
        of path: String, _ failure: DiskFailure, _ body: (inout DiskModel) throws(DiskFailure) -> Value
    ) throws(DiskFailure) -> Value {
        guard let (_, disk) = disk(of: path) else { throw failure }
        return try disk.with(body)
    }

    /// Does something with an open file, unless the process that opened it is gone.
    func onFile<Value>(
        _ number: Int64, _ failure: DiskFailure, _ body: (inout DiskModel, Int) throws(DiskFailure) -> Value
    ) throws(DiskFailure) -> Value {
        let handle = Handle(number)
        guard let disk = disk(handle.disk) else { throw failure }
        return try disk.with { model throws(DiskFailure) in
            guard UInt16(truncatingIfNeeded: model.generation) == handle.generation else { throw failure }
            return try body(&model, Int(handle.file))
        }
    }
}
