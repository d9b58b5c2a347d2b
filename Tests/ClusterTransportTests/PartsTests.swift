import NIOCore
import RaftCore
import Testing
import WireFormat

@testable import ClusterTransport

struct HostPortTests {
    @Test(
        "A host and a port are read, an IPv6 host from brackets",
        arguments: [
            ("a.example:10311", "a.example", 10_311), ("127.0.0.1:0", "127.0.0.1", 0), ("[::1]:65535", "::1", 65_535),
        ])
    func reads(text: String, host: String, port: Int) {
        #expect(HostPort(text) == HostPort(host: host, port: port))
        #expect(HostPort(text)?.description == text)
    }

    @Test("Anything else is refused", arguments: ["", "a", ":1", "a:", "a:65536", "a:-1", "::1:80", "[a]:1", "a b:1", "a:1x"])
    func refuses(text: String) { #expect(HostPort(text) == nil) }

    @Test(
        "Only loopback is loopback",
        arguments: [
            ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("localhost:1", true), ("[::1]:1", true), ("0.0.0.0:1", false), ("[::]:1", false),
            ("127.example:1", false), ("10.0.0.1:1", false),
        ])
    func loopback(text: String, expected: Bool) { #expect(HostPort(text)?.isLoopback == expected) }
}

struct BackoffTests {
    @Test func `the first wait is none, the next double from 10 ms to the maximum`() {
        var backoff = Backoff(maximum: .milliseconds(100))
        let waits = (0..<8).map { _ in backoff.next(jitter: 0).nanoseconds / 1_000_000 }
        #expect(waits == [0, 10, 20, 40, 80, 100, 100, 100])
    }

    @Test func `jitter shortens a wait by half at most`() {
        var backoff = Backoff(maximum: .milliseconds(100))
        for _ in 0..<10 { _ = backoff.next(jitter: 1) }
        let waits = [1, 7].map { backoff.next(jitter: $0) }
        #expect(waits == [.milliseconds(50), .milliseconds(50)])
    }

    @Test func `a broken connection is dialled at once, but not more than once a second`() {
        var backoff = Backoff(maximum: .seconds(1))
        let start = NIODeadline.now()
        for _ in 0..<10 { _ = backoff.next(jitter: 0) }
        let breaks: [TimeAmount] = [.zero, .milliseconds(999), .seconds(1)]
        let waits = breaks.map { moment -> TimeAmount in
            backoff.connectionBroke(at: start + moment)
            return backoff.next(jitter: 0)
        }
        #expect(waits == [.zero, .milliseconds(10), .zero])
    }

    @Test func `the wait stays at the maximum for ever`() {
        var backoff = Backoff(maximum: .hours(1))
        for _ in 0..<1_000 { _ = backoff.next(jitter: 0) }
        let wait = backoff.next(jitter: 0)
        #expect(wait == .hours(1))
    }
}

struct OutboundQueueTests {
    private func item(_ number: UInt8, size: Int = 1, expendable: Bool = false) -> OutboundQueue.Item {
        OutboundQueue.Item(buffer: ByteBuffer(repeating: number, count: size), expendable: expendable)
    }

    private func contents(_ queue: OutboundQueue) -> [UInt8] {
        var queue = queue
        var result: [UInt8] = []
        while let buffer = queue.popFirst() { result.append(buffer.readableBytesView.first ?? 0) }
        return result
    }

    @Test func `a full queue drops the oldest expendable frame first, then the oldest`() {
        var queue = OutboundQueue(maximumFrames: 3, maximumBytes: 100)
        let dropped = [item(1), item(2, expendable: true), item(3), item(4)].map { queue.append($0) }
        #expect(dropped == [0, 0, 0, 1])
        #expect(contents(queue) == [1, 3, 4])
        let last = queue.append(item(5))
        #expect(last == 1)
        #expect(contents(queue) == [3, 4, 5])
    }

    @Test func `bytes are bounded as well as frames`() {
        var queue = OutboundQueue(maximumFrames: 100, maximumBytes: 10)
        _ = queue.append(item(1, size: 4))
        _ = queue.append(item(2, size: 4))
        let dropped = [queue.append(item(3, size: 9)), queue.append(item(4, size: 11))]
        #expect(dropped == [2, 1])
        #expect(contents(queue) == [3])
        #expect(queue.bytes == 9)
        let removed = queue.removeAll()
        #expect(removed == 1)
        #expect(queue.bytes == 0 && queue.count == 0)
    }

    @Test func `the count of bytes follows every way in and out`() {
        var queue = OutboundQueue(maximumFrames: 5, maximumBytes: 50)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            if Int.random(in: 0..<3, using: &generator) == 0 {
                _ = queue.popFirst()
            } else {
                _ = queue.append(item(1, size: Int.random(in: 1...20, using: &generator), expendable: Bool.random(using: &generator)))
            }
            var copy = queue
            var bytes = 0
            while let buffer = copy.popFirst() { bytes += buffer.readableBytes }
            #expect(bytes == queue.bytes && queue.bytes <= 50 && queue.count <= 5)
            #expect(copy.bytes == 0)
        }
    }
}

struct FrameDecoderTests {
    private func buffer(_ bytes: [UInt8]) -> ByteBuffer { ByteBuffer(bytes: bytes) }

    @Test func `frames are cut wherever the bytes are split`() throws {
        let whole: [UInt8] = [0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1, 9]
        for split in 0...whole.count {
            let decoder = FrameDecoder(limit: 2)
            var gathered = ByteBuffer()
            var frames: [[UInt8]] = []
            for part in [whole[..<split], whole[split...]] {
                gathered.writeBytes(part)
                while let frame = try decoder.decode(buffer: &gathered) { frames.append(Array(frame.readableBytesView)) }
            }
            #expect(frames == [[7, 8], [], [9]])
            let rest = try decoder.decodeLast(buffer: &gathered, seenEOF: true)
            #expect(rest == nil)
        }
    }

    @Test func `a length above the limit is refused at the prefix`() {
        let decoder = FrameDecoder(limit: 2)
        var bytes = buffer([0, 0, 0, 3])
        #expect(throws: FrameDecoder.Failure.oversized(length: 3, limit: 2)) { try decoder.decode(buffer: &bytes) }
        var all = buffer([0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: FrameDecoder.Failure.oversized(length: 4_294_967_295, limit: 2)) { try decoder.decode(buffer: &all) }
    }

    @Test func `an end within a frame is told from an end between frames`() {
        let decoder = FrameDecoder(limit: 10)
        var bytes = buffer([0, 0, 0, 3, 1])
        #expect(throws: FrameDecoder.Failure.truncated(bytes: 5)) { try decoder.decodeLast(buffer: &bytes, seenEOF: true) }
    }
}

struct RejectionLogTests {
    @Test func `each kind is new once, and forgotten when too many others came`() {
        var log = RejectionLog(maximum: 2)
        let keys = ["a", "b", "c"].map { RejectionLog.Key(address: $0, member: nil, kind: "garbage") }
        let answers = [0, 0, 1, 2, 2, 0].map { log.isNew(keys[$0]) }
        #expect(answers == [true, false, true, true, false, true])
    }
}
