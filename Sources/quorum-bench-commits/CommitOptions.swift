import ClusterHarness
import Foundation

/// What the command line asked for.
struct CommitOptions {
    var seconds = 10
    /// Of one command.
    var bytes = 1_024
    /// Where the stores' folder is made; nil for the system's place.
    var folder: String?

    /// A command line that cannot be obeyed.
    struct Mistake: Error {
        let description: String
    }

    /// - Throws: `Mistake` with what is wrong.
    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            switch flag {
            case "--seconds": seconds = try CommitOptions.number(flag, rest.popFirst(), 1...120)
            case "--bytes": bytes = try CommitOptions.number(flag, rest.popFirst(), 1...1_000_000)
            case "--folder":
                guard let path = rest.popFirst() else { throw Mistake(description: "--folder takes a path") }
                folder = path
            default: throw Mistake(description: "unknown argument \(flag)")
            }
        }
    }

    /// A new folder, for the caller to remove.
    func makeFolder() throws -> String {
        guard let folder else { return try TemporaryFolder.make() }
        let path = "\(folder)/quorum-bench-commits-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private static func number(_ flag: String, _ text: String?, _ range: ClosedRange<Int>) throws -> Int {
        guard let text, let number = Int(text), range.contains(number) else {
            throw Mistake(
                description: "\(flag) takes a number from \(range.lowerBound) to \(range.upperBound), not \(text ?? "nothing")")
        }
        return number
    }
}
