import ArgumentParser
import ExporterConfiguration
import ExporterNode
import Foundation
import OperatorCommands

/// `quorum-exporter serve`: runs a node until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a node. Without flags: a cluster of one, on this machine's health.",
        usage: "quorum-exporter serve [--flag=value …]",
        discussion: """
            A flag wins over its variable, that over its key in the file, that over the default. The variable of --web.max-requests \
            is QUORUM_WEB_MAX_REQUESTS.

            \(OptionTable.helpText(width: 78))
            """)

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var flags: [String] = []

    func run() async throws {
        if flags.contains("--help") || flags.contains("-h") { throw CleanExit.helpRequest(self) }
        if flags.contains("--version") { throw CleanExit.message(BuildInfo.version) }
        do {
            try await Exporter.run(try NodeConfiguration.load(arguments: flags, environment: ProcessInfo.processInfo.environment))
        } catch let mistakes as ConfigurationMistakes {
            StandardError.write(mistakes.description)
            throw ExitCode(ConfigurationMistakes.exitStatus)
        } catch NodeFailure.removed {
            StandardError.write("Error: \(NodeFailure.removed)")
            throw ExitCode(NodeFailure.removedExitStatus)
        }
    }
}

/// `quorum-exporter demo-node`: `serve`, but ending with whoever holds the other end of its standard input. The demo starts its nodes
/// so; they end even when the demo is killed.
struct DemoNode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "A node of the demo.", shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var flags: [String] = []

    func run() async throws {
        InputWatch.start()
        var serve = Serve()
        serve.flags = flags
        try await serve.run()
    }
}
