import Foundation
import Synchronization

/// The folder of one store, held by one process at a time.
///
/// The lock is on the folder itself, so that nothing is created in a folder that is then refused, and it ends with the process.
final class StoreFolder: Sendable {
    let path: String
    /// The folder's descriptor; -1 once released.
    private let descriptor: Atomic<Int32>

    /// The store, its journal, and the store while it is being made.
    var storeFile: String { path + "/quorum.sqlite" }
    var journalFile: String { storeFile + "-journal" }
    var newStoreFile: String { storeFile + ".new" }

    /// Makes the folder if it is not there, and takes its lock.
    ///
    /// - Throws: `LogStorageError.cannotOpen`, `LogStorageError.locked`.
    init(_ path: String) throws(LogStorageError) {
        self.path = path
        try StoreFolder.create(path)
        let opened = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotOpen(file: path, reason: systemReason()) }
        descriptor = Atomic(opened)
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            throw errno == EWOULDBLOCK ? .locked(folder: path) : .cannotOpen(file: path, reason: systemReason())
        }
    }

    deinit { release() }

    /// Gives the lock back. What comes after the first time changes nothing.
    func release() {
        let held = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
        guard held >= 0 else { return }
        // Unlocked by name: a process that is just being spawned shares the descriptor until it becomes another program.
        flock(held, LOCK_UN)
        close(held)
    }

    /// Makes the folder's list of files durable.
    func synchronize() throws(LogStorageError) {
        guard fsync(descriptor.load(ordering: .acquiring)) == 0 else { throw .cannotWrite(file: path, reason: systemReason()) }
    }

    /// Whether a file is there; a broken link is.
    func exists(_ file: String) throws(LogStorageError) -> Bool {
        var status = stat()
        if unsafe lstat(file, &status) == 0 { return true }
        guard errno == ENOENT else { throw .cannotOpen(file: file, reason: systemReason()) }
        return false
    }

    /// Bytes of the store and its journal together.
    func fileBytes() -> UInt64 {
        [storeFile, journalFile].reduce(0) { sum, file in
            var status = stat()
            return unsafe stat(file, &status) == 0 ? sum + UInt64(max(0, status.st_size)) : sum
        }
    }

    /// Whether a process that was killed left a transaction to roll back: the journal's first byte says so.
    func hasHotJournal() throws(LogStorageError) -> Bool {
        guard try exists(journalFile) else { return false }
        let journal = unsafe open(journalFile, O_RDONLY | O_CLOEXEC)
        guard journal >= 0 else { throw .cannotOpen(file: journalFile, reason: systemReason()) }
        defer { close(journal) }
        var first: UInt8 = 0
        let count = unsafe read(journal, &first, 1)
        guard count >= 0 else { throw .cannotOpen(file: journalFile, reason: systemReason()) }
        return count == 1 && first != 0
    }

    /// Refuses files that this process may not write, before anything is tried on them.
    func checkWritable(_ file: String) throws(LogStorageError) {
        guard unsafe access(file, W_OK) == 0 else { throw .cannotWrite(file: file, reason: systemReason()) }
    }

    /// Removes a file, if it is there.
    func remove(_ file: String) throws(LogStorageError) {
        guard unsafe unlink(file) == 0 || errno == ENOENT else { throw .cannotWrite(file: file, reason: systemReason()) }
    }

    /// Gives a file its name, in one step.
    func rename(_ file: String, to name: String) throws(LogStorageError) {
        guard unsafe Foundation.rename(file, name) == 0 else { throw .cannotWrite(file: name, reason: systemReason()) }
    }

    private static func create(_ path: String) throws(LogStorageError) {
        guard unsafe access(path, F_OK) != 0 else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(file: path, reason: error.localizedDescription)
        }
        try synchronizeParent(of: path)
    }

    private static func synchronizeParent(of path: String) throws(LogStorageError) {
        let parent = unsafe open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw .cannotOpen(file: path, reason: systemReason()) }
        defer { close(parent) }
        guard fsync(parent) == 0 else { throw .cannotWrite(file: path, reason: systemReason()) }
    }
}

/// The last failure of the system, in its own words.
func systemReason() -> String {
    guard let words = unsafe strerror(errno) else { return "error \(errno)" }
    return unsafe String(cString: words)
}
