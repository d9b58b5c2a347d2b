/// Puts a response together from what arrives. It ends with its `Content-Length`, or without one with the connection.
struct HTTPResponseReader {
    /// The largest head and the largest body, in bytes.
    static let maximumHeadBytes = 16 << 10
    static let maximumBodyBytes = 8 << 20

    private var bytes: [UInt8] = []
    private var head: Head?

    private struct Head {
        let status: Int
        let length: Int?
        let bodyStart: Int
    }

    /// - Returns: the outcome when it is decided.
    mutating func take(_ more: ArraySlice<UInt8>) -> HTTPOutcome? {
        bytes += more
        if head == nil {
            guard let end = endOfHead() else {
                return bytes.count > HTTPResponseReader.maximumHeadBytes ? .failed("the answer's head is too long") : nil
            }
            guard let parsed = parseHead(end) else { return .failed("the answer is not HTTP") }
            head = parsed
        }
        guard let head else { return nil }
        let received = bytes.count - head.bodyStart
        guard max(head.length ?? 0, received) <= HTTPResponseReader.maximumBodyBytes else { return .failed("the answer is too long") }
        guard let length = head.length, received >= length else { return nil }
        return .answered(status: head.status, body: Array(bytes[head.bodyStart..<head.bodyStart + length]))
    }

    /// The connection ended.
    func finished() -> HTTPOutcome {
        guard let head, head.length == nil else { return .failed("the connection ended within the answer") }
        return .answered(status: head.status, body: Array(bytes[head.bodyStart...]))
    }

    /// The index after the empty line.
    private func endOfHead() -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= mark.count else { return nil }
        let last = min(bytes.count, HTTPResponseReader.maximumHeadBytes) - mark.count
        return (0...last).first { bytes[$0] == mark[0] && bytes[$0..<$0 + mark.count].elementsEqual(mark) }.map { $0 + mark.count }
    }

    private func parseHead(_ end: Int) -> Head? {
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1.") else { return nil }
        let words = first.split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]), (200...599).contains(status) else { return nil }
        let lengths = lines.dropFirst().compactMap { line -> String? in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
            return String(parts[1].filter { $0 != " " })
        }
        guard let text = lengths.first else { return Head(status: status, length: nil, bodyStart: end) }
        guard let length = Int(text), length >= 0 else { return nil }
        return Head(status: status, length: length, bodyStart: end)
    }
}
