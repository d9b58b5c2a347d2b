import ClusterSimulator
import Foundation
import Synchronization

/// Many seeds on all cores: on each a worker in a process of its own after the other, a few seeds each.
final class Batch: Sendable {
    private let options: Options
    private let shared: Mutex<Shared>
    private let began = Date()
    private let eventsAtStart: Int

    /// What the cores work on together.
    private struct Shared {
        var state: BatchState
        /// The first seed that nobody has taken; beyond the last one when all are.
        var next: UInt64
        /// Seeds that a worker left behind when it trapped before them.
        var left: [ClosedRange<UInt64>] = []
        /// Found since the start, as they came.
        var violations: [String] = []
        var failure: (any Error)?
        var lastTold = Date()
        var lastSaved = Date()
    }

    init(_ options: Options) throws {
        self.options = options
        let state = try BatchState.load(options)
        eventsAtStart = state.total.events
        shared = Mutex(Shared(state: state, next: state.nextSeed))
    }

    /// - Returns: the exit status.
    func run() throws -> Int32 {
        let first = shared.withLock { $0.next }
        if first > options.seeds.lowerBound { print("resuming at seed \(first) of \(options.seeds.upperBound)") }
        DispatchQueue.concurrentPerform(iterations: Batch.cores) { _ in
            do {
                while let seeds = take() { try work(on: seeds) }
            } catch {
                shared.withLock { $0.failure = error }
            }
        }
        let (state, violations, failure) = shared.withLock { ($0.state, $0.violations, $0.failure) }
        if let failure { throw failure }
        try state.save(to: options.stateFile)
        tellProgress(of: state)
        return conclude(state, violations)
    }

    private static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// Seeds of one worker: a process starts in no time beside what they take.
    private static let seedsAtOnce: UInt64 = 4

    private func take() -> ClosedRange<UInt64>? {
        shared.withLock { shared in
            guard !isOver(shared) else { return nil }
            if let left = shared.left.popLast() { return left }
            guard shared.next <= options.seeds.upperBound else { return nil }
            let seeds = shared.next...min(shared.next + Batch.seedsAtOnce - 1, options.seeds.upperBound)
            shared.next = seeds.upperBound + 1
            return seeds
        }
    }

    private func isOver(_ shared: Shared) -> Bool { shared.failure != nil || (!shared.violations.isEmpty && !options.keepsGoing) }

    // MARK: One worker

    private func work(on seeds: ClosedRange<UInt64>) throws {
        let pipe = Pipe()
        let worker = try ChildProcess(SingleRun.arguments(seeds, options), output: pipe.fileHandleForWriting)
        try pipe.fileHandleForWriting.close()
        var current: UInt64?
        var violation: String?
        for line in Lines(of: pipe.fileHandleForReading) {
            if line.hasPrefix("begin ") {
                current = UInt64(line.dropFirst("begin ".count))
            } else if line.hasPrefix("violation: ") {
                violation = line
            } else if line.hasPrefix("end "), let report = RunReport(line: String(line.dropFirst("end ".count))) {
                try ended(report, violation)
                (current, violation) = (nil, nil)
            }
            if shared.withLock({ isOver($0) }) { worker.end() }
        }
        let end = try worker.wait()
        guard !shared.withLock({ isOver($0) }) else { return }
        if end.isTrap, let current {
            try trapped(current, end.words, left: current < seeds.upperBound ? (current + 1)...seeds.upperBound : nil)
        } else if end.status != 0 {
            found("violation: worker: ended with status \(end.status): \(end.words)")
        }
    }

    /// The worker has ended in a seed; which event was it?
    private func trapped(_ seed: UInt64, _ words: String, left: ClosedRange<UInt64>?) throws {
        let line =
            try SingleRun.trap(seed: seed, options)
            ?? "violation: worker: trapped in seed \(seed), which does not do so again: \(words)"
        if let left { shared.withLock { $0.left.append(left) } }
        try ended(RunReport(seed: seed, plan: ""), line)
    }

    /// A seed has run to its end, or to what was found.
    private func ended(_ report: RunReport, _ violation: String?) throws {
        if let violation { found(violation) }
        let due = shared.withLock { shared in
            // What is not counted is run again when the batch is resumed: it must not be forgotten.
            if violation == nil || options.keepsGoing { shared.state.done(report, violation) }
            return (tell: Batch.isDue(&shared.lastTold, every: 10), save: Batch.isDue(&shared.lastSaved, every: 1), state: shared.state)
        }
        if due.tell { tellProgress(of: due.state) }
        if due.save { try shared.withLock { try $0.state.save(to: options.stateFile) } }
    }

    private func found(_ violation: String) {
        if options.keepsGoing { print(violation) }
        shared.withLock { $0.violations.append(violation) }
    }

    private static func isDue(_ last: inout Date, every seconds: Double) -> Bool {
        guard Date().timeIntervalSince(last) > seconds else { return false }
        last = Date()
        return true
    }

    // MARK: Words

    private func tellProgress(of state: BatchState) {
        let seconds = max(0.001, Date().timeIntervalSince(began))
        let rate = Int(Double(state.total.events - eventsAtStart) / seconds)
        print(
            "\(state.runs) of \(options.seeds.count) runs, \(state.total.events) events, \(rate) events/s, "
                + "virtual \(state.total.virtualMilliseconds / 1_000) s")
        fflush(nil)
    }

    private func conclude(_ state: BatchState, _ violations: [String]) -> Int32 {
        let all = state.violations + violations.filter { !state.violations.contains($0) }
        if let first = all.first {
            print(options.keepsGoing ? "\(all.count) violations" : first)
            return 1
        }
        print(Summary.text(of: state.total, runs: state.runs))
        guard let lack = lack(of: state) else { return 0 }
        print("violation: coverage: \(lack) (seed \(options.seeds.upperBound), event \(state.total.events))")
        return 1
    }

    /// A quarter of what a fifth of the seeds open.
    private static let realStoresPerMillionEvents = 100

    /// What a batch that found nothing should have done and did not.
    private func lack(of state: BatchState) -> String? {
        guard state.runs == options.seeds.count else { return "\(state.runs) runs of \(options.seeds.count)" }
        let wanted = options.events * options.seeds.count
        guard state.total.events >= wanted else { return "\(state.total.events) events of \(wanted)" }
        if options.isUnmeasured { return nil }
        let opened = state.total.injected.first { $0.name == "real stores opened" }?.count ?? 0
        let fewest = state.total.events / 1_000_000 * Batch.realStoresPerMillionEvents
        guard opened >= fewest else { return "\(opened) real stores opened of \(fewest)" }
        let few = state.total.faults.tooFew(forEvents: state.total.events)
        guard !few.isEmpty else { return nil }
        return "too few of " + few.map { "\($0.label) \(state.total.faults[$0])" }.joined(separator: ", ")
    }
}
