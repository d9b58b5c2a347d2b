/// One path and method, and who answers there.
public struct Route: Sendable {
    /// What a request there counts against.
    public enum Admission: Sendable, Equatable {
        /// The limit of requests at once.
        case counted
        /// No limit: for `/-/healthy` and `/-/ready`, which must answer when all else is busy.
        case uncounted
        /// The limit of event streams; the handler answers with a stream.
        case stream
    }

    /// The method.
    public let method: WebMethod
    /// The path, compared exactly.
    public let path: String
    /// The name under which requests are reported.
    public let label: String
    /// What a request counts against.
    public let admission: Admission
    /// Answers. What it throws is logged and answered with 500.
    public let handler: @Sendable (WebRequest) async throws -> WebResponse

    /// Creates a route.
    /// - Parameters:
    ///   - label: the name under which requests are reported; the path where none is given.
    public init(
        _ method: WebMethod, _ path: String, label: String? = nil, admission: Admission = .counted,
        handler: @escaping @Sendable (WebRequest) async throws -> WebResponse
    ) {
        self.method = method
        self.path = path
        self.label = label ?? path
        self.admission = admission
        self.handler = handler
    }
}

/// All routes, found by path and method.
struct RouteTable: Sendable {
    private let routes: [String: [Route]]

    enum Match {
        case found(Route)
        /// The path is known, not with this method; the methods it is known with, as `Allow` names them.
        case otherMethods(allow: String)
        case unknownPath
    }

    /// - Throws: `MetricsServerError.repeatedRoute` and `.invalidPath`.
    init(_ all: [Route]) throws(MetricsServerError) {
        var routes: [String: [Route]] = [:]
        for route in all {
            guard route.path.hasPrefix("/"), !route.path.contains(where: { "?# ".contains($0) }) else { throw .invalidPath(route.path) }
            let same = routes[route.path, default: []]
            if same.contains(where: { $0.method == route.method }) { throw .repeatedRoute("\(route.method.rawValue) \(route.path)") }
            routes[route.path] = same + [route]
        }
        self.routes = routes
    }

    /// Finds who answers a request.
    /// - Parameter method: the method's name as it was sent; `HEAD` finds what `GET` does.
    func match(method: String, path: String) -> Match {
        guard let candidates = routes[path] else { return .unknownPath }
        let wanted = method == "HEAD" ? "GET" : method
        if let route = candidates.first(where: { $0.method.rawValue == wanted }) { return .found(route) }
        let names = candidates.map(\.method).sorted().flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
        return .otherMethods(allow: names.joined(separator: ", "))
    }
}
