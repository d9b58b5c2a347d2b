import ClusterHarness
import Foundation
import Glibc

/// What the disk alone needs: as many bytes as a command has, appended to a file and synced, one after the other.
enum Reference {
    /// - Returns: the time of each of `count` appends.
    /// - Throws: `HarnessError` when the file cannot be written.
    static func appends(of bytes: Int, count: Int, in folder: String) throws -> [Duration] {
        let path = folder + "/reference"
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HarnessError("cannot write \(path): errno \(errno)") }
        defer {
            close(descriptor)
            _ = unsafe unlink(path)
        }
        let block = [UInt8](repeating: 0x5A, count: bytes)
        return try (0..<count).map { _ in
            let began = ContinuousClock.now
            let written = unsafe block.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard written == bytes, fdatasync(descriptor) == 0 else { throw HarnessError("cannot write \(path): errno \(errno)") }
            return began.duration(to: .now)
        }
    }
}
