public import LogStorage

/// A store's folder on such a disk. Its process is the only one, so that nothing needs to be locked.
public struct FaultyFolder: StoreFolder {
    private let disk: FaultyDisk

    public init(_ disk: FaultyDisk) { self.disk = disk }

    public var path: String { disk.folder }

    public func release() {}

    public func synchronize() throws(LogStorageError) {
        try writing(path) { model throws(DiskFailure) in try model.synchronizeFolder() }
    }

    public func exists(_ file: String) throws(LogStorageError) -> Bool {
        try reading(file) { model throws(DiskFailure) in try model.exists(file) }
    }

    public func bytes(of file: String) -> UInt64 { UInt64(disk.content(of: file)?.count ?? 0) }

    public func firstByte(of file: String) throws(LogStorageError) -> UInt8? {
        try reading(file) { model throws(DiskFailure) in
            let number = try model.open(file, creates: false, syncsFolder: false)
            return try model.read(number, count: 1, at: 0).first
        }
    }

    public func checkWritable(_ file: String) throws(LogStorageError) {}

    public func remove(_ file: String) throws(LogStorageError) {
        try writing(file) { model throws(DiskFailure) in
            guard try model.exists(file) else { return }
            try model.remove(file, syncsFolder: false)
        }
    }

    public func rename(_ file: String, to name: String) throws(LogStorageError) {
        try writing(name) { model throws(DiskFailure) in try model.rename(file, to: name) }
    }

    private func reading<Value>(
        _ file: String, _ body: (inout DiskModel) throws(DiskFailure) -> Value
    ) throws(LogStorageError) -> Value {
        do throws(DiskFailure) { return try disk.with(body) } catch { throw .cannotOpen(file: file, reason: "\(error)") }
    }

    private func writing(_ file: String, _ body: (inout DiskModel) throws(DiskFailure) -> Void) throws(LogStorageError) {
        do throws(DiskFailure) { try disk.with(body) } catch { throw .cannotWrite(file: file, reason: "\(error)") }
    }
}
