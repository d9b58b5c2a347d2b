import Foundation
import Glibc

/// A folder that stands in for `/proc`, removed with its last reference.
final class ProcFolder: Sendable {
    let path: String

    /// Holds what a healthy machine's files say.
    init() throws {
        path = NSTemporaryDirectory() + "probes-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path + "/self/fd", withIntermediateDirectories: true)
        try write("stat", "cpu  100 20 30 800 50 0 0 0 0 0\ncpu0 1 1 1 1 1 0 0 0 0 0\nintr 12\nbtime 1700000000\n")
        try write("loadavg", "0.35 0.29 0.16 1/94 8060\n")
        try write("meminfo", "MemTotal:       2000 kB\nMemFree:        500 kB\nMemAvailable:   1500 kB\n")
        try write("self/mountinfo", "22 1 0:21 / / rw,relatime - ext4 /dev/sda rw\n")
        try write(
            "self/stat",
            "77 (a (b) c) S 1 77 77 0 -1 4194560 1 0 0 0 250 150 0 0 20 0 9 0 1234 1048576 256 18446744073709551615 1 1\n")
        try write("self/limits", "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096       files\n")
        for name in ["0", "1", "2"] { try write("self/fd/" + name, "") }
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path): \(error)") }
    }

    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name)) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    /// Replaces a file by a pipe: reading it hangs until `release` is called.
    func makeHang(_ name: String) throws {
        try remove(name)
        guard unsafe mkfifo(path + "/" + name, 0o600) == 0 else { throw POSIXError(.EIO) }
    }

    /// Lets whoever hangs on the pipe read nothing, and whoever reads it next hang again.
    func release(_ name: String) {
        let descriptor = unsafe open(path + "/" + name, O_WRONLY)
        close(descriptor)
    }
}
