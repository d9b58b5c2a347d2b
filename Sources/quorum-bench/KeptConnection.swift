import ClusterHarness
import Glibc

/// An HTTP connection that is kept from one request to the next, and opened anew after a failure. Used by one thread at a time.
final class KeptConnection {
    private let port: UInt16
    private var descriptor: CInt?
    private var buffer: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 65_536)

    /// An answer.
    struct Answer {
        let status: Int
        /// As sent, that is compressed where that was asked for.
        let body: [UInt8]
    }

    init(port: UInt16) { self.port = port }

    deinit { close() }

    /// - Throws: `HarnessError` when there is no answer in time; the connection is then closed.
    func get(_ path: String, headers: String = "", timeout: Duration) throws -> Answer {
        let deadline = ContinuousClock.now + timeout
        do {
            let open = try descriptor ?? connect()
            descriptor = open
            try send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(headers)\r\n", on: open, by: deadline)
            return try answer(on: open, by: deadline)
        } catch {
            close()
            throw error
        }
    }

    func close() {
        if let descriptor { _ = Glibc.close(descriptor) }
        descriptor = nil
        buffer.removeAll()
    }

    /// On loopback a connection is there or refused at once.
    private func connect() throws -> CInt {
        let open = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard open >= 0 else { throw HarnessError("socket: error \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(open, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let number = errno
            _ = Glibc.close(open)
            throw HarnessError("connect: error \(number)")
        }
        return open
    }

    private func send(_ text: String, on open: CInt, by deadline: ContinuousClock.Instant) throws {
        let bytes = Array(text.utf8)
        // A request of some hundred bytes fits any socket's buffer whole.
        let sent = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(open, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == bytes.count else { throw HarnessError("send: error \(errno)") }
    }

    private func answer(on open: CInt, by deadline: ContinuousClock.Instant) throws -> Answer {
        var head: (status: Int, end: Int, length: Int)?
        while true {
            head = try head ?? parseHead()
            if let head, buffer.count >= head.end + head.length {
                let body = Array(buffer[head.end..<head.end + head.length])
                buffer.removeFirst(head.end + head.length)
                return Answer(status: head.status, body: body)
            }
            try receive(on: open, by: deadline)
        }
    }

    private func receive(on open: CInt, by deadline: ContinuousClock.Instant) throws {
        let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
        var entry = pollfd(fd: open, events: Int16(POLLIN), revents: 0)
        guard left > 0, unsafe poll(&entry, 1, Int32(left.rounded(.up))) > 0 else { throw HarnessError("receive: no answer in time") }
        let count = unsafe recv(open, &chunk, chunk.count, 0)
        guard count > 0 else { throw HarnessError("receive: the connection ended") }
        buffer += chunk[..<count]
    }

    /// Nil while the head is not whole.
    private func parseHead() throws -> (status: Int, end: Int, length: Int)? {
        let scanned = buffer.prefix(4_096)
        guard let end = scanned.indices.first(where: { scanned[$0...].starts(with: [13, 10, 13, 10]) }) else { return nil }
        let lines = String(decoding: buffer[..<end], as: UTF8.self).lowercased().split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        let length = lines.first { $0.hasPrefix("content-length:") }?.dropFirst(15).drop { $0 == " " }
        guard words.count >= 2, let status = Int(words[1]), let length = length.flatMap({ Int($0) }) else {
            throw HarnessError("an answer without a status or a length")
        }
        return (status, end + 4, length)
    }
}
