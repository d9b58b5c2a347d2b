import Foundation

/// The figures of one run as text.
struct CommitReport {
    private let reference: [Duration]
    private var lines: [String]

    /// - Parameter reference: how long the disk alone took for as many bytes as one command has.
    init(bytes: Int, reference: [Duration]) {
        self.reference = reference
        lines = [
            "commits of \(bytes) bytes, three processes on loopback, every log synced to disk",
            CommitReport.row("", ["n", "median", "p99", "a second", "over one sync", "target", "anchors (measured elsewhere)"]),
            CommitReport.row("append and sync of one file", CommitReport.times(reference) + ["1.0", "-", "-"]),
        ]
    }

    mutating func add(_ load: CommitLoad) {
        let median = CommitReport.quantile(load.latencies, 0.5)
        let ratio = median.flatMap { one in CommitReport.quantile(reference, 0.5).map { String(format: "%.1f", one / $0) } } ?? "-"
        let isAlone = load.inFlight == 1
        let rate = String(format: "%.0f", load.commitsPerSecond)
        lines.append(
            CommitReport.row(
                "\(load.inFlight) in flight",
                Array(CommitReport.times(load.latencies).prefix(3)) + [
                    rate, ratio, isAlone ? "0.8 ms" : "15,000/s",
                    isAlone ? "etcd 1.07 ms, hashicorp/raft with boltdb 1.17 ms" : "etcd 9,800/s",
                ]))
        lines.append(CommitReport.row("  the leader's writes meanwhile", CommitReport.times(load.syncs)))
        if load.refused > 0 { lines.append("  \(load.refused) proposals refused") }
    }

    var text: String { lines.joined(separator: "\n") }

    /// Count, median, 99th percentile, and how many one after the other a second holds.
    private static func times(_ durations: [Duration]) -> [String] {
        guard let median = quantile(durations, 0.5), let high = quantile(durations, 0.99) else { return ["0", "-", "-", "-"] }
        let total = durations.reduce(Duration.zero, +) / .seconds(1)
        return ["\(durations.count)", milliseconds(median), milliseconds(high), String(format: "%.0f", Double(durations.count) / total)]
    }

    private static func milliseconds(_ duration: Duration) -> String { String(format: "%.2f ms", duration / .milliseconds(1)) }

    private static func quantile(_ durations: [Duration], _ share: Double) -> Duration? {
        let sorted = durations.sorted()
        guard !sorted.isEmpty else { return nil }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        let widths = [8, 10, 10, 10, 14, 10, 0]
        let padded = zip(cells, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
        return ([name.padding(toLength: 32, withPad: " ", startingAt: 0)] + padded).joined(separator: " ")
    }
}
