import Foundation

/// A run of this program in a process of its own, so that a trap in it is an answer and not the end.
final class ChildProcess {
    private let process = Process()
    private let errors: URL

    /// - Parameter output: where its lines go.
    init(_ arguments: [String], output: FileHandle) throws {
        errors = FileManager.default.temporaryDirectory.appendingPathComponent("quorum-simulator-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: errors.path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
        process.executableURL = try ChildProcess.thisProgram()
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        try process.run()
    }

    private static func thisProgram() throws -> URL {
        URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    }

    /// How it ended, once it has.
    struct End {
        var isTrap: Bool
        var status: Int32
        /// What it said last, in one line.
        var words: String
    }

    func wait() throws -> End {
        process.waitUntilExit()
        let data = try Data(contentsOf: errors)
        try FileManager.default.removeItem(at: errors)
        let text = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        let said = text.first { $0.contains("Fatal error") } ?? text.last ?? "no word"
        return End(isTrap: process.terminationReason == .uncaughtSignal, status: process.terminationStatus, words: ChildProcess.plain(said))
    }

    /// Without the compiler's place and prefix.
    private static func plain(_ line: String) -> String {
        guard let range = line.range(of: "Fatal error: ") else { return line }
        let words = String(line[range.upperBound...])
        return words.hasPrefix("invariant broken: ") ? String(words.dropFirst("invariant broken: ".count)) : words
    }

    func end() { if process.isRunning { process.terminate() } }
}
