import Glibc

/// A server to ask: a resolved address, and the name it is asked by.
struct HTTPEndpoint: Sendable {
    /// For the `Host` header.
    let authority: String
    let family: CInt
    /// A `sockaddr` of that family.
    private let address: [UInt8]

    /// Why a server cannot be asked.
    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    /// A port of 127.0.0.1.
    static func loopback(port: UInt16) -> HTTPEndpoint {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        let bytes = unsafe withUnsafeBytes(of: &address) { unsafe Array($0) }
        return HTTPEndpoint(authority: "127.0.0.1:\(port)", family: AF_INET, address: bytes)
    }

    /// A socket in the file system.
    /// - Throws: `Unusable` when the path is longer than the system takes.
    static func socket(path: String) throws(Unusable) -> HTTPEndpoint {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard (1...room).contains(path.utf8.count) else {
            throw Unusable(description: "\(path): has \(path.utf8.count) bytes, a socket's path has 1 to \(room)")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let bytes = unsafe withUnsafeBytes(of: &address) { unsafe Array($0) }
        return HTTPEndpoint(authority: "localhost", family: AF_UNIX, address: bytes)
    }

    /// The first address of a host.
    /// - Throws: `Unusable` when the host has none.
    static func resolve(host: String, port: UInt16) throws(Unusable) -> HTTPEndpoint {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let result = unsafe getaddrinfo(host, String(port), &hints, &found)
        guard result == 0, let first = unsafe found else {
            throw Unusable(description: "\(host) has no address: \(unsafe String(cString: gai_strerror(result)))")
        }
        defer { unsafe freeaddrinfo(first) }
        guard let raw = unsafe first.pointee.ai_addr else { throw Unusable(description: "\(host) has no address") }
        let bytes = unsafe Array(UnsafeRawBufferPointer(start: raw, count: Int(first.pointee.ai_addrlen)))
        let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        return HTTPEndpoint(authority: authority, family: unsafe first.pointee.ai_family, address: bytes)
    }

    /// Calls `body` with the address as the socket calls want it.
    func withAddress<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
        unsafe address.withUnsafeBytes { bytes in
            unsafe body(bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }
}
