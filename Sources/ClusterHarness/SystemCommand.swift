import Foundation

/// Programs of the system that tests need, such as `openssl`.
enum SystemCommand {
    /// Runs one and waits for its end.
    /// - Throws: `HarnessError` with what it said, when it does not end well.
    static func run(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] + words
        let output = Pipe()
        process.standardError = output
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw HarnessError("\(words.joined(separator: " ")): \(String(decoding: text, as: UTF8.self))")
        }
    }
}
