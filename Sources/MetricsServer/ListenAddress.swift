/// Where a server listens, or listens already: a host and a port.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// A host name or address without brackets; empty for all addresses, IPv6 and IPv4.
    public let host: String
    /// 0 to 65535; 0 lets the system choose.
    public let port: Int

    /// Creates an address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `:10310`, `127.0.0.1:0`, `localhost:9100` or `[::1]:9100`.
    /// - Throws: `MetricsServerError.invalidListenAddress` with what is wrong.
    public init(_ text: String) throws(MetricsServerError) {
        guard let colon = text.lastIndex(of: ":") else { throw .invalidListenAddress(text, reason: "no port; write host:port or :port") }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            throw .invalidListenAddress(text, reason: "the port must be a number from 0 to 65535")
        }
        let host = text[..<colon]
        self.port = Int(port)
        if host.hasPrefix("[") && host.hasSuffix("]") && host.count > 2 {
            self.host = String(host.dropFirst().dropLast())
        } else if host.contains(where: { ":[]/ ".contains($0) }) {
            throw .invalidListenAddress(text, reason: "write an IPv6 address in brackets, and no scheme or path")
        } else {
            self.host = String(host)
        }
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
