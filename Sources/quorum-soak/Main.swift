import ClusterHarness
import FlippedStores
import Foundation

/// Breaks real clusters for some minutes, and says what came of it.
@main
struct Main {
    static func main() async {
        let options: Options
        do { options = try Options(Array(CommandLine.arguments.dropFirst())) } catch {
            report("\(error)\n\(Options.usage)")
            exit(2)
        }
        guard NamespaceNetwork.isAvailable else {
            report("this needs root, network namespaces and nft")
            exit(3)
        }
        // Should this process be ended, the harness's watchdog ends the nodes and removes namespaces, mounts and folders.
        exit(await run(options))
    }

    private static func run(_ options: Options) async -> Int32 {
        var summary = Summary(options)
        do {
            try await soak(options, &summary)
        } catch {
            print(summary.text)
            report("the run failed: \(error)")
            return 3
        }
        print(summary.text)
        return summary.violations.isEmpty && summary.shortfalls.isEmpty ? 0 : 1
    }

    /// How long one cluster lives: a member that goes up and down too often counts as flapping, and is called up later and later.
    private static let lifetime = Duration.seconds(150)

    private static func soak(_ options: Options, _ summary: inout Summary) async throws {
        let binary = URL(filePath: options.binary).path
        if options.flips > 0 {
            report("starting \(options.flips) copies of a store, each with a flipped bit")
            let began = ContinuousClock.now
            let flipped = try await FlippedStarts.run(binary: binary, copies: options.flips, seed: options.seed)
            summary.add(flipped, took: began.duration(to: .now))
        }
        let began = ContinuousClock.now
        let end = began + .seconds(options.minutes * 60)
        var plans = options.nodes.map { NemesisPlan(nodes: $0, seed: options.seed &+ UInt64($0), only: options.only) }
        var number = 0
        while ContinuousClock.now < end {
            let at = number % options.nodes.count
            let run = try NemesisRun(nodes: options.nodes[at], seed: options.seed &+ UInt64(number), binary: binary)
            report("cluster \(number + 1): \(run.nodes) nodes, seed \(options.seed)")
            let over = min(end, .now + lifetime)
            let outcome = try await run.perform(say: report) { ContinuousClock.now < over ? plans[at].next() : nil }
            summary.add(outcome)
            for violation in outcome.violations.prefix(20) { report("VIOLATION \(violation)") }
            number += 1
        }
        summary.lasted = began.duration(to: .now)
    }
}

/// A line for whoever waits; the summary alone goes to the standard output.
@Sendable func report(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
