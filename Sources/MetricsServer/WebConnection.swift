import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes
import ServiceLifecycle

/// One connection: reads its requests in order and answers each before the next.
struct WebConnection {
    typealias Parts = NIOAsyncChannelInboundStream<HTTPRequestPart>.AsyncIterator
    typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPResponsePart>

    let channel: any Channel
    let responder: WebResponder
    let limits: WebLimits

    /// What reading a request came to.
    private enum Incoming {
        case request(HTTPRequest, body: [UInt8])
        case refused(status: Int)
        case ended
    }

    /// Serves until the client or the server wants no more, then closes the output; closing the rest is the caller's.
    func serve(_ inbound: NIOAsyncChannelInboundStream<HTTPRequestPart>, _ outbound: Outbound) async throws {
        var parts = inbound.makeAsyncIterator()
        var goesOn = true
        while goesOn {
            switch await nextRequest(&parts) {
            case .ended:
                goesOn = false
            case .refused(let status):
                try await responder.refuse(status: status) { try await write($0, to: outbound) }
                goesOn = false
            case .request(let head, let body):
                let wantsClose = Self.wantsClose(head)
                var closes = wantsClose
                try await responder.respond(to: head, body: body, remote: channel.remoteName) { response in
                    var response = response
                    if wantsClose { response.closes = true }
                    closes = response.closes
                    try await write(response, to: outbound)
                }
                goesOn = !closes
            }
        }
    }

    /// Whatever fails in reading is the client's doing, or its end: never an error of ours.
    private func nextRequest(_ parts: inout Parts) async -> Incoming {
        do {
            guard let first = try await parts.next() else { return .ended }
            guard case .head(let head) = first else { return .refused(status: 400) }
            if let announced = head.headerFields[.contentLength].flatMap(Int.init), announced > limits.requestBodyBytes {
                return .refused(status: 413)
            }
            var body: [UInt8] = []
            while let part = try await parts.next() {
                switch part {
                case .body(let buffer):
                    guard body.count + buffer.readableBytes <= limits.requestBodyBytes else { return .refused(status: 413) }
                    body.append(contentsOf: buffer.readableBytesView)
                case .end: return .request(head, body: body)
                case .head: return .refused(status: 400)
                }
            }
            return .ended
        } catch is CancellationError {
            return .ended
        } catch {
            return .refused(status: 400)
        }
    }

    private static func wantsClose(_ head: HTTPRequest) -> Bool {
        let tokens = head.headerFields[.connection]?.lowercased().split(separator: ",") ?? []
        return tokens.contains { $0.allSatisfy { "close \t".contains($0) } && $0.contains("close") }
    }

    // MARK: Writing

    /// How much of a body is handed over at once: a client that does not read holds no more than this and the socket's buffer.
    private static let pieceBytes = 262_144

    private func write(_ response: OutgoingResponse, to outbound: Outbound) async throws {
        switch response.body {
        case nil:
            try await outbound.write(contentsOf: [.head(response.head), .end(nil)])
        case .bytes(let bytes):
            var rest = ByteBuffer(bytes: bytes)
            if rest.readableBytes <= Self.pieceBytes {
                return try await outbound.write(contentsOf: [.head(response.head), .body(rest), .end(nil)])
            }
            try await outbound.write(.head(response.head))
            while let piece = rest.readSlice(length: min(Self.pieceBytes, rest.readableBytes)), piece.readableBytes > 0 {
                try await outbound.write(.body(piece))
                // The writer waits for a channel that takes no more, but learns of it on the event loop only: without this turn of the
                // loop a fast sender hands everything over first.
                try await channel.eventLoop.submit {}.get()
            }
            try await outbound.write(.end(nil))
        case .stream(let chunks):
            try await outbound.write(.head(response.head))
            await pump(chunks, to: outbound)
            try await outbound.write(.end(nil))
        }
    }

    /// Sends chunks until they end, the connection closes or the server is to stop.
    private func pump(_ chunks: AsyncStream<[UInt8]>, to outbound: Outbound) async {
        let (closed, closing) = AsyncStream.makeStream(of: Never.self)
        channel.closeFuture.whenComplete { _ in closing.finish() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for await chunk in chunks { try await outbound.write(.body(ByteBuffer(bytes: chunk))) }
                } catch {
                    // The client has gone; what follows fails as well and ends the connection.
                }
            }
            group.addTask { for await _ in closed {} }
            group.addTask {
                do { try await gracefulShutdown() } catch {
                    // Cancelled because one of the others ended first.
                }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
