import Foundation
import NodeReplica

/// A recording on its way to the disk. What fails ends it, and nothing else.
struct RecordingFile: Sendable {
    private let path: String
    private let handle: FileHandle
    private let maximumBytes: Int
    private var encoder = RecordingEncoder()
    /// Encoded and not yet written.
    private var buffer: [UInt8] = []
    private var written = 0
    private var end: RecordingEnd?
    private var isClosed = false

    enum Item: Sendable {
        case head(RecordingHead)
        case input(RecordedInput, Moment)
        case effects([ReplicaEffect])
        case end(RecordingEnd)
    }

    /// The file cannot be made.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A quarter of a GiB: about a day of a leader of three.
    static let usualMaximumBytes = 256 << 20

    init(path: String, maximumBytes: Int) throws(Failure) {
        self.path = path
        self.maximumBytes = maximumBytes
        do {
            handle = try RecordingFile.create(path)
        } catch {
            throw Failure(description: "--debug.record: \(path): cannot be written: \(error.localizedDescription)")
        }
    }

    private static func create(_ path: String) throws -> FileHandle {
        let files = FileManager.default
        if files.fileExists(atPath: path) {
            let previous = path + ".previous"
            if files.fileExists(atPath: previous) { try files.removeItem(atPath: previous) }
            try files.moveItem(atPath: path, toPath: previous)
        }
        try Data().write(to: URL(filePath: path))
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return try FileHandle(forWritingTo: URL(filePath: path))
    }

    /// Encodes an item. Behind the end nothing counts.
    mutating func add(_ item: Item) {
        guard end == nil else { return }
        switch item {
        case .head(let head): add { $0.begin(head) }
        case .input(let input, let moment): add { $0.input(input, at: moment) }
        case .effects(let effects): encoder.effects(effects)
        case .end(let end): finish(end)
        }
    }

    private mutating func add(_ encode: (inout RecordingEncoder) -> [UInt8]) {
        var next = encoder
        let bytes = encode(&next)
        guard written + buffer.count + bytes.count + RecordingEncoder.maximumEndBytes <= maximumBytes else { return finish(.full) }
        encoder = next
        buffer += bytes
    }

    private mutating func finish(_ end: RecordingEnd) {
        self.end = end
        // Without a head there is nothing to end.
        if written + buffer.count > 0 { buffer += encoder.end(end) }
    }

    /// Writes what is encoded.
    ///
    /// - Returns: once, why the recording ended before its process did, in words.
    mutating func write() -> String? {
        guard !isClosed else { return nil }
        do {
            try handle.write(contentsOf: Data(buffer))
            written += buffer.count
            buffer = []
            guard let end else { return nil }
            isClosed = true
            try handle.close()
            return words(for: end)
        } catch {
            isClosed = true
            return "it cannot be written: \(error.localizedDescription)"
        }
    }

    private func words(for end: RecordingEnd) -> String? {
        switch end {
        case .stopped: return nil
        case .full: return "it has reached its bound of \(maximumBytes >> 20) MiB"
        case .dropped: return "inputs came faster than they could be written"
        }
    }
}
