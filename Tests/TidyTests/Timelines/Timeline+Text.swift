extension Timeline {
    /// How often the rules are evaluated.
    static let evaluationSeconds = 30

    /// The file in which promtool finds this timeline, once for each scrape interval.
    func text(rules: String = "../quorum.rules.yml") -> String {
        var lines = [
            "# \(title)",
            "#",
            "# Written from Tests/TidyTests/Timelines by `make rules-tests`: change it there.",
            "rule_files: [\(rules)]",
            "evaluation_interval: \(Timeline.evaluationSeconds)s",
            "tests:",
        ]
        for interval in [15, 60] { lines += test(every: interval) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func test(every interval: Int) -> [String] {
        var lines = ["  - name: \(name), scraped every \(interval) s", "    interval: \(interval)s"]
        let series = series(every: interval)
        lines.append(series.isEmpty ? "    input_series: []" : "    input_series:")
        for (name, values) in series {
            lines.append("      - series: '\(name)'")
            lines.append("        values: '\(Timeline.notation(values))'")
        }
        lines.append("    promql_expr_test:")
        lines += startsTest
        for (seconds, alerts) in moments { lines += momentTest(seconds, alerts) }
        return lines
    }

    private static let labels = "sum by (alertname, cluster, instance, job, member)"

    /// An alert starts where it fires and did not at the evaluation before.
    private var startsTest: [String] {
        let firing = "ALERTS{alertstate=\"firing\"}"
        let step = "\(Timeline.evaluationSeconds)s"
        let query = "\(Timeline.labels) (count_over_time((\(firing) unless \(firing) offset \(step))[\(minutes)m:\(step)]))"
        return expectation(query, minutes * 60, starts.map { ($0.key, $0.value) })
    }

    private func momentTest(_ seconds: Int, _ alerts: [Alert]) -> [String] {
        expectation("\(Timeline.labels) (ALERTS{alertstate=\"firing\"})", seconds, alerts.map { ($0, 1) })
    }

    private func expectation(_ query: String, _ seconds: Int, _ samples: [(alert: Alert, value: Int)]) -> [String] {
        var lines = ["      - expr: '\(query)'", "        eval_time: \(seconds)s"]
        lines.append(samples.isEmpty ? "        exp_samples: []" : "        exp_samples:")
        for (labels, value) in samples.map({ ($0.alert.labels, $0.value) }).sorted(by: { $0.0 < $1.0 }) {
            lines.append("          - labels: '\(labels)'")
            lines.append("            value: \(value)")
        }
        return lines
    }

    /// promtool's short form: runs of one difference, gaps, and the marker that Prometheus writes when a series ends.
    static func notation(_ values: [Int?]) -> String {
        var words: [String] = []
        var at = 0
        while at < values.count {
            guard let first = values[at] else {
                let gap = values[at...].prefix { $0 == nil }.count
                let marks = at > 0 ? ["stale"] : []
                let rest = gap - marks.count
                words += marks + (rest > 0 ? [rest == 1 ? "_" : "_x\(rest)"] : [])
                at += gap
                continue
            }
            let run = Timeline.run(values, from: at)
            words.append(run.count == 1 ? "\(first)" : "\(first)\(run.step < 0 ? "-" : "+")\(abs(run.step))x\(run.count - 1)")
            at += run.count
        }
        return words.joined(separator: " ")
    }

    /// The longest run of one difference that starts here.
    private static func run(_ values: [Int?], from start: Int) -> (count: Int, step: Int) {
        guard let first = values[start], start + 1 < values.count, let second = values[start + 1] else { return (1, 0) }
        let step = second - first
        var count = 2
        while start + count < values.count, let next = values[start + count], let last = values[start + count - 1], next - last == step {
            count += 1
        }
        return (count, step)
    }
}
