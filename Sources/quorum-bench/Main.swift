import ClusterHarness
import Foundation
import Glibc

/// Measures three real nodes on loopback and prints one table.
@main
struct Main {
    static func main() async {
        let options: Options
        do { options = try Options(Array(CommandLine.arguments.dropFirst())) } catch {
            report("\(error)\n\(Options.usage)")
            exit(2)
        }
        let obeyed = Interruption.isObeyed()
        let status = await status(options)
        withExtendedLifetime(obeyed) { exit(status) }
    }

    /// Measures, prints and judges.
    private static func status(_ options: Options) async -> Int32 {
        var run = Run(options)
        do {
            let result = try await run.measure()
            print(result.text)
            for failure in result.failures { report(failure) }
            return result.failures.isEmpty ? 0 : 1
        } catch {
            report("\(error)")
            return 3
        }
    }
}

/// A line for whoever waits; the table alone goes to the standard output.
func report(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

/// The course of one benchmark.
struct Run {
    private let options: Options
    private var disturbances = Disturbances()
    private var idle = Idle()
    private var scrapes = Scrapes()

    init(_ options: Options) { self.options = options }

    /// Runs still to be made after this time are left out, and said to be.
    private var limit: Duration { .seconds(max(120, 24 * options.runs)) }

    /// A member that changes more than five times in ten minutes counts as flapping and is called up later and later: a new cluster
    /// after so many runs keeps below that.
    private static let runsOfOneCluster = 2

    /// - Throws: `HarnessError` when no cluster comes up.
    mutating func measure() async throws -> Report {
        let binary = URL(filePath: options.binary).path
        let laboratory = try Laboratory(binary: binary)
        defer { laboratory.tearDown() }
        try laboratory.start()
        let began = ContinuousClock.now
        var calm = try await laboratory.settled()
        if options.parts.contains(.memory) || !options.parts.contains(where: \.isDisturbance) && options.parts.contains(.commit) {
            report("idle for 20 s")
            try await idle.measure(laboratory.cluster)
        }
        if options.parts.contains(.scrape) { try await scrapes.measure(calm.leader) }
        calm = try await disturb(laboratory, calm, until: began + limit)
        for node in laboratory.cluster.nodes { await laboratory.readHistograms(of: node) }
        report("measured for \(decimal(began.duration(to: .now) / .seconds(1), places: 0)) s")
        return Report(
            parts: options.parts, disturbances: disturbances, idle: idle, scrapes: scrapes, commits: laboratory.commits,
            syncs: laboratory.syncs, alarms: laboratory.alarms.count)
    }

    /// All kinds once a run, so that a run cut short has measured all of them equally often.
    private mutating func disturb(
        _ laboratory: Laboratory, _ start: Laboratory.Calm, until end: ContinuousClock.Instant
    ) async throws -> Laboratory.Calm {
        let kinds = Options.Part.allCases.filter { options.parts.contains($0) && $0.isDisturbance }
        guard !kinds.isEmpty else { return start }
        var calm = start
        for run in 1...options.runs {
            if run > 1, run % Run.runsOfOneCluster == 1 {
                for node in laboratory.cluster.nodes { await laboratory.readHistograms(of: node) }
                try laboratory.startAnew()
                calm = try await laboratory.settled()
            }
            guard ContinuousClock.now < end else {
                report("out of time: \(options.runs - run + 1) of \(options.runs) runs left out")
                break
            }
            report("run \(run) of \(options.runs)")
            for kind in kinds { calm = try await disturbances.run(kind, on: laboratory, calm) }
        }
        return calm
    }
}
