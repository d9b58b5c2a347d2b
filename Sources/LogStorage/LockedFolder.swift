import Foundation
import Synchronization

/// A folder on a disk, held by one process at a time.
///
/// The lock is on the folder itself, so that nothing is created in a folder that is then refused, and it ends with the process.
final class LockedFolder: StoreFolder {
    let path: String
    /// The folder's descriptor; -1 once released.
    private let descriptor: Atomic<Int32>

    /// Makes the folder if it is not there, and takes its lock.
    ///
    /// - Parameter synchronizeParent: makes durable that a folder is in the one above it.
    /// - Throws: `LogStorageError.cannotOpen`, `LogStorageError.locked`.
    init(
        _ path: String, synchronizeParent: (String) throws(LogStorageError) -> Void = LockedFolder.synchronizeParent
    ) throws(LogStorageError) {
        self.path = path
        try LockedFolder.create(path, synchronizeParent)
        let opened = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotOpen(file: path, reason: systemReason()) }
        descriptor = Atomic(opened)
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            throw errno == EWOULDBLOCK ? .locked(folder: path) : .cannotOpen(file: path, reason: systemReason())
        }
    }

    deinit { release() }

    func release() {
        let held = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
        guard held >= 0 else { return }
        // Unlocked by name: a process that is just being spawned shares the descriptor until it becomes another program.
        flock(held, LOCK_UN)
        close(held)
    }

    func synchronize() throws(LogStorageError) {
        guard fsync(descriptor.load(ordering: .acquiring)) == 0 else { throw .cannotWrite(file: path, reason: systemReason()) }
    }

    func exists(_ file: String) throws(LogStorageError) -> Bool {
        var status = stat()
        if unsafe lstat(file, &status) == 0 { return true }
        guard errno == ENOENT else { throw .cannotOpen(file: file, reason: systemReason()) }
        return false
    }

    func bytes(of file: String) -> UInt64 {
        var status = stat()
        return unsafe stat(file, &status) == 0 ? UInt64(max(0, status.st_size)) : 0
    }

    func firstByte(of file: String) throws(LogStorageError) -> UInt8? {
        let opened = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotOpen(file: file, reason: systemReason()) }
        defer { close(opened) }
        var first: UInt8 = 0
        let count = unsafe read(opened, &first, 1)
        guard count >= 0 else { throw .cannotOpen(file: file, reason: systemReason()) }
        return count == 1 ? first : nil
    }

    func checkWritable(_ file: String) throws(LogStorageError) {
        guard unsafe access(file, W_OK) == 0 else { throw .cannotWrite(file: file, reason: systemReason()) }
    }

    func remove(_ file: String) throws(LogStorageError) {
        guard unsafe unlink(file) == 0 || errno == ENOENT else { throw .cannotWrite(file: file, reason: systemReason()) }
    }

    func rename(_ file: String, to name: String) throws(LogStorageError) {
        guard unsafe Foundation.rename(file, name) == 0 else { throw .cannotWrite(file: name, reason: systemReason()) }
    }

    /// Makes a folder and those it is to be in; what was made is durable once the folder above each of them is.
    ///
    /// As long as there is no store, that is so of folders that are there already too: a start that was killed may have made them.
    private static func create(_ path: String, _ synchronizeParent: (String) throws(LogStorageError) -> Void) throws(LogStorageError) {
        let folders = folders(upTo: path)
        let missing = folders.filter { unsafe access($0, F_OK) != 0 }
        if !missing.isEmpty { try create(path) }
        guard unsafe access(storeFile(in: path), F_OK) != 0 else { return }
        for folder in folders {
            do {
                try synchronizeParent(folder)
            } catch .cannotOpen where !missing.contains(folder) {
                // Somebody else's: nobody made a folder in it who may not even look.
            }
        }
    }

    private static func create(_ path: String) throws(LogStorageError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(file: path, reason: error.localizedDescription)
        }
    }

    /// The folder at a path and those above it, the innermost first; without the root.
    private static func folders(upTo path: String) -> [String] {
        var folders: [String] = []
        var folder = path
        while !folder.isEmpty, folder != "/" {
            folders.append(folder)
            folder = (folder as NSString).deletingLastPathComponent
        }
        return folders
    }

    static func synchronizeParent(of path: String) throws(LogStorageError) {
        let parent = unsafe open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw .cannotOpen(file: path, reason: systemReason()) }
        defer { close(parent) }
        // On a read-only file system, and on one whose folders have nothing to write, such as autofs, there is nothing to wait for.
        guard fsync(parent) == 0 || errno == EROFS || errno == EINVAL else { throw .cannotWrite(file: path, reason: systemReason()) }
    }
}

/// The last failure of the system, in its own words.
func systemReason() -> String {
    guard let words = unsafe strerror(errno) else { return "error \(errno)" }
    return unsafe String(cString: words)
}
