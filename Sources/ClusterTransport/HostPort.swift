import NIOCore

/// A `host:port` as configuration, memberships and hellos carry it; an IPv6 host stands in brackets.
struct HostPort: Equatable, Sendable, CustomStringConvertible {
    let host: String
    let port: Int

    /// - Parameter text: `name:port`, `1.2.3.4:port` or `[::1]:port`, the port from 0 to 65535.
    /// - Returns: nil for anything else.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
        self.init(host: String(host), port: port)
    }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Whether it can only be reached from the same machine. A name other than `localhost` may mean any machine.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") && socketAddress != nil }

    /// The socket address, when the host is numeric: no look-up is needed then.
    var socketAddress: SocketAddress? {
        do {
            return try SocketAddress(ipAddress: host, port: port)
        } catch {
            return nil
        }
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
