import Foundation
import Testing

/// Prometheus's own checker, run as a process.
enum Promtool {
    struct Result {
        let succeeded: Bool
        /// Both streams, in no particular order between them.
        let output: String
    }

    /// Runs it, in the given folder or the project's top one.
    ///
    /// - Throws: `Missing` when there is no promtool on the PATH.
    static func run(_ arguments: [String], in folder: URL = Repository.root) throws -> Result {
        guard let tool = path else { throw Missing() }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: tool)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(succeeded: process.terminationStatus == 0, output: String(decoding: output, as: UTF8.self))
    }

    /// Lets promtool parse the expressions, each as a recording rule.
    ///
    /// - Returns: What it had to say; nil when it understood them all.
    static func mistake(in expressions: [String]) throws -> String? {
        let rules = expressions.enumerated().map { ["record": "expression\($0)", "expr": $1] }
        let file: [String: Any] = ["groups": [["name": "expressions", "rules": rules] as [String: Any]]]
        return try withTemporaryFolder { folder in
            // JSON is YAML.
            try JSONSerialization.data(withJSONObject: file, options: .withoutEscapingSlashes).write(
                to: folder.appending(path: "rules.yml"))
            let result = try run(["check", "rules", "rules.yml"], in: folder)
            return result.succeeded ? nil : result.output
        }
    }

    struct Missing: Error, CustomStringConvertible {
        var description: String { "promtool is not on the PATH; it comes with Prometheus (apt-get install prometheus)" }
    }

    private static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { $0 + "/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()
}

/// Gives the body a folder of its own and removes it afterwards.
func withTemporaryFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tidy-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record("left behind: \(folder.path): \(error)") }
    }
    return try body(folder)
}
