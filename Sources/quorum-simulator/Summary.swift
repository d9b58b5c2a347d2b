import ClusterSimulator

/// What a run or a batch saw, in words.
enum Summary {
    static func text(of report: RunReport, runs: Int) -> String {
        let counts = report.injected.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
        return """
            \(runs) \(runs == 1 ? "run" : "runs"), \(report.events) events, \(report.virtualMilliseconds / 1_000) s of virtual time
            \(counts)
            alive again after faults: \(report.recoveryDelays.summary)
            ended member called down: \(report.detectionDelays.summary)
            running member called down amid faults: for \(report.falseDownDurations.summary)
            """
    }
}
