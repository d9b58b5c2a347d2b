import ClusterSimulator

/// What the command line asks for.
struct Options: Sendable {
    var seeds: ClosedRange<UInt64> = 1...1
    /// Of each run.
    var events = RunRequest.usualEvents
    var isSingle = true
    var trace = false
    /// Where a batch remembers what it has done.
    var stateFile: String?
    /// A batch goes on after a violation and names them all.
    var keepsGoing = false
    /// A batch does not ask whether it has injected enough.
    var isUnmeasured = false
    /// This process is a worker: it runs its seeds and tells its parent.
    var isWorker = false
    /// A worker writes the number of each event there before it happens.
    var announceFile: String?
    /// Record what this machine's processes take in, each process in a file of its own.
    var recording: (machine: String, file: String)?
    /// Replay this recording instead of simulating anything.
    var replayFile: String?
    /// Of a replay, tell only what came out.
    var isQuiet = false
    /// Every run has real stores, and not only a part of them.
    var hasRealStores = false

    static let usage = """
        usage: quorum-simulator --seed N [--events N] [--trace] [--real-store] [--record MACHINE FILE]
               quorum-simulator --seeds A..B [--events TOTAL] [--state FILE] [--keep-going] [--unmeasured] [--real-store]
               quorum-simulator --events TOTAL [--state FILE] …
               quorum-simulator --replay FILE [--quiet]
        Runs simulated clusters from seeds; a violation is one line and exit status 1. Numbers may be written like 1e7.
        A fifth of the seeds has production's own store over disks in memory in place of a model; with --real-store all have.
        --record writes what the processes of a machine such as m0 take in to FILE.1, FILE.2 and so on. --replay hands a recording, of a
        node run with --debug.record too, to a fresh replica and tells every input and effect; a difference is one line and exit status 1.
        """

    /// A mistake in the arguments, in words.
    struct Mistake: Error { var words: String }

    init(_ arguments: [String]) throws(Mistake) {
        var left = arguments[...]
        var total: Int?
        var hasSeed = false
        var hasSeeds = false
        while let argument = left.popFirst() {
            switch argument {
            case "--seed":
                let seed = try Options.number(left.popFirst(), argument)
                seeds = seed...seed
                hasSeed = true
            case "--seeds":
                seeds = try Options.range(left.popFirst())
                hasSeeds = true
            case "--events": total = Int(clamping: try Options.number(left.popFirst(), argument))
            case "--trace": trace = true
            case "--state": stateFile = left.popFirst()
            case "--keep-going": keepsGoing = true
            case "--unmeasured": isUnmeasured = true
            case "--worker": isWorker = true
            case "--real-store": hasRealStores = true
            case "--announce": announceFile = left.popFirst()
            case "--record":
                guard let machine = left.popFirst(), let file = left.popFirst() else {
                    throw Mistake(words: "--record needs a machine such as m0, and a file")
                }
                recording = (machine, file)
            case "--replay":
                guard let file = left.popFirst() else { throw Mistake(words: "--replay needs a file") }
                replayFile = file
            case "--quiet": isQuiet = true
            default: throw Mistake(words: "unknown argument \(argument)")
            }
        }
        if replayFile != nil { return }
        guard recording == nil || hasSeed || isWorker else { throw Mistake(words: "--record goes with --seed") }
        guard hasSeed || hasSeeds || total != nil else { throw Mistake(words: "neither --seed nor --seeds nor --events is given") }
        isSingle = hasSeed
        if let total { take(total, hasSeed: hasSeed, hasSeeds: hasSeeds) }
    }

    /// What a worker must be told too.
    var passedOn: [String] { hasRealStores ? ["--real-store"] : [] }

    /// A worker is told the events of each run, whoever runs many those of all.
    private mutating func take(_ total: Int, hasSeed: Bool, hasSeeds: Bool) {
        if hasSeed || isWorker {
            events = total
        } else if hasSeeds {
            events = max(1, total / seeds.count)
        } else {
            seeds = 1...UInt64(max(1, total / RunRequest.usualEvents))
        }
    }

    private static func number(_ word: String?, _ name: String) throws(Mistake) -> UInt64 {
        guard let word else { throw Mistake(words: "\(name) needs a number") }
        if let number = UInt64(word) { return number }
        guard let number = Double(word), number >= 0, number < 1e18 else { throw Mistake(words: "\(name): \(word) is no number") }
        return UInt64(number)
    }

    private static func range(_ word: String?) throws(Mistake) -> ClosedRange<UInt64> {
        let ends = (word ?? "").split(separator: ".", omittingEmptySubsequences: true).map(String.init)
        guard ends.count == 2 else { throw Mistake(words: "--seeds needs a range like 1..100") }
        let first = try number(ends[0], "--seeds")
        let last = try number(ends[1], "--seeds")
        guard first <= last else { throw Mistake(words: "--seeds \(first)..\(last) is empty") }
        return first...last
    }
}
