import ClusterSimulator
import Foundation

/// What a batch has done so far, so that a long one can be run in parts.
struct BatchState {
    private(set) var runs = 0
    private(set) var total = RunReport(seed: 0, plan: "")
    /// Every seed below is done.
    private(set) var nextSeed: UInt64
    /// Done beyond that, with their reports: added up once those before them are done too.
    private var ahead: [UInt64: RunReport] = [:]
    private let header: String

    private init(_ options: Options) {
        nextSeed = options.seeds.lowerBound
        header = "seeds \(options.seeds.lowerBound)..\(options.seeds.upperBound) events \(options.events)"
    }

    /// Of a file made by a batch of the same seeds and events; of nothing without one.
    ///
    /// - Throws: when the file is another batch's, or cannot be read.
    static func load(_ options: Options) throws -> BatchState {
        var state = BatchState(options)
        guard let path = options.stateFile, FileManager.default.fileExists(atPath: path) else { return state }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        guard lines.count == 4, lines[0] == state.header else {
            throw Options.Mistake(words: "\(path) is of another batch: remove it, or give another name")
        }
        guard let next = UInt64(lines[1]), let runs = Int(lines[2]), let total = RunReport(line: lines[3]) else {
            throw Options.Mistake(words: "\(path) cannot be read")
        }
        state.nextSeed = next
        state.runs = runs
        state.total = total
        return state
    }

    func save(to path: String?) throws {
        guard let path else { return }
        try "\(header)\n\(nextSeed)\n\(runs)\n\(total.line)\n".write(toFile: path, atomically: true, encoding: .utf8)
    }

    mutating func done(_ report: RunReport) {
        ahead[report.seed] = report
        while let next = ahead.removeValue(forKey: nextSeed) {
            total.add(next)
            runs += 1
            nextSeed += 1
        }
    }
}
