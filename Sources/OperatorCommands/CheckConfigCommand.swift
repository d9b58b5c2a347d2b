public import ArgumentParser
import ExporterConfiguration
import FoundationEssentials

/// `quorum-exporter check-config`.
public struct CheckConfigCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Says what is wrong with the flags, variables and file that serve would get.",
        discussion: "Takes the flags of serve. Exits with 0 when all is well and with 2 otherwise.")

    @Argument(parsing: .captureForPassthrough, help: "The flags of serve, such as --config.file=quorum.yml.")
    public var flags: [String] = []

    public init() {}

    public func run() throws {
        if flags.contains("--help") || flags.contains("-h") { throw CleanExit.helpRequest(self) }
        do throws(ConfigurationMistakes) {
            let configuration = try NodeConfiguration.load(arguments: flags, environment: ProcessInfo.processInfo.environment)
            let cluster = configuration.cluster
            let start =
                cluster.joinAddresses.isEmpty
                ? "initial members \(cluster.initialMembers.map(\.name).joined(separator: ", "))"
                : "joins at \(cluster.joinAddresses.map(\.description).joined(separator: ", "))"
            print("ok: member \(cluster.member) of \(cluster.name), \(start)")
        } catch {
            _ = SystemCalls.write(error.description + "\n", to: 2)
            throw ExitCode(ConfigurationMistakes.exitStatus)
        }
    }
}
