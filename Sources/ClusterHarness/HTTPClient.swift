import Glibc

/// One request on one connection, over plain sockets, with a deadline for the whole of it.
public enum HTTPClient {
    /// An answer as it came.
    public struct Response: Sendable {
        public let status: Int
        /// In the order of arrival, names in lower case.
        public let headers: [(name: String, value: String)]
        public let body: [UInt8]

        /// The first header of that name, in lower case.
        public subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// - Parameters:
    ///   - host: an IPv4 address.
    ///   - headers: beside `Host` and `Connection: close`.
    /// - Throws: `HarnessError` when the connection fails, the deadline passes or the answer is no HTTP.
    public static func request(
        _ method: String = "GET", host: String = "127.0.0.1", port: UInt16, path: String, headers: [(String, String)] = [],
        timeout: Duration = .seconds(2)
    ) throws -> Response {
        let deadline = ContinuousClock.now + timeout
        let connection = try Connection(host: host, port: port, deadline: deadline)
        defer { connection.end() }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host):\(port)\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        try connection.send(Array((head + "\r\n").utf8))
        return try parse(try connection.receiveAll(), isHead: method == "HEAD")
    }

    private static func parse(_ bytes: [UInt8], isHead: Bool) throws -> Response {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else {
            throw HarnessError("an answer without an end of its head, \(bytes.count) bytes")
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count >= 2, let status = Int(first[1]) else {
            throw HarnessError("no status line")
        }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
        let isChunked = headers.contains { $0.name == "transfer-encoding" && $0.value == "chunked" }
        let body = isChunked ? try joined(bytes[(end + 4)...]) : Array(bytes[(end + 4)...])
        let response = Response(status: status, headers: headers, body: body)
        if !isHead, let length = response["content-length"].flatMap({ Int($0) }), length != body.count {
            throw HarnessError("\(body.count) bytes of a body of \(length)")
        }
        return response
    }

    /// A body that came in chunks.
    private static func joined(_ chunks: ArraySlice<UInt8>) throws -> [UInt8] {
        var rest = chunks
        var body: [UInt8] = []
        while true {
            let size = rest.prefix { $0 != 13 }
            guard let count = Int(String(decoding: size, as: UTF8.self), radix: 16), rest.count >= size.count + 2 + count else {
                throw HarnessError("\(body.count) bytes of a body of unknown length")
            }
            if count == 0 { return body }
            rest = rest.dropFirst(size.count + 2)
            body += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
        }
    }
}

/// A connection that never waits beyond its deadline.
private struct Connection {
    let descriptor: CInt
    let deadline: ContinuousClock.Instant

    init(host: String, port: UInt16, deadline: ContinuousClock.Instant) throws {
        self.deadline = deadline
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw HarnessError("socket: \(SystemError.text())") }
        do { try connect(host: host, port: port) } catch {
            end()
            throw error
        }
    }

    func end() { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { all in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: all[sent...])
                return unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { sent += count } else { try retry(POLLOUT, "send") }
        }
    }

    /// Everything up to the end of the connection.
    func receiveAll() throws -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
            if count == 0 { return all }
            if count > 0 { all += chunk[..<count] } else { try retry(POLLIN, "receive") }
        }
    }

    private func connect(host: String, port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 else { throw HarnessError("\(host) is no IPv4 address") }
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return }
        guard errno == EINPROGRESS else { throw HarnessError("connect: \(SystemError.text())") }
        try wait(POLLOUT, "connect")
        var failure: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size)
        guard failure == 0 else { throw HarnessError("connect: \(SystemError.text(failure))") }
    }

    private func retry(_ event: Int32, _ what: String) throws {
        guard errno == EAGAIN || errno == EINTR else { throw HarnessError("\(what): \(SystemError.text())") }
        try wait(event, what)
    }

    private func wait(_ event: Int32, _ what: String) throws {
        let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
        guard left > 0 else { throw HarnessError("\(what): no answer in time") }
        var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        guard unsafe poll(&entry, 1, Int32(left.rounded(.up))) != 0 else { throw HarnessError("\(what): no answer in time") }
    }
}
