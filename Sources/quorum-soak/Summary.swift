import ClusterHarness
import FlippedStores
import ScrapeHistory

/// What came of all clusters of a run, in figures.
struct Summary {
    private let options: Options
    var lasted = Duration.zero
    private(set) var violations: [String] = []
    private var clusters = 0
    private var tally: [String: Int] = [:]
    private var scrapes = 0
    private var views = 0
    private var committed = 0
    private var leaderChanges = 0
    private var detections: [Detection] = []
    private var calls: [DownCall] = []
    private var judged = 0
    private var flips = (started: 0, refused: 0, took: Duration.zero)

    init(_ options: Options) { self.options = options }

    mutating func add(_ flipped: FlippedStarts, took: Duration) {
        flips = (flipped.started, flipped.refused, took)
        violations += flipped.violations
    }

    mutating func add(_ outcome: NemesisRun.Outcome) {
        clusters += 1
        tally.merge(outcome.tally, uniquingKeysWith: +)
        scrapes += outcome.observations.count
        views += outcome.observations.count { $0.view != nil }
        committed += HistoryChecks.entriesCommitted(outcome.observations)
        leaderChanges += HistoryChecks.leaderChanges(outcome.observations)
        detections += outcome.detections
        calls += outcome.downCalls
        judged += outcome.judged.count
        violations += outcome.violations
    }

    var text: String {
        var lines = ["seed \(options.seed): \(clusters) clusters, \(seconds(lasted)) of faults", "", "inflicted"]
        lines += tally.sorted { $0.key < $1.key }.map { "  \(padded("\($0.value)", 5))  \($0.key)" }
        lines += [
            "", "seen", "  \(scrapes) scrapes, \(views) with a view",
            "  \(committed) entries committed, \(leaderChanges) changes of leader",
            "  \(judged) times held to the bound of liveness, amid a fault or after it",
        ]
        if flips.took > .zero {
            lines.append(
                "  \(flips.started + flips.refused) starts on a flipped bit in \(seconds(flips.took)): \(flips.refused) refused, "
                    + "\(flips.started) with the right data")
        }
        lines += ["", "from a deed to the first scrape that showed the member down"] + detectionLines
        let excused = calls.count { $0.ground == .heavyLoss }
        let alarms = calls.count { $0.ground == .none }
        lines += [
            "", "false alarms: \(alarms) of \(calls.count) calls; at 20 % loss \(excused) more", "violations: \(violations.count)",
        ]
        lines += violations.prefix(20).map { "  \($0)" }
        return (lines + shortfalls.map { "too little was done: \($0)" }).joined(separator: "\n")
    }

    /// What was done less often than must be for a run without violations to say anything.
    var shortfalls: [String] {
        var short: [String] = []
        let kills = tally["SIGKILL", default: 0]
        if kills < options.kills { short.append("\(kills) times SIGKILL, not \(options.kills)") }
        if judged < clusters { short.append("\(judged) times held to the bound of liveness by \(clusters) clusters") }
        let copies = flips.started + flips.refused
        if copies < options.flips { short.append("\(copies) starts on a flipped bit, not \(options.flips)") }
        // Some of a store's bits matter, and others lie on what is free: of so many copies some are of either kind.
        if copies >= 100, flips.started == 0 || flips.refused == 0 {
            short.append("of \(copies) stores with a flipped bit \(flips.refused) refused: not all bits were in reach")
        }
        return short
    }

    /// By what was done: how many were seen, the median, the worst; and how long the unseen ones lasted at most.
    private var detectionLines: [String] {
        let kinds = Dictionary(grouping: detections) { $0.deed.prefix { $0 != " " }.description + words($0) }
        return kinds.sorted { $0.key < $1.key }.map { kind, all in
            let times = all.compactMap(\.after).sorted()
            let unseen = all.filter { $0.after == nil }.map(\.lasted).max()
            let seen = times.isEmpty ? "none seen" : "median \(seconds(times[times.count / 2])), worst \(seconds(times[times.count - 1]))"
            let rest = unseen.map { ", \(all.count - times.count) over before they were seen, the longest after \(seconds($0))" } ?? ""
            return "  \(kind): \(times.count) seen, \(seen)\(rest)"
        }
    }

    /// A deed is named by its first words; the members it was done to stand behind.
    private func words(_ detection: Detection) -> String {
        let rest = detection.deed.split(separator: " ").dropFirst().prefix { !$0.hasPrefix("(") && $0.count > 1 }
        return rest.isEmpty ? "" : " " + rest.joined(separator: " ")
    }

    private func seconds(_ duration: Duration) -> String {
        let hundredths = Int((duration / .milliseconds(10)).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }

    private func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}
