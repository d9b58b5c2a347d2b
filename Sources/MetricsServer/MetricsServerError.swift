/// Why a server cannot be made or cannot start. Each case says what was found; `description` is fit for one line of a start's mistakes.
public enum MetricsServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A listen address that is not `host:port`, `[host]:port` or `:port`.
    case invalidListenAddress(String, reason: String)
    /// A path at which no socket can be.
    case invalidSocketPath(String, reason: String)
    /// No listen address at all.
    case noListenAddress
    /// The system refused the address: in use, not permitted, not this machine's.
    case cannotListen(String, reason: String)
    /// Two routes with the same path and method, for instance a telemetry path that another page has.
    case repeatedRoute(String)
    /// A path that does not start with a slash, or has a query, a fragment or a space in it.
    case invalidPath(String)
    /// A listener ended by itself, without a shutdown.
    case listenerEnded(String)

    public var description: String {
        switch self {
        case .invalidListenAddress(let text, let reason): "listen address \"\(text)\": \(reason)"
        case .invalidSocketPath(let path, let reason): "socket \"\(path)\": \(reason)"
        case .noListenAddress: "no listen address"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        case .repeatedRoute(let route): "two handlers for \(route)"
        case .invalidPath(let path): "path \"\(path)\": must start with / and hold no query, fragment or space"
        case .listenerEnded(let address): "the listener on \(address) ended by itself"
        }
    }
}
