import Glibc

/// A place on the network: where this node listens, or where another one is dialled.
public struct HostAndPort: Hashable, Sendable, CustomStringConvertible {
    /// A lower-case host name, IPv4 address, or IPv6 address without brackets; empty for all addresses of this machine.
    public let host: String
    /// 0 to 65535; 0 only where listening, and there it lets the system choose.
    public let port: Int

    /// - Parameters:
    ///   - host: as `HostAndPort.host`, already checked.
    ///   - port: from 0 to 65535, already checked.
    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Whether only this machine can reach it: `localhost`, 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { host == "localhost" || host == "::1" || (host.hasPrefix("127.") && Self.isIPv4(host)) }

    /// Whether it stands for all addresses of this machine.
    public var isWildcard: Bool { host.isEmpty || host == "0.0.0.0" || host == "::" }

    /// `host:port`, an IPv6 address in brackets.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension HostAndPort {
    /// Where to listen: `:10310`, `127.0.0.1:0`, `[::1]:10311`.
    static func listening(_ text: String) throws(ValueProblem) -> HostAndPort {
        try parse(text, allowed: "host:port or :port, the port from 0 to 65535, an IPv6 address in brackets", mayBeAnywhere: true)
    }

    /// Whom to dial: `node-a.example:10311`.
    static func dialled(_ text: String) throws(ValueProblem) -> HostAndPort {
        try parse(text, allowed: "host:port, the port from 1 to 65535, an IPv6 address in brackets", mayBeAnywhere: false)
    }

    private static func parse(_ text: String, allowed: String, mayBeAnywhere: Bool) throws(ValueProblem) -> HostAndPort {
        guard let colon = text.lastIndex(of: ":") else { throw ValueProblem(found: "has no port", allowed: allowed) }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits),
            port > 0 || mayBeAnywhere
        else { throw ValueProblem(found: "has no usable port", allowed: allowed) }
        let written = String(text[..<colon])
        guard let host = host(written) else { throw ValueProblem(found: "has no usable host", allowed: allowed) }
        let address = HostAndPort(host: host, port: Int(port))
        guard mayBeAnywhere || !address.isWildcard else {
            throw ValueProblem(found: "names no machine that others could dial", allowed: allowed)
        }
        return address
    }

    /// The host as kept, or nil when it is none.
    private static func host(_ written: String) -> String? {
        if written.hasPrefix("["), written.hasSuffix("]") {
            let inner = String(written.dropFirst().dropLast())
            return isIPv6(inner) ? inner.lowercased() : nil
        }
        if written.isEmpty { return written }
        guard written.utf8.count <= 253, written.utf8.allSatisfy(isHostCharacter) else { return nil }
        let looksNumeric = written.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        if looksNumeric { return isIPv4(written) ? written : nil }
        return written.hasPrefix(".") || written.hasPrefix("-") ? nil : written.lowercased()
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: return true
        default: return false
        }
    }

    private static func isIPv4(_ text: String) -> Bool {
        var address = in_addr()
        return unsafe inet_pton(AF_INET, text, &address) == 1
    }

    private static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return unsafe inet_pton(AF_INET6, text, &address) == 1
    }
}
