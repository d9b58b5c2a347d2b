import NIOCore
import NIOPosix

/// A client that sends exactly the bytes it is told to. Every client is closed by itself after 20 seconds, so that nothing waits for ever.
struct RawClient {
    let line: RawLine
    private var chunks: AsyncStream<[UInt8]>.Iterator
    private var buffered: [UInt8] = []

    /// - Parameter readsItself: whether what the server sends is read without asking; else only by `readOnce`.
    init(port: Int, readsItself: Bool = true) async throws {
        try await self.init(readsItself: readsItself) { try await $0.connect(host: "127.0.0.1", port: port).get() }
    }

    /// A client of a socket in the file system.
    init(socketPath: String) async throws {
        try await self.init(readsItself: true) { try await $0.connect(unixDomainSocketPath: socketPath).get() }
    }

    private init(readsItself: Bool, connect: (ClientBootstrap) async throws -> any Channel) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: readsItself)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: 65_536)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ChunkHandler(continuation))
                }
            }
        let channel = try await connect(bootstrap)
        chunks = stream.makeAsyncIterator()
        line = RawLine(channel: channel)
        channel.eventLoop.scheduleTask(in: .seconds(20)) { channel.close(promise: nil) }
    }

    func send(_ text: String) async throws { try await line.send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws { try await line.send(bytes) }

    /// Closes the connection, if the server has not.
    func close() async throws {
        do {
            try await line.channel.close()
        } catch ChannelError.alreadyClosed {
            // The server was first.
        }
    }

    /// Closes only the sending side.
    func finishSending() async throws { try await line.channel.close(mode: .output) }

    /// From now on, reads without being asked.
    func readAll() async throws {
        try await line.channel.setOption(.autoRead, value: true).get()
        line.readOnce()
    }

    /// The next bytes; `nil` when the connection has ended.
    mutating func nextChunk() async -> [UInt8]? {
        if !buffered.isEmpty {
            defer { buffered = [] }
            return buffered
        }
        return await chunks.next()
    }

    /// All bytes until the connection ends.
    mutating func everything() async -> [UInt8] {
        var all: [UInt8] = []
        while let chunk = await nextChunk() { all += chunk }
        return all
    }

    /// Bytes up to and with the given text, or what came before the end.
    mutating func through(_ text: String) async -> String {
        let wanted = Array(text.utf8)
        var all: [UInt8] = []
        while let chunk = await nextChunk() {
            let start = max(0, all.count - wanted.count)
            all += chunk
            var index = start
            while index + wanted.count <= all.count {
                if all[index] == wanted[0], Array(all[index..<index + wanted.count]) == wanted {
                    buffered = Array(all[(index + wanted.count)...])
                    return String(decoding: all[..<(index + wanted.count)], as: UTF8.self)
                }
                index += 1
            }
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// One response: the head, and a body by its `Content-Length`, or none for `HEAD`.
    mutating func response(toHead: Bool = false) async throws -> RawResponse {
        var response = RawResponse(head: await through("\r\n\r\n"))
        let length = toHead ? 0 : response.header("content-length").flatMap { Int($0) } ?? 0
        guard length > 0 else { return response }
        while response.body.count < length, let chunk = await nextChunk() { response.body += chunk }
        buffered = Array(response.body.dropFirst(length))
        response.body = Array(response.body.prefix(length))
        return response
    }
}

/// The sending half of a client, for another task.
struct RawLine: Sendable {
    let channel: any Channel

    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Asks for what is there, for clients that do not read by themselves.
    func readOnce() { channel.read() }

    /// Whether the connection has not ended.
    var isOpen: Bool { channel.isActive }
}

struct RawResponse: Sendable {
    var head: String
    var body: [UInt8] = []

    init(head: String) { self.head = head }

    var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? {
        for line in head.split(separator: "\r\n") {
            let sides = line.split(separator: ":", maxSplits: 1)
            if sides.count == 2, sides[0].lowercased() == name { return String(sides[1].drop { $0 == " " }) }
        }
        return nil
    }
}

private final class ChunkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<[UInt8]>.Continuation

    init(_ continuation: AsyncStream<[UInt8]>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
