import ClusterSimulator
import Foundation

/// Many seeds on all cores: workers in processes of their own, whose lines arrive through one pipe.
struct Batch {
    let options: Options
    private var state: BatchState
    private var running: [UInt64: Bool] = [:]
    private var violations: [String] = []
    private let began = Date()
    private var lastTold = Date()
    private var eventsAtStart = 0

    init(_ options: Options) throws {
        self.options = options
        state = try BatchState.load(options)
        eventsAtStart = state.total.events
    }

    /// - Returns: the exit status.
    mutating func run() throws -> Int32 {
        let first = state.nextSeed
        if first > options.seeds.lowerBound { print("resuming at seed \(first) of \(options.seeds.upperBound)") }
        if first <= options.seeds.upperBound { try runWorkers(from: first) }
        try state.save(to: options.stateFile)
        tellProgress()
        return conclude()
    }

    private mutating func runWorkers(from first: UInt64) throws {
        let left = options.seeds.upperBound - first + 1
        let count = min(UInt64(max(1, ProcessInfo.processInfo.activeProcessorCount)), left)
        let pipe = Pipe()
        var workers: [ChildProcess] = []
        for number in 0..<count {
            let arguments =
                [
                    "--seeds", "\(first + number)..\(options.seeds.upperBound)", "--events", "\(options.events)", "--worker-stride",
                    "\(count)",
                ] + options.passedOn
            workers.append(try ChildProcess(arguments, output: pipe.fileHandleForWriting))
        }
        try pipe.fileHandleForWriting.close()
        try readLines(from: pipe.fileHandleForReading, workers)
        for worker in workers {
            let end = try worker.wait()
            if end.isTrap, violations.isEmpty || options.keepsGoing { try explainTraps(end.words) }
            if !end.isTrap, end.status != 0 { violations.append("violation: worker: ended with status \(end.status): \(end.words)") }
        }
    }

    private mutating func readLines(from pipe: FileHandle, _ workers: [ChildProcess]) throws {
        var rest = Data()
        while true {
            let data = pipe.availableData
            guard !data.isEmpty else { return }
            rest += data
            while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                try take(String(decoding: rest[..<newline], as: UTF8.self))
                rest = Data(rest[(newline + 1)...])
            }
            if !violations.isEmpty, !options.keepsGoing { for worker in workers { worker.end() } }
        }
    }

    private mutating func take(_ line: String) throws {
        if line.hasPrefix("violation: ") {
            violations.append(line)
            if options.keepsGoing { print(line) }
        } else if line.hasPrefix("begin "), let seed = UInt64(line.dropFirst("begin ".count)) {
            running[seed] = true
        } else if line.hasPrefix("end "), let report = RunReport(line: String(line.dropFirst("end ".count))) {
            running[report.seed] = nil
            state.done(report)
        }
        guard Date().timeIntervalSince(lastTold) > 10 else { return }
        lastTold = Date()
        tellProgress()
        try state.save(to: options.stateFile)
    }

    private func tellProgress() {
        let seconds = max(0.001, Date().timeIntervalSince(began))
        let rate = Int(Double(state.total.events - eventsAtStart) / seconds)
        print("\(state.runs) runs, \(state.total.events) events, \(rate) events/s, virtual \(state.total.virtualMilliseconds / 1_000) s")
        fflush(nil)
    }

    /// A worker has trapped: which of the seeds begun and not ended was it, and at which event?
    private mutating func explainTraps(_ words: String) throws {
        for seed in running.keys.sorted() {
            guard let line = try SingleRun.trap(seed: seed, options) else { continue }
            running[seed] = nil
            violations.append(line)
            if options.keepsGoing { print(line) }
            if !options.keepsGoing { return }
        }
        if violations.isEmpty { violations.append("violation: worker: trapped, and no seed does so again: \(words)") }
    }

    private func conclude() -> Int32 {
        if let first = violations.first {
            if !options.keepsGoing { print(first) }
            return 1
        }
        print(Summary.text(of: state.total, runs: state.runs))
        let few = options.isUnmeasured ? [] : state.total.faults.tooFew(forEvents: state.total.events)
        guard let kind = few.first else { return 0 }
        let names = few.map { "\($0.label) \(state.total.faults[$0])" }.joined(separator: ", ")
        print("violation: coverage: too few of \(names) (seed \(options.seeds.upperBound), event \(state.total.events))")
        _ = kind
        return 1
    }
}
