/// Every maximum of the server. A client that exceeds one is answered or cut off; the server itself goes on.
public struct WebLimits: Sendable, Equatable {
    /// Counted requests answered at once; one more gets 503.
    public var requests = 40
    /// Event streams open at once; one more gets 503.
    public var streams = 16
    /// Connections open at once on each listen address; further ones wait in the system's queue.
    public var connections = 256
    /// Bytes of a request's body; more gets 413.
    public var requestBodyBytes = 65_536
    /// Bytes of a request's line and headers together; more gets 400.
    public var requestHeaderBytes = 32_768
    /// From the first byte of a request (or the opening of the connection) to its last.
    public var requestTimeout: Duration = .seconds(10)
    /// How long a client may leave a written response unread without taking a single byte.
    public var writeStallTimeout: Duration = .seconds(30)
    /// From the first byte of a response to its last, however slowly a client reads; event streams have no such limit.
    public var responseTimeout: Duration = .seconds(60)
    /// How long a connection may stay open between requests; longer than any sensible scrape interval.
    public var idleTimeout: Duration = .seconds(300)
    /// How long a client may take to close its side after the server has closed its own.
    public var lingerTimeout: Duration = .seconds(2)
    /// How long requests may go on after a shutdown was asked for.
    public var shutdownGrace: Duration = .seconds(5)

    /// The defaults.
    public init() {}
}
