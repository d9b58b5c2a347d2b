/// Where a store's files are, held by one user at a time: a folder on a disk, or anything else that has files by the paths that SQLite's
/// default file system opens.
///
/// Each function throws a `LogStorageError` that names the file.
public protocol StoreFolder: Sendable {
    var path: String { get }
    /// Gives the folder back. What comes after the first time changes nothing.
    func release()
    /// Makes the folder's list of files durable.
    func synchronize() throws(LogStorageError)
    /// Whether a file is there; a broken link is.
    func exists(_ file: String) throws(LogStorageError) -> Bool
    /// 0 for a file that is not there.
    func bytes(of file: String) -> UInt64
    /// The first byte of a file that is there; nil when it is empty.
    func firstByte(of file: String) throws(LogStorageError) -> UInt8?
    /// Refuses a file that may not be written, before anything is tried on it.
    func checkWritable(_ file: String) throws(LogStorageError)
    /// Removes a file, if it is there.
    func remove(_ file: String) throws(LogStorageError)
    /// Gives a file its name, in one step.
    func rename(_ file: String, to name: String) throws(LogStorageError)
}

/// The store, its journal, and the store while it is being made.
extension StoreFolder {
    var storeFile: String { Self.storeFile(in: path) }
    var journalFile: String { storeFile + "-journal" }
    var newStoreFile: String { storeFile + ".new" }

    static func storeFile(in path: String) -> String { path + "/quorum.sqlite" }

    /// Bytes of the store and its journal together.
    func fileBytes() -> UInt64 { bytes(of: storeFile) + bytes(of: journalFile) }

    /// Whether a process that was killed left a transaction to roll back: the journal's first byte says so.
    func hasHotJournal() throws(LogStorageError) -> Bool {
        guard try exists(journalFile), let first = try firstByte(of: journalFile) else { return false }
        return first != 0
    }
}
