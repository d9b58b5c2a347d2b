import Glibc
import NIOConcurrencyHelpers

/// A socket in the file system: who is in its place, whom it lets in, and its end.
struct SocketFile: Sendable {
    let path: String
    /// The bound file's device and number, so that only this one is ever removed.
    private let bound = NIOLockedValueBox<(device: dev_t, number: ino_t)?>(nil)
    /// The process's mask while the file is being made.
    private let mask = NIOLockedValueBox<mode_t?>(nil)

    /// The longest path the system takes, in bytes.
    static let maximumPathBytes = 107

    /// - Throws: `MetricsServerError.invalidSocketPath`.
    init(_ path: String) throws(MetricsServerError) {
        guard (1...SocketFile.maximumPathBytes).contains(path.utf8.count), !path.utf8.contains(0) else {
            throw .invalidSocketPath(path, reason: "has \(path.utf8.count) bytes, the system takes 1 to \(SocketFile.maximumPathBytes)")
        }
        self.path = path
    }

    /// Makes room, and sees to it that the file is its owner's alone from its first moment on. A socket that a dead process left is
    /// replaced; nothing else is.
    ///
    /// - Throws: `MetricsServerError.cannotListen` naming what is in the way.
    func prepare() throws(MetricsServerError) {
        if let kind = try kindOfFile() {
            guard kind == S_IFSOCK else { throw .cannotListen(path, reason: "there is a file that is no socket") }
            guard !isAnswered else { throw .cannotListen(path, reason: "another process listens there") }
            guard unsafe unlink(path) == 0 || errno == ENOENT else {
                throw .cannotListen(path, reason: "the socket of a dead process cannot be removed: \(systemWords())")
            }
        }
        mask.withLockedValue { if $0 == nil { $0 = umask(0o077) } }
    }

    /// The file is there: lets the process make other files as before, and only the owner read and write this one.
    func restrict() throws(MetricsServerError) {
        restoreMask()
        var status = stat()
        guard unsafe chmod(path, 0o600) == 0, unsafe lstat(path, &status) == 0 else {
            throw .cannotListen(path, reason: systemWords())
        }
        bound.withLockedValue { $0 = (status.st_dev, status.st_ino) }
    }

    /// Removes the file, unless somebody has put another one there.
    func remove() {
        restoreMask()
        guard let own = bound.withLockedValue(\.self) else { return }
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_dev == own.device, status.st_ino == own.number else { return }
        _ = unsafe unlink(path)
    }

    private func restoreMask() {
        mask.withLockedValue { previous in
            if let mode = previous { umask(mode) }
            previous = nil
        }
    }

    private func kindOfFile() throws(MetricsServerError) -> mode_t? {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return status.st_mode & S_IFMT }
        guard errno == ENOENT else { throw .cannotListen(path, reason: systemWords()) }
        return nil
    }

    /// Whether a process listens there: a socket whose process is gone refuses.
    private var isAnswered: Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 || errno != ECONNREFUSED
    }

    private func systemWords() -> String {
        guard let words = unsafe strerror(errno) else { return "error \(errno)" }
        return unsafe String(cString: words)
    }
}
