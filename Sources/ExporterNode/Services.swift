import ClusterHealth
import ClusterTransport
import HealthProbes
import LogStorage
import Logging
import NIOCore
import ServiceLifecycle

/// Runs until shutdown, or throws when the node cannot go on; stops last.
struct DriverService: Service {
    let driver: NodeDriver
    let store: LogStore
    let recorder: FlightRecorder?

    func run() async throws {
        // Nothing more is handed to the replica by then, also when the node could not go on.
        defer { recorder?.finish() }
        try await withGracefulShutdownHandler {
            try await driver.failure.get()
        } onGracefulShutdown: {
            Task { await driver.shutDown() }
        }
        try store.close()
    }
}

/// Keeps the connections until shutdown.
struct TransportService: Service {
    let transport: ClusterTransport

    func run() async throws {
        try await gracefulShutdown()
        await transport.shutdown()
    }
}

/// Measures this machine once an interval.
struct SamplingService: Service {
    let driver: NodeDriver
    let runner: ProbeRunner
    let board: ProbeBoard
    let interval: Duration
    /// Off where another exporter measures the machine: the sample then says only that the member lives.
    let measuresResources: Bool

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await driver.take(await sample())
                do {
                    try await Task.sleep(for: interval)
                } catch {
                    return
                }
            }
        }
    }

    private func sample() async -> HealthSample {
        var sample = HealthSample(measuredAt: SystemClock.wall(), version: BuildInfo.version)
        guard measuresResources else { return sample }
        let round = await runner.measure()
        board.post(round)
        sample.resources = round.resources
        return sample
    }
}

/// The first to stop: hands leadership over while everything else still answers.
struct HandoverService: Service {
    let driver: NodeDriver
    let isStopping: StopFlag
    let logger: Logger

    /// How long a stop may wait for the hand-over.
    static let budget = Duration.seconds(2)

    func run() async throws {
        try await gracefulShutdown()
        isStopping.set()
        logger.notice("stopping")
        await driver.stop(within: HandoverService.budget)
    }
}
