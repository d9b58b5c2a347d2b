import Logging
import MetricsServer
import ServiceLifecycle
import Testing

/// A server on a port of the system's choice, for as long as a test's body runs.
struct RunningServer: Sendable {
    let addresses: [ListenAddress]
    let reports: Collected<WebRequestReport>
    let group: ServiceGroup

    var port: Int { addresses.first?.port ?? 0 }

    func shutDown() async { await group.triggerGracefulShutdown() }

    func connect(readsItself: Bool = true) async throws -> RawClient {
        try await RawClient(port: port, readsItself: readsItself)
    }

    /// Sends a request on a connection of its own and gives back all that comes until the server closes.
    func exchange(_ request: String) async throws -> RawResponse {
        var client = try await connect()
        try await client.send(request)
        return try await client.response()
    }

    func get(_ path: String, headers: String = "") async throws -> RawResponse {
        try await exchange("GET \(path) HTTP/1.1\r\nHost: x\r\n\(headers)Connection: close\r\n\r\n")
    }
}

/// Runs a server, then the body, then a graceful shutdown, and returns when the server has ended.
func withServer(
    _ routes: [Route], limits: WebLimits = WebLimits(), listening: [String] = ["127.0.0.1:0"],
    body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
    let reports = Collected<WebRequestReport>()
    let (bound, binding) = AsyncStream.makeStream(of: [ListenAddress].self)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = try MetricsServer(
        listenAddresses: listening, routes: routes, limits: limits, logger: logger,
        onListening: { binding.yield($0) }, onRequest: { reports.add($0) })
    let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { binding.finish() }
            try await group.run()
        }
        var addresses: [ListenAddress] = []
        for await found in bound {
            addresses = found
            break
        }
        do {
            if !addresses.isEmpty { try await body(RunningServer(addresses: addresses, reports: reports, group: group)) }
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// Runs a server on a socket in the file system, then the body, then a graceful shutdown; throws what the server does.
func withSocketServer(_ path: String, _ routes: [Route], body: @escaping @Sendable () async throws -> Void) async throws {
    let (bound, binding) = AsyncStream.makeStream(of: Void.self)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = try MetricsServer(socketPath: path, routes: routes, logger: logger, onListening: { binding.yield() })
    let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { binding.finish() }
            try await group.run()
        }
        for await _ in bound {
            do { try await body() } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            break
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

func textRoute(_ path: String, _ text: String = "ok", admission: Route.Admission = .counted) -> Route {
    Route(.get, path, admission: admission) { _ in .text(text) }
}
