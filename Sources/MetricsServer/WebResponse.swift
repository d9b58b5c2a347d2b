/// A handler's answer. The server adds `Content-Length`, `Date`, `Vary` and `Cache-Control`.
public struct WebResponse: Sendable {
    /// The status code, 200 to 599.
    public var status: Int
    /// Further headers, in order; a name that is no header's name is left out. They win over the server's own.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: WebBody

    /// Creates an answer.
    public init(status: Int = 200, headers: [(name: String, value: String)] = [], body: WebBody = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer of some content type.
    public init(status: Int = 200, contentType: String, body: [UInt8]) {
        self.init(status: status, headers: [("Content-Type", contentType)], body: .bytes(body))
    }

    /// A line of plain text; the line feed is added.
    public static func text(_ text: String, status: Int = 200) -> WebResponse {
        WebResponse(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8) + [0x0A])
    }

    /// A JSON document.
    public static func json(_ document: [UInt8], status: Int = 200) -> WebResponse {
        WebResponse(status: status, contentType: "application/json", body: document)
    }

    /// A page.
    public static func html(_ page: [UInt8]) -> WebResponse { WebResponse(contentType: "text/html; charset=utf-8", body: page) }

    /// Server-sent events, for a route whose admission is `.stream`.
    /// - Parameter events: the events as text, whole ones in each chunk. The stream's own buffer must have a maximum; its `onTermination`
    ///   says when the client has gone or the server stops.
    public static func events(_ events: AsyncStream<[UInt8]>) -> WebResponse {
        WebResponse(headers: [("Content-Type", "text/event-stream")], body: .stream(events))
    }
}

/// What a response carries.
public enum WebBody: Sendable {
    /// All of it.
    case bytes([UInt8])
    /// Chunks, sent as they come, until the stream ends, the client goes or the server stops.
    case stream(AsyncStream<[UInt8]>)
}
