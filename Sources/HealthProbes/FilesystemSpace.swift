import ClusterHealth
import Glibc

/// A folder's filesystem: its size, what is left for a plain user, and where it is mounted.
enum FilesystemSpace {
    /// May block for as long as a dead mount likes: never called outside a lane.
    ///
    /// - Throws: `ProbeError` naming the folder or the mount table.
    static func measure(folder: String, procRoot: String) throws(ProbeError) -> HealthSample.Filesystem {
        let path = try realPath(folder)
        var space = statvfs()
        if unsafe statvfs(path, &space) != 0 { throw .callFailed(call: "statvfs", path: path, reason: systemMessage(errno)) }
        let mountpoint = try MountTable(procRoot: procRoot).mountpoint(holding: path)
        return HealthSample.Filesystem(
            mountpoint: mountpoint,
            sizeBytes: try bytes(UInt64(space.f_blocks), of: UInt64(space.f_frsize), path),
            availableBytes: try bytes(UInt64(space.f_bavail), of: UInt64(space.f_frsize), path))
    }

    private static func bytes(_ blocks: UInt64, of blockSize: UInt64, _ path: String) throws(ProbeError) -> UInt64 {
        let (bytes, overflow) = blocks.multipliedReportingOverflow(by: blockSize)
        if overflow { throw .callFailed(call: "statvfs", path: path, reason: "\(blocks) blocks of \(blockSize) bytes do not fit") }
        return bytes
    }

    /// The folder without links and dots.
    private static func realPath(_ folder: String) throws(ProbeError) -> String {
        guard let resolved = unsafe realpath(folder, nil) else {
            throw .callFailed(call: "realpath", path: folder, reason: systemMessage(errno))
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}

/// The mount points of `/proc/self/mountinfo`.
struct MountTable {
    let file: ProcFile
    let mountpoints: [[UInt8]]

    /// - Throws: `ProbeError` naming the file.
    init(procRoot: String) throws(ProbeError) {
        file = try ProcFile(procRoot + "/self/mountinfo")
        var mountpoints: [[UInt8]] = []
        for line in file.lines {
            let words = fields(line)
            guard words.count >= 6, let first = words[4].first, first == UInt8(ascii: "/") else {
                throw .malformed(file.path, expected: "a mount point as fifth field", found: line)
            }
            mountpoints.append(MountTable.unescaped(words[4]))
        }
        self.mountpoints = mountpoints
    }

    /// The mount point that a path without links lies under: the longest that is a prefix of whole names.
    ///
    /// - Throws: `ProbeError.malformed` when none is.
    func mountpoint(holding path: String) throws(ProbeError) -> String {
        let wanted = Array(path.utf8)
        var best: [UInt8]?
        for mountpoint in mountpoints where MountTable.holds(mountpoint, wanted) && mountpoint.count >= (best?.count ?? 0) {
            best = mountpoint
        }
        guard let best else { throw .malformed(file.path, expected: "a mount point above \(path)", found: file.bytes) }
        return String(decoding: best, as: UTF8.self)
    }

    private static func holds(_ mountpoint: [UInt8], _ path: [UInt8]) -> Bool {
        if mountpoint.count == 1 { return true }
        guard path.starts(with: mountpoint) else { return false }
        return path.count == mountpoint.count || path[mountpoint.count] == UInt8(ascii: "/")
    }

    /// Blank, tab, line feed and backslash are written as `\` and three octal digits.
    private static func unescaped(_ word: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = word
        while let byte = rest.first {
            let digits = rest.dropFirst().prefix(3)
            let isEscape = byte == UInt8(ascii: "\\") && digits.count == 3 && digits.allSatisfy { $0 >= 0x30 && $0 <= 0x37 }
            if isEscape {
                bytes.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }))
                rest = rest.dropFirst(4)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return bytes
    }
}
