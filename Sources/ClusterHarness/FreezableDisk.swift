import Foundation
import Glibc

/// An ext4 file system in a file, whose writes and syncs can be made to hang. Needs root and a loop device.
public final class FreezableDisk: Sendable {
    public let path: String
    private let image: String

    /// Whether this machine has loop devices.
    public static var isPossible: Bool { unsafe access("/dev/loop-control", R_OK | W_OK) == 0 }

    init(mountedAt path: String) throws {
        self.path = path
        image = path + ".image"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FreezableDisk.run("truncate", "-s", "64M", image)
        try FreezableDisk.run("mkfs.ext4", "-q", "-F", image)
        try FreezableDisk.run("mount", "-o", "loop", image, path)
    }

    /// The shell command that takes it away, whether it is there or not.
    static func removal(of path: String) -> String { "fsfreeze -u '\(path)' 2>/dev/null; umount -l '\(path)' 2>/dev/null" }

    /// From now on what writes to it waits, uninterruptibly.
    public func freeze() throws { try FreezableDisk.run("fsfreeze", "-f", path) }

    /// What waited goes on.
    public func thaw() throws { try FreezableDisk.run("fsfreeze", "-u", path) }

    func unmount() { _ = unsafe umount2(path, CInt(MNT_DETACH)) }

    private static func run(_ command: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] + command
        let output = Pipe()
        process.standardError = output
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw HarnessError("\(command.joined(separator: " ")): \(String(decoding: text, as: UTF8.self))")
        }
    }
}
