import FoundationEssentials
import Glibc

/// A folder of one's own that lasts as long as one needs it.
struct TemporaryFolder {
    let path: String

    /// - Parameter parent: where to make it, usually `TMPDIR` or `/tmp`.
    /// - Throws: `DemoError.cannotMakeFolder`.
    init(in parent: String) throws(DemoError) {
        let pattern = parent + "/quorum-demo-XXXXXX"
        var template = pattern.utf8.map { CChar(bitPattern: $0) } + [0]
        guard unsafe mkdtemp(&template) != nil else {
            throw .cannotMakeFolder(pattern, reason: SystemCalls.reason())
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes it with all that is in it.
    /// - Returns: why not; nil when it is gone.
    func remove() -> String? {
        do {
            try FileManager.default.removeItem(atPath: path)
            return nil
        } catch {
            return "cannot remove \(path): \(error)"
        }
    }
}

/// The end of a log file.
enum LogTail {
    /// The last lines of a file, few and cut to a length one can read; none when it cannot be read.
    static func lines(of path: String, count: Int = 5) -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        let end = String(decoding: data.suffix(16 << 10), as: UTF8.self)
        return end.split(separator: "\n").suffix(count).map { String($0.prefix(500)) }
    }
}
