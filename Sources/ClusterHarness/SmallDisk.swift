import Foundation
import Glibc

/// A file system in memory that can be filled to its last block. Needs root.
public final class SmallDisk: Sendable {
    public let path: String

    private var filler: String { path + "/filler" }

    init(mountedAt path: String, kibibytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(kibibytes)k") == 0 else {
            throw HarnessError("cannot mount a small disk at \(path): \(SystemError.text())")
        }
    }

    /// The shell command that takes it away, whether it is there or not.
    static func removal(of path: String) -> String { "umount -l '\(path)' 2>/dev/null" }

    /// Writes until nothing more fits.
    /// - Throws: `HarnessError` when there is room afterwards: then it would be no full disk.
    public func fill() throws {
        let descriptor = unsafe open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HarnessError("\(filler): \(SystemError.text())") }
        defer { close(descriptor) }
        let block = [UInt8](repeating: 1, count: 4_096)
        var written = 1
        while written > 0 { written = unsafe block.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) } }
        guard errno == ENOSPC, freeBytes == 0 else {
            throw HarnessError("\(path) is not full: \(freeBytes) bytes free, \(SystemError.text())")
        }
    }

    /// There is room again.
    public func makeRoom() throws { try FileManager.default.removeItem(atPath: filler) }

    /// Bytes that can still be written.
    public var freeBytes: UInt64 {
        var figures = statvfs()
        guard unsafe statvfs(path, &figures) == 0 else { return 0 }
        return UInt64(figures.f_bavail) * UInt64(figures.f_frsize)
    }

    func unmount() { _ = unsafe umount2(path, CInt(MNT_DETACH)) }
}
