import ArgumentParser
import ExporterNode
import OperatorCommands

/// `quorum-exporter`: its commands.
struct QuorumExporter: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quorum-exporter",
        abstract: "Exports a cluster's health to Prometheus: the nodes agree on it by Raft, and whoever leads serves it.",
        discussion: "Without a command it serves: see 'quorum-exporter serve --help' for the flags.", version: BuildInfo.version,
        subcommands: [
            Serve.self, DemoCommand.self, StatusCommand.self, MembersCommand.self, TransferLeadershipCommand.self, CheckConfigCommand.self,
            DemoNode.self,
        ])
}
