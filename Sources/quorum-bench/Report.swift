/// Everything that was measured, as one table.
struct Report {
    let parts: Set<Options.Part>
    let disturbances: Disturbances
    let idle: Idle
    let scrapes: Scrapes
    let commits: Histogram
    let syncs: Histogram
    let alarms: FalseAlarms.Count

    private static let etcd = Measurement.Anchor(name: "etcd 3.4", median: 1.32, more: "(worst of 12 1.87 s)")
    private static let hashicorp = Measurement.Anchor(name: "hashicorp/raft", median: 2.9, more: "(worst 3.6 s)")
    private static let serf = Measurement.Anchor(name: "serf", median: 5.1, more: "(worst 7 s)")

    var text: String {
        var table = Table(Measurement.heads)
        for line in measurements.flatMap(\.lines) { table.add(line) }
        for line in histogramLines { table.add(line) }
        if parts.contains(where: \.isDisturbance) { table.add(alarmLine) }
        return ([table.text, ""] + notes).joined(separator: "\n")
    }

    /// Why this run is no good one; empty when it is.
    var failures: [String] {
        let missed = measurements.filter { $0.series.missed > 0 }.map { "\($0.what): \($0.series.missed) missed their deadline" }
        return missed + (alarms.down > 0 ? ["a healthy member was shown down \(alarms.down) times"] : [])
    }

    private var measurements: [Measurement] {
        var all: [Measurement] = []
        if parts.contains(.failover) { all += killed }
        if parts.contains(.freeze) { all += frozen }
        if parts.contains(.stop) { all += stopped }
        if parts.contains(.member) { all.append(member) }
        if parts.contains(where: \.isDisturbance) {
            all.append(Measurement(what: "disturbance over to all up and level", series: disturbances.recovery))
        }
        if parts.contains(.memory) { all += needs }
        if parts.contains(.scrape) { all += answers }
        return all
    }

    private var killed: [Measurement] {
        [
            Measurement(
                what: "leader killed: next one's first commit", series: disturbances.killed.commit,
                target: .init(median: 0.15, worst: 0.5), anchors: [Report.etcd, Report.hashicorp]),
            Measurement(
                what: "leader killed: next one's first view", series: disturbances.killed.view,
                target: .init(median: 0.15, worst: 0.5)),
            Measurement(
                what: "leader killed: itself shown down", series: disturbances.killedLeaderDown, target: .init(median: 1.2, worst: 2),
                anchors: [Report.serf]),
        ]
    }

    private var frozen: [Measurement] {
        [
            Measurement(
                what: "leader frozen: next one's first commit", series: disturbances.frozen.commit,
                target: .init(median: 1.35, p95: 2.2), anchors: [Report.etcd, Report.hashicorp]),
            Measurement(
                what: "leader frozen: next one's first view", series: disturbances.frozen.view,
                target: .init(median: 1.35, p95: 2.2)),
        ]
    }

    private var stopped: [Measurement] {
        [
            Measurement(
                what: "leader stopped: next one's first commit", series: disturbances.stopped.commit, target: .init(median: 0.05)),
            Measurement(what: "leader stopped: next one's first view", series: disturbances.stopped.view, target: .init(median: 0.05)),
            Measurement(what: "leader stopped: longest time without view", series: disturbances.gap),
            Measurement(
                what: "leader stopped: polls without any view", series: disturbances.blindPolls, target: .init(worst: 0),
                format: { decimal($0, places: 0) }),
            Measurement(what: "leader stopped: its process gone", series: disturbances.exit),
        ]
    }

    private var member: Measurement {
        Measurement(
            what: "follower killed: shown down", series: disturbances.killedFollowerDown, target: .init(median: 1.2, worst: 2),
            anchors: [Report.serf])
    }

    private var needs: [Measurement] {
        [
            Measurement(
                what: "memory of an idle node", series: idle.residentMebibytes, target: .init(worst: 40),
                anchors: [.init(name: "etcd 3.4", median: 30, more: "to 38 MiB"), .init(name: "hashicorp/raft", median: 16)],
                format: { decimal($0, places: 1) + " MiB" }),
            Measurement(what: "open files of an idle node", series: idle.openFiles, format: { decimal($0, places: 0) }),
            Measurement(what: "processor time of an idle node", series: idle.cpuLoad, format: { decimal($0 * 100, places: 2) + " %" }),
        ]
    }

    private var answers: [Measurement] {
        [
            Measurement(what: "scrape of the leader, 3 members, \(scrapes.plainBytes) bytes", series: scrapes.plain),
            Measurement(what: "the same in gzip, \(scrapes.gzipBytes) bytes", series: scrapes.gzip),
        ]
    }
}

extension Report {
    /// Histograms know bounds only: a quantile lies somewhere between them.
    private var histogramLines: [[String]] {
        guard parts.contains(.commit) else { return [] }
        return [
            line("one commit, one in flight", commits, target: "median 0.80 ms", anchors: ["etcd 1.07 ms", "hashicorp/raft 1.17 ms"]),
            line("one write made durable", syncs, target: "-", anchors: ["-"]),
        ].flatMap { $0 }
    }

    private func line(_ what: String, _ histogram: Histogram, target: String, anchors: [String]) -> [[String]] {
        let mean = histogram.mean.map { "mean \(time($0))" } ?? "-"
        let first = [what, "\(histogram.count)", "", bounds(histogram, 0.5), "p99 " + bounds(histogram, 0.99), mean, target, ""]
        let blank = [String](repeating: "", count: first.count)
        return [first + [anchors[0], "-"]] + anchors.dropFirst().map { blank + [$0, "-"] }
    }

    private func bounds(_ histogram: Histogram, _ quantile: Double) -> String {
        guard let bounds = histogram.bounds(of: quantile) else { return "-" }
        return bounds.upperBound.isFinite ? "\(time(bounds.lowerBound)) to \(time(bounds.upperBound))" : "over \(time(bounds.lowerBound))"
    }

    private var alarmLine: [String] {
        [
            "healthy member shown down / suspect", "\(alarms.views) views", "", "", "", "\(alarms.down) / \(alarms.suspect)", "0 down",
            alarms.down == 0 ? "reached" : "NOT reached", "-", "-",
        ]
    }

    private var notes: [String] {
        var notes = [
            "Ours: this run, three nodes on loopback, heartbeat 100 ms, election timeout 1 s. The anchors were measured elsewhere and",
            "beforehand, on two cores, loopback, three processes a cluster; anchor/ours compares medians. Takeovers are polled every 5 ms,",
            "downs every 20 ms, a stopping leader's cluster every 100 ms; each figure is the time at which the answer had come.",
        ]
        if parts.contains(.commit) {
            notes.append(
                "Commits and writes come from histograms with doubling buckets: a quantile is given as the bounds it lies between.")
        }
        if parts.contains(.scrape), let plain = scrapes.plain.quantile(0.99), let gzip = scrapes.gzip.quantile(0.99) {
            notes.append("p99 of the scrapes: \(time(plain)), in gzip \(time(gzip)).")
        }
        return notes + alarms.examples.map { "false alarm: \($0)" }
    }
}
