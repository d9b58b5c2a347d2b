public import Exposition
import HTTPTypes

/// The method of a route. `HEAD` is no method of its own: it is answered as `GET`, without the body.
public enum WebMethod: String, Sendable, CaseIterable, Comparable {
    case delete = "DELETE"
    case get = "GET"
    case post = "POST"
    case put = "PUT"

    public static func < (one: WebMethod, other: WebMethod) -> Bool { one.rawValue < other.rawValue }
}

/// A request as a route's handler sees it: complete, its body within the limit.
public struct WebRequest: Sendable {
    /// The method; `get` for `HEAD` too.
    public let method: WebMethod
    /// The path as it was sent, without the query.
    public let path: String
    /// The names and values of the query, in order, percent-decoded.
    public let query: [(name: String, value: String)]
    /// The body; empty when there was none.
    public let body: [UInt8]
    /// The client's address, for logs.
    public let remote: String
    private let fields: HTTPFields

    init(method: WebMethod, target: RequestTarget, fields: HTTPFields, body: [UInt8], remote: String) {
        self.method = method
        path = target.path
        query = target.query
        self.fields = fields
        self.body = body
        self.remote = remote
    }

    /// The value of a header, several joined by commas; `nil` when there is none or the name is no header's name.
    public func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { fields[$0] } }

    /// The first value of a query parameter; `nil` when there is none.
    public func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// The format of a scrape's answer, by `Accept`.
    public var textFormat: TextFormat { TextFormat(accept: fields[.accept]) }

    /// The coding of an answer's body, by `Accept-Encoding`.
    public var contentCoding: ContentCoding { ContentCoding(acceptEncoding: fields[.acceptEncoding]) }

    /// How long Prometheus will wait for this answer, counted from when it asked: `X-Prometheus-Scrape-Timeout-Seconds`. `nil` when it
    /// is missing or no number above 0 and up to an hour.
    public var scrapeTimeout: Duration? {
        guard let text = header("X-Prometheus-Scrape-Timeout-Seconds"), let seconds = Double(text) else { return nil }
        guard seconds > 0, seconds <= 3600 else { return nil }
        return .microseconds(Int64(seconds * 1e6))
    }

    /// The time a handler may spend waiting for something: `limit`, or less where the scrape's timeout, less half a second for
    /// rendering and the way back, is shorter; never under 100 ms.
    public func patience(atMost limit: Duration) -> Duration {
        guard let scrapeTimeout else { return limit }
        return max(.milliseconds(100), min(limit, scrapeTimeout - .milliseconds(500)))
    }
}
