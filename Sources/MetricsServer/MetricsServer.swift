import Glibc
import HummingbirdCore
public import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Serves routes over HTTP/1.1 on one or more addresses, or on a socket in the file system. Knows neither Raft nor health: it is given
/// its routes as values.
///
/// `HEAD` is answered as `GET` without a body, another method with 405 and `Allow`, an unknown path with 404, what is no request with
/// 400. Every answer has `Content-Length` (event streams excepted), `Date`, `Vary: Accept, Accept-Encoding` and
/// `Cache-Control: no-store`. Nothing redirects. On graceful shutdown the listeners close first, event streams end, requests under way
/// are answered, and what is left after `WebLimits.shutdownGrace` is cut off and its handlers cancelled.
public struct MetricsServer: Service {
    private let places: [Place]
    private let responder: WebResponder
    private let limits: WebLimits
    private let logger: Logger
    private let onListening: @Sendable ([ListenAddress]) -> Void

    private enum Place: Sendable {
        case address(ListenAddress)
        case socket(SocketFile)
    }

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
        places = addresses.map { .address($0) }
        let table = try RouteTable(routes)
        responder = WebResponder(routes: table, limits: limits, logger: logger, onRequest: onRequest)
        self.limits = limits
        self.logger = logger
        self.onListening = onListening
    }

    /// Creates a server for a socket in the file system, which only its owner may use.
    ///
    /// A socket that a dead process left there is replaced, a live one's or another file never; on shutdown the file is removed.
    /// - Parameters:
    ///   - socketPath: at most 107 bytes.
    ///   - onListening: called once it listens.
    ///   - routes, limits, logger, onRequest: as for addresses.
    /// - Throws: `MetricsServerError.invalidSocketPath`, `.repeatedRoute`, `.invalidPath`.
    public init(
        socketPath: String, routes: [Route], limits: WebLimits = WebLimits(), logger: Logger,
        onListening: @escaping @Sendable () -> Void = {}, onRequest: @escaping @Sendable (WebRequestReport) -> Void = { _ in }
    ) throws(MetricsServerError) {
        places = [.socket(try SocketFile(socketPath))]
        let table = try RouteTable(routes)
        responder = WebResponder(routes: table, limits: limits, logger: logger, onRequest: onRequest)
        self.limits = limits
        self.logger = logger
        self.onListening = { _ in onListening() }
    }

    /// Listens and serves until graceful shutdown or cancellation.
    /// - Throws: `MetricsServerError.cannotListen` naming the address; `.listenerEnded`.
    public func run() async throws {
        let registry = ConnectionRegistry()
        let bound = NIOLockedValueBox<[ListenAddress?]>(Array(repeating: nil, count: places.count))
        try await withThrowingTaskGroup(of: Ended.self) { group in
            for (index, place) in places.enumerated() {
                group.addTask {
                    try await listen(at: place, registry: registry) { actual in
                        let all = bound.withLockedValue { known in
                            known[index] = actual
                            return known.compactMap(\.self)
                        }
                        if all.count == places.count { onListening(all) }
                    }
                    return .listener
                }
            }
            group.addTask { await graceEnded() }
            var listening = places.count
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
        at place: Place, registry: ConnectionRegistry, onBound: @escaping @Sendable (ListenAddress) -> Void
    ) async throws {
        switch place {
        case .address(let address):
            let host = await Self.bindHost(address)
            try await serve(.hostname(host, port: address.port), named: address.description, registry) { channel in
                onBound(
                    ListenAddress(host: channel.localAddress?.ipAddress ?? address.host, port: channel.localAddress?.port ?? address.port))
            }
        case .socket(let file):
            try file.prepare()
            defer { file.remove() }
            try await serve(.unixDomainSocket(path: file.path), named: file.path, registry) { _ in
                try file.restrict()
                onBound(ListenAddress(host: file.path, port: 0))
            }
        }
    }

    /// Listens on one address until shutdown; ends at once when `onBound` throws.
    private func serve(
        _ address: BindAddress, named name: String, _ registry: ConnectionRegistry,
        onBound: @escaping @Sendable (any Channel) throws -> Void
    ) async throws {
        let isBound = NIOLockedValueBox(false)
        let refusal = NIOLockedValueBox<(any Error)?>(nil)
        let channel = WebChannel(responder: responder, limits: limits, registry: registry, logger: logger)
        let server = channel.server(
            configuration: ServerConfiguration(
                address: address, availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { channel in
                isBound.withLockedValue { $0 = true }
                do {
                    try onBound(channel)
                } catch {
                    refusal.withLockedValue { $0 = error }
                    channel.close(promise: nil)
                }
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
            throw MetricsServerError.cannotListen(name, reason: Self.reason(error))
        }
        if let error = refusal.withLockedValue(\.self) { throw error }
        if !stopping.withLockedValue(\.self) { throw MetricsServerError.listenerEnded(name) }
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
