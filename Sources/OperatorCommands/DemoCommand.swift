public import ArgumentParser
import FoundationEssentials

/// `quorum-exporter demo`.
public struct DemoCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Starts three nodes on this machine and shows how they agree.",
        discussion: """
            The nodes listen on loopback only, on the ports of the bundled prometheus.yml, and keep their data in a temporary folder \
            that is removed at the end. Ctrl-C stops them all.
            """)

    @Flag(help: "Also run a Prometheus found on the PATH, with the bundled configuration.")
    public var prometheus = false

    @Option(help: ArgumentHelp("The port of that Prometheus on 127.0.0.1.", valueName: "port"))
    public var prometheusPort = PrometheusPlan.standardPort

    @Flag(help: "Kill, freeze and restart one member after the other.")
    public var chaos = false

    @Option(help: ArgumentHelp("End after so many seconds; fail if the three have not agreed by then.", valueName: "seconds"))
    public var duration: Int?

    @Option(help: ArgumentHelp("The first node's web port; the others' are 10 and 20 more, cluster ports one more.", valueName: "port"))
    public var basePort = DemoPlan.standardBasePort

    public init() {}

    public func validate() throws {
        guard DemoPlan.basePorts.contains(basePort) else {
            throw ValidationError(
                "--base-port: \(basePort) is not from \(DemoPlan.basePorts.lowerBound) to \(DemoPlan.basePorts.upperBound)")
        }
        guard (1...65_535).contains(prometheusPort) else {
            throw ValidationError("--prometheus-port: \(prometheusPort) is not from 1 to 65535")
        }
        if let duration, duration < 1 { throw ValidationError("--duration: \(duration) is not at least 1") }
    }

    public func run() throws {
        var settings = Demo.Settings()
        settings.basePort = basePort
        settings.prometheusPort = prometheus ? UInt16(prometheusPort) : nil
        settings.isChaotic = chaos
        settings.durationSeconds = duration
        settings.environment = ProcessInfo.processInfo.environment
        try Demo.run(settings)
    }
}
