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
        try SystemCommand.run(["truncate", "-s", "64M", image])
        try SystemCommand.run(["mkfs.ext4", "-q", "-F", image])
        try SystemCommand.run(["mount", "-o", "loop", image, path])
    }

    /// The shell command that takes it away, whether it is there or not.
    static func removal(of path: String) -> String { "fsfreeze -u '\(path)' 2>/dev/null; umount -l '\(path)' 2>/dev/null" }

    /// From now on what writes to it waits, uninterruptibly.
    public func freeze() throws { try SystemCommand.run(["fsfreeze", "-f", path]) }

    /// What waited goes on.
    public func thaw() throws { try SystemCommand.run(["fsfreeze", "-u", path]) }

    func unmount() { _ = unsafe umount2(path, CInt(MNT_DETACH)) }
}
