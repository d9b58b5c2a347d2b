import Glibc

/// What the commands ask of the system, in Swift's words.
enum SystemCalls {
    /// The words for `errno`.
    static func reason(_ number: Int32 = errno) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }

    /// Seconds of a clock that never jumps.
    static func monotonicSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Milliseconds since 1970, for display.
    static func wallMilliseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Writes all of a text.
    /// - Returns: false when the other side is gone or the descriptor takes no more.
    static func write(_ text: String, to descriptor: CInt) -> Bool {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { all in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }

    /// The path of the running executable, in a form that can be started again.
    static func ownExecutable() -> String {
        let link = "/proc/self/exe"
        var path = [CChar](repeating: 0, count: 4_097)
        let count = unsafe readlink(link, &path, path.count - 1)
        guard count > 0 else { return link }
        let target = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // A binary that was replaced while it runs has no path any more, but the link still leads to it.
        return unsafe access(target, X_OK) == 0 ? target : link
    }

    /// Waits for a descriptor to have input, or for a signal, at most so long.
    /// - Returns: whether there is input.
    static func waitForInput(_ descriptor: CInt, atMost seconds: Double) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds = Int32(max(0, min(seconds, 3_600)) * 1_000)
        return unsafe poll(&entry, 1, milliseconds) > 0
    }

    /// Whether 127.0.0.1 has this port free.
    static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // As servers do: what a closed connection left behind is no obstacle.
        var yes: CInt = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        let endpoint = HTTPEndpoint.loopback(port: port)
        return unsafe endpoint.withAddress { unsafe bind(descriptor, $0, $1) } == 0
    }
}
