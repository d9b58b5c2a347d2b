import Glibc
import HummingbirdCore
public import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Serves routes over HTTP/1.1 on one or more addresses. Knows neither Raft nor health: it is given its routes as values.
///
/// `HEAD` is answered as `GET` without a body, another method with 405 and `Allow`, an unknown path with 404, what is no request with
/// 400. Every answer has `Content-Length` (event streams excepted), `Date`, `Vary: Accept, Accept-Encoding` and
/// `Cache-Control: no-store`. Nothing redirects. On graceful shutdown the listeners close first, event streams end, requests under way
/// are answered, and what is left after `WebLimits.shutdownGrace` is cut off and its handlers cancelled.
public struct MetricsServer: Service {
    private let addresses: [ListenAddress]
    private let responder: WebResponder
    private let limits: WebLimits
    private let logger: Logger
    private let onListening: @Sendable ([ListenAddress]) -> Void

    /// Creates a server that does not listen yet.
    /// - Parameters:
    ///   - listenAddresses: at least one of `:10310`, `127.0.0.1:0`, `[::1]:9100`; without a host, all IPv6 and IPv4 addresses.
    ///   - routes: who answers what.
    ///   - limits: maxima and deadlines.
    ///   - logger: for failures of handlers and, at debug level, connections cut off.
    ///   - onListening: called once, when all addresses listen, with what they are bound to, in the given order.
    ///   - onRequest: called after each answer, from any thread; must be quick.
    /// - Throws: `MetricsServerError.invalidListenAddress`, `.noListenAddress`, `.repeatedRoute`, `.invalidPath`.
    public init(
        listenAddresses: [String], routes: [Route], limits: WebLimits = WebLimits(), logger: Logger,
        onListening: @escaping @Sendable ([ListenAddress]) -> Void = { _ in },
        onRequest: @escaping @Sendable (WebRequestReport) -> Void = { _ in }
    ) throws(MetricsServerError) {
        var addresses: [ListenAddress] = []
        for text in listenAddresses { addresses.append(try ListenAddress(text)) }
        guard !addresses.isEmpty else { throw .noListenAddress }
        self.addresses = addresses
        let table = try RouteTable(routes)
        responder = WebResponder(routes: table, limits: limits, logger: logger, onRequest: onRequest)
        self.limits = limits
        self.logger = logger
        self.onListening = onListening
    }

    /// Listens and serves until graceful shutdown or cancellation.
    /// - Throws: `MetricsServerError.cannotListen` naming the address; `.listenerEnded`.
    public func run() async throws {
        let registry = ConnectionRegistry()
        let bound = NIOLockedValueBox<[ListenAddress?]>(Array(repeating: nil, count: addresses.count))
        try await withThrowingTaskGroup(of: Ended.self) { group in
            for (index, address) in addresses.enumerated() {
                group.addTask {
                    try await listen(on: address, registry: registry) { actual in
                        let all = bound.withLockedValue { known in
                            known[index] = actual
                            return known.compactMap(\.self)
                        }
                        if all.count == addresses.count { onListening(all) }
                    }
                    return .listener
                }
            }
            group.addTask { await graceEnded() }
            var listening = addresses.count
            while listening > 0, let ended = try await group.next() {
                switch ended {
                case .listener: listening -= 1
                case .grace:
                    registry.closeAll()
                    group.cancelAll()
                case .cancelled: break
                }
            }
            group.cancelAll()
        }
    }

    private enum Ended: Sendable { case listener, grace, cancelled }

    /// Returns when a graceful shutdown has been going on for as long as it may.
    private func graceEnded() async -> Ended {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: limits.shutdownGrace)
            return .grace
        } catch {
            return .cancelled
        }
    }

    private func listen(
        on address: ListenAddress, registry: ConnectionRegistry, onBound: @escaping @Sendable (ListenAddress) -> Void
    ) async throws {
        let isBound = NIOLockedValueBox(false)
        let channel = WebChannel(responder: responder, limits: limits, registry: registry, logger: logger)
        let server = channel.server(
            configuration: ServerConfiguration(
                address: .hostname(await Self.bindHost(address), port: address.port),
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { channel in
                isBound.withLockedValue { $0 = true }
                onBound(
                    ListenAddress(host: channel.localAddress?.ipAddress ?? address.host, port: channel.localAddress?.port ?? address.port))
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        let stopping = NIOLockedValueBox(false)
        do {
            try await withTaskCancellationOrGracefulShutdownHandler {
                try await server.run()
            } onCancelOrGracefulShutdown: {
                stopping.withLockedValue { $0 = true }
            }
        } catch  where !isBound.withLockedValue({ $0 }) && !(error is CancellationError) {
            throw MetricsServerError.cannotListen(address.description, reason: Self.reason(error))
        }
        if !stopping.withLockedValue(\.self) { throw MetricsServerError.listenerEnded(address.description) }
    }

    /// All addresses means IPv6's, which takes IPv4 too, unless this machine has no IPv6.
    private static func bindHost(_ address: ListenAddress) async -> String {
        guard address.host.isEmpty else { return address.host }
        do {
            let probe = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "::", port: 0).get()
            try await probe.close()
            return "::"
        } catch {
            return "0.0.0.0"
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return String(describing: error) }
        switch error.errnoCode {
        case EADDRINUSE: return "the address is in use"
        case EACCES: return "permission denied"
        case EADDRNOTAVAIL: return "the address is not this machine's"
        default: return error.description
        }
    }
}
