/// One line of the report: what was measured, what was to be reached, and what others reach.
struct Measurement {
    let what: String
    let series: Series
    var target = Target()
    var anchors: [Anchor] = []
    var format: (Double) -> String = time

    /// Figures to reach; nil where none is set.
    struct Target {
        var median: Double?
        var p95: Double?
        var worst: Double?
    }

    /// Another program's figures, measured elsewhere and beforehand.
    struct Anchor {
        let name: String
        let median: Double
        /// In words: its worst, and out of how many.
        var more = ""
    }

    static let heads = ["measured", "n", "missed", "median", "p95", "worst", "target", "", "anchor", "anchor/ours"]

    /// The line, and one more for each further anchor.
    var lines: [[String]] {
        let median = series.median
        let ours = [
            what, "\(series.count)", "\(series.missed)", text(median), text(series.quantile(0.95)), text(series.worst), targetText, verdict,
        ]
        let theirs = anchors.map { anchor in
            let ratio = median.map { $0 > 0 ? decimal(anchor.median / $0, places: 1) : "-" } ?? "-"
            return [[anchor.name, format(anchor.median), anchor.more].filter { !$0.isEmpty }.joined(separator: " "), ratio]
        }
        let blank = [String](repeating: "", count: ours.count)
        return [ours + (theirs.first ?? ["-", "-"])] + theirs.dropFirst().map { blank + $0 }
    }

    private func text(_ value: Double?) -> String { value.map(format) ?? "-" }

    private var figures: [(name: String, target: Double, ours: Double?)] {
        let all = [
            ("median", target.median, series.median), ("p95", target.p95, series.quantile(0.95)), ("worst", target.worst, series.worst),
        ]
        return all.compactMap { name, target, ours in target.map { (name, $0, ours) } }
    }

    private var targetText: String {
        figures.isEmpty ? "-" : figures.map { "\($0.name) \(format($0.target))" }.joined(separator: ", ")
    }

    /// A missed run is not within any target.
    private var verdict: String {
        guard !figures.isEmpty else { return "" }
        let isReached = series.missed == 0 && figures.allSatisfy { figure in figure.ours.map { $0 <= figure.target } ?? false }
        return isReached ? "reached" : "NOT reached"
    }
}
