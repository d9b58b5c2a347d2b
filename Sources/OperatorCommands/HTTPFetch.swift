import Glibc

/// What is to be fetched.
struct HTTPRequest: Sendable {
    let endpoint: HTTPEndpoint
    /// Begins with `/`; may have a query.
    let path: String
    /// Such as `GET`.
    var method = "GET"
}

/// What came of it.
enum HTTPOutcome: Equatable, Sendable {
    case answered(status: Int, body: [UInt8])
    /// Such as `Connection refused`.
    case failed(String)
}

/// Fetches some documents at once, on one thread and within one deadline. Knows no TLS, no redirects and no chunks: the API needs none.
enum HTTPFetch {
    /// - Parameters:
    ///   - requests: at most a few dozen.
    ///   - seconds: until everything must be there.
    ///   - isCancelled: asked after each wait; when true, what is not there fails.
    /// - Returns: an outcome for each request, in their order.
    static func all(_ requests: [HTTPRequest], within seconds: Double, isCancelled: () -> Bool = { false }) -> [HTTPOutcome] {
        let deadline = SystemCalls.monotonicSeconds() + seconds
        var exchanges = requests.map { HTTPExchange($0, budgetSeconds: seconds) }
        defer { for exchange in exchanges { exchange.close() } }
        while exchanges.contains(where: { $0.outcome == nil }) {
            let rest = deadline - SystemCalls.monotonicSeconds()
            guard rest > 0, !isCancelled() else { break }
            advance(&exchanges, atMost: rest)
        }
        return exchanges.map { $0.outcome ?? .failed("no answer") }
    }

    /// Waits for any socket, and lets each that is ready go on.
    private static func advance(_ exchanges: inout [HTTPExchange], atMost seconds: Double) {
        let waiting = exchanges.indices.filter { exchanges[$0].outcome == nil }
        var entries = waiting.map { exchanges[$0].pollEntry }
        let milliseconds = Int32(max(1, min(seconds, 60) * 1_000))
        guard unsafe poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return }
        for (entry, index) in zip(entries, waiting) where entry.revents != 0 { exchanges[index].advance() }
    }
}

/// One request on its way.
private struct HTTPExchange {
    private(set) var outcome: HTTPOutcome?
    private let descriptor: CInt
    private var unsent: [UInt8]
    private var isConnected = false
    private var received = HTTPResponseReader()

    init(_ request: HTTPRequest, budgetSeconds: Double) {
        // A leader that cannot prove itself answers half a second before the timeout it is told.
        unsent = Array(
            """
            \(request.method) \(request.path) HTTP/1.1\r
            Host: \(request.endpoint.authority)\r
            Accept: application/json\r
            X-Prometheus-Scrape-Timeout-Seconds: \(budgetSeconds)\r
            Connection: close\r
            \r

            """.utf8)
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(request.endpoint.family, kind, 0)
        guard descriptor >= 0 else {
            outcome = .failed(SystemCalls.reason())
            return
        }
        let result = unsafe request.endpoint.withAddress { unsafe connect(descriptor, $0, $1) }
        if result != 0, errno != EINPROGRESS { outcome = .failed(SystemCalls.reason()) }
    }

    var pollEntry: pollfd {
        pollfd(fd: descriptor, events: Int16(unsent.isEmpty ? POLLIN : POLLOUT), revents: 0)
    }

    func close() { if descriptor >= 0 { Glibc.close(descriptor) } }

    mutating func advance() {
        if !isConnected {
            let problem = socketError()
            guard problem == 0 else {
                outcome = .failed(SystemCalls.reason(problem))
                return
            }
            isConnected = true
        }
        if unsent.isEmpty { receive() } else { send() }
    }

    private func socketError() -> Int32 {
        var problem: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 ? problem : errno
    }

    private mutating func send() {
        let count = unsafe unsent.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count >= 0 { unsent.removeFirst(count) } else { failUnlessTransient() }
    }

    private mutating func receive() {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count < 0 { return failUnlessTransient() }
        outcome = count == 0 ? received.finished() : received.take(chunk[..<count])
    }

    private mutating func failUnlessTransient() {
        guard errno != EAGAIN, errno != EINTR else { return }
        outcome = .failed(SystemCalls.reason())
    }
}
