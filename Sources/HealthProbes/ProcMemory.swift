/// What `/proc/meminfo` says, in bytes.
struct ProcMemory: Equatable {
    let totalBytes: UInt64
    /// The kernel's estimate of what programs can still get without swapping.
    let availableBytes: UInt64

    /// - Throws: `ProbeError` naming the file.
    init(procRoot: String) throws(ProbeError) {
        let file = try ProcFile(procRoot + "/meminfo")
        totalBytes = try ProcMemory.bytes("MemTotal:", in: file)
        availableBytes = try ProcMemory.bytes("MemAvailable:", in: file)
    }

    private static func bytes(_ name: String, in file: ProcFile) throws(ProbeError) -> UInt64 {
        let rest = try file.line(startingWith: name)
        let words = fields(rest)
        guard words.count == 2, words[1].elementsEqual("kB".utf8), let kibibytes = decimal(words[0]), kibibytes < 1 << 50 else {
            throw .malformed(file.path, expected: "a number of kB after \"\(name)\"", found: rest)
        }
        return kibibytes * 1_024
    }
}
