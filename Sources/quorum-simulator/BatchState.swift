import ClusterSimulator
import Foundation

/// What a batch has done so far, so that a long one can be run in parts: each seed counts once, whenever the batch is ended.
struct BatchState {
    private(set) var runs = 0
    /// Of all seeds below `nextSeed`. Its hash is the sum of theirs: it shows that they are those seeds, each once.
    private(set) var total = RunReport(seed: 0, plan: "")
    /// What was found in them; a batch that stops at the first does not count its seed.
    private(set) var violations: [String] = []
    /// Every seed below is done.
    private(set) var nextSeed: UInt64
    /// Done beyond that: added up once those before them are done too.
    private var ahead: [UInt64: (report: RunReport, violation: String?)] = [:]
    private let header: String

    private init(_ options: Options) {
        nextSeed = options.seeds.lowerBound
        header =
            "seeds \(options.seeds.lowerBound)..\(options.seeds.upperBound) events \(options.events)"
            + (options.hasRealStores ? " on real stores" : "")
    }

    /// Of a file made by a batch of the same seeds and events; of nothing without one.
    ///
    /// - Throws: when the file is another batch's, or cannot be read.
    static func load(_ options: Options) throws -> BatchState {
        var state = BatchState(options)
        guard let path = options.stateFile, FileManager.default.fileExists(atPath: path) else { return state }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        guard lines.count >= 4, lines[0] == state.header else {
            throw Options.Mistake(words: "\(path) is of another batch: remove it, or give another name")
        }
        guard let next = UInt64(lines[1]), let runs = Int(lines[2]), let total = RunReport(line: lines[3]),
            next == options.seeds.lowerBound + UInt64(runs), runs <= options.seeds.count
        else { throw Options.Mistake(words: "\(path) cannot be read") }
        state.nextSeed = next
        state.runs = runs
        state.total = total
        state.violations = Array(lines[4...])
        return state
    }

    func save(to path: String?) throws {
        guard let path else { return }
        let lines = [header, "\(nextSeed)", "\(runs)", total.line] + violations
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    mutating func done(_ report: RunReport, _ violation: String?) {
        ahead[report.seed] = (report, violation)
        while let next = ahead.removeValue(forKey: nextSeed) {
            total.add(next.report)
            if let violation = next.violation { violations.append(violation) }
            runs += 1
            nextSeed += 1
        }
    }
}
