public import NIOCore
import WireFormat

/// How a transport listens, dials and limits what it holds; valid once made.
public struct TransportConfiguration: Sendable {
    /// Where members dial this one, `host:port`; port 0 lets the system choose.
    public let listenAddress: String
    /// The address other members are told; nil derives it from the listening socket.
    public let advertiseAddress: String?
    public let security: TransportSecurity
    public let limits: Limits
    public let timing: Timing

    let listen: HostPort

    /// The protocol versions this program speaks. Unknown fields and frames are skipped, so the version moves only with a change that
    /// an older member would misunderstand.
    public static let supportedProtocolVersions: ClosedRange<UInt32> = 1...1

    /// The largest of everything a transport holds.
    public struct Limits: Equatable, Sendable {
        /// Bytes of one frame, sent or received.
        public var frameBytes = WireLimits.frameBytes
        /// Bytes of the first frame of a connection, while nothing is known of who speaks.
        public var helloBytes = 16 << 10
        /// Frames that wait for one peer.
        public var queuedFrames = 1_024
        /// Bytes that wait for one peer; at least `frameBytes`.
        public var queuedBytes = 2 * WireLimits.frameBytes
        /// Connections from nodes that have said hello and are no members, as far as this node knows; members always have room.
        public var guestConnections = 256
        /// Connections from others without a hello yet; one more takes the place of the oldest.
        public var strangerConnections = 64
        /// Peers that are dialled.
        public var peers = WireLimits.nodes

        public init() {}
    }

    /// The waits of a transport.
    public struct Timing: Equatable, Sendable {
        /// From the start of a dial to its connection.
        public var connect: TimeAmount = .seconds(1)
        /// From a connection to the other side's valid hello, a TLS handshake included.
        public var hello: TimeAmount = .seconds(2)
        /// Between two pings on one connection.
        public var ping: TimeAmount = .milliseconds(200)
        /// The longest wait between two dials of a peer: with the dial that a cut path swallowed, a path that carries again is found within
        /// two seconds.
        public var maximumBackoff: TimeAmount = .milliseconds(800)
        /// How long sent bytes may stay unacknowledged before the connection is given up and dialled anew. TCP's own retransmissions
        /// double their wait, so that a connection that outlived a partition would resume too late.
        public var unacknowledged: TimeAmount = .milliseconds(1_500)
        /// How long an inbound connection may bring nothing; pings arrive several times a second from a living peer.
        public var inboundSilence: TimeAmount = .seconds(30)

        public init() {}
    }

    /// - Throws: `TransportConfigurationError`, when an address is malformed, a limit or a time is not positive or does not fit another,
    ///   or plaintext would be spoken beyond loopback without being allowed to.
    public init(
        listenAddress: String, advertiseAddress: String? = nil, security: TransportSecurity = .plaintext(beyondLoopback: false),
        limits: Limits = Limits(), timing: Timing = Timing()
    ) throws(TransportConfigurationError) {
        guard let listen = HostPort(listenAddress) else { throw .malformedAddress(listenAddress) }
        if let advertiseAddress {
            guard let advertised = HostPort(advertiseAddress), advertised.port > 0 else { throw .malformedAddress(advertiseAddress) }
        }
        if case .plaintext(beyondLoopback: false) = security, !listen.isLoopback { throw .plaintextBeyondLoopback(listenAddress) }
        try TransportConfiguration.check(limits)
        try TransportConfiguration.check(timing)
        self.listenAddress = listenAddress
        self.advertiseAddress = advertiseAddress
        self.security = security
        self.limits = limits
        self.timing = timing
        self.listen = listen
    }

    private static func check(_ limits: Limits) throws(TransportConfigurationError) {
        let values = [
            ("frameBytes", limits.frameBytes, 1_024...WireLimits.frameBytes), ("helloBytes", limits.helloBytes, 1_024...limits.frameBytes),
            ("queuedFrames", limits.queuedFrames, 1...1_000_000), ("queuedBytes", limits.queuedBytes, limits.frameBytes...(1 << 30)),
            ("guestConnections", limits.guestConnections, 1...65_536),
            ("strangerConnections", limits.strangerConnections, 1...65_536), ("peers", limits.peers, 1...WireLimits.nodes),
        ]
        for (name, value, range) in values where !range.contains(value) {
            throw .outOfRange(name: name, value: value, range: range)
        }
    }

    private static func check(_ timing: Timing) throws(TransportConfigurationError) {
        let hour = 3_600_000
        let values = [
            ("connect", timing.connect), ("hello", timing.hello), ("ping", timing.ping), ("maximumBackoff", timing.maximumBackoff),
            ("unacknowledged", timing.unacknowledged), ("inboundSilence", timing.inboundSilence),
        ]
        for (name, value) in values where !(1...hour).contains(Int(value.nanoseconds / 1_000_000)) {
            throw .outOfRange(name: name + " (milliseconds)", value: Int(value.nanoseconds / 1_000_000), range: 1...hour)
        }
    }
}

/// How the bytes between members are protected.
public enum TransportSecurity: Equatable, Sendable {
    /// Not at all: for one machine, or, when allowed to go beyond loopback, for a network that is trusted as a whole.
    case plaintext(beyondLoopback: Bool)
    /// Both sides show a certificate of the same authority; each carries cluster, role and name.
    case mutualTLS(TLSFiles)

    /// PEM files.
    public struct TLSFiles: Equatable, Sendable {
        /// This member's certificate, followed by intermediate ones if there are any.
        public var certificate: String
        /// Its private key.
        public var key: String
        /// The certificates of the authorities that members' certificates must come from.
        public var authority: String

        public init(certificate: String, key: String, authority: String) {
            self.certificate = certificate
            self.key = key
            self.authority = authority
        }
    }
}

/// Why a transport cannot be made or started as configured.
public enum TransportConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    case malformedAddress(String)
    /// Plaintext on an address that other machines may reach.
    case plaintextBeyondLoopback(String)
    case outOfRange(name: String, value: Int, range: ClosedRange<Int>)
    /// A file of the TLS configuration that cannot be read or used.
    case unusableFile(path: String, problem: String)
    /// The own certificate does not name this member: every peer would refuse it.
    case foreignCertificate(path: String, expected: String, found: [String])
    /// The system does not let the process listen there.
    case cannotListen(address: String, problem: String)

    public var description: String {
        switch self {
        case .malformedAddress(let address): return "\"\(address)\" is not host:port"
        case .plaintextBeyondLoopback(let address):
            return "\(address) can be reached from other machines: give TLS files, or allow plaintext explicitly"
        case .outOfRange(let name, let value, let range):
            return "\(name) is \(value), allowed are \(range.lowerBound) to \(range.upperBound)"
        case .unusableFile(let path, let problem): return "\(path): \(problem)"
        case .foreignCertificate(let path, let expected, let found):
            let names = found.isEmpty ? "none" : found.joined(separator: ", ")
            return "\(path): the certificate must name \(expected) as a subject alternative URI, it names \(names)"
        case .cannotListen(let address, let problem): return "cannot listen on \(address): \(problem)"
        }
    }
}
