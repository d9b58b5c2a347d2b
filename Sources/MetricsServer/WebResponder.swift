import HTTPTypes
import Logging

/// From a request to an answer: routes, limits, the headers that every answer has. Knows no sockets.
struct WebResponder: Sendable {
    private let routes: RouteTable
    private let admissions: Admissions
    private let logger: Logger
    private let onRequest: @Sendable (WebRequestReport) -> Void

    init(routes: RouteTable, limits: WebLimits, logger: Logger, onRequest: @escaping @Sendable (WebRequestReport) -> Void) {
        self.routes = routes
        admissions = Admissions(limits: limits)
        self.logger = logger
        self.onRequest = onRequest
    }

    /// Answers a request; the place it takes among the requests at once is kept until `send` has returned.
    func respond(
        to head: HTTPRequest, body: [UInt8], remote: String,
        send: (OutgoingResponse) async throws -> Void
    ) async throws {
        let began = ContinuousClock.now
        let target = RequestTarget(head.path ?? "")
        var label = "unknown"
        var answer: WebResponse
        switch routes.match(method: head.method.rawValue, path: target.path) {
        case .unknownPath:
            answer = .text("not found", status: 404)
        case .otherMethods(let allow):
            answer = .text("method not allowed", status: 405)
            answer.headers.append(("Allow", allow))
        case .found(let route):
            label = route.label
            guard admissions.enter(route.admission) else {
                answer = .text("too many requests at once", status: 503)
                answer.headers.append(("Retry-After", "1"))
                break
            }
            let request = WebRequest(method: route.method, target: target, fields: head.headerFields, body: body, remote: remote)
            answer = await handle(request, by: route)
            // Whoever hears of it may count on its place.
            defer {
                admissions.leave(route.admission)
                report(label, answer, since: began)
            }
            return try await send(OutgoingResponse(answer, withoutBody: head.method == .head))
        }
        defer { report(label, answer, since: began) }
        try await send(OutgoingResponse(answer, withoutBody: head.method == .head))
    }

    /// Answers what could not be read as a request, or is too large to be read; the connection ends with it.
    func refuse(status: Int, send: (OutgoingResponse) async throws -> Void) async throws {
        let answer = WebResponse.text(status == 413 ? "request body too large" : "bad request", status: status)
        defer { report("invalid", answer, since: .now) }
        var outgoing = OutgoingResponse(answer, withoutBody: false)
        outgoing.closes = true
        try await send(outgoing)
    }

    private func handle(_ request: WebRequest, by route: Route) async -> WebResponse {
        do {
            return try await route.handler(request)
        } catch {
            logger.error("request failed", metadata: ["path": "\(route.path)", "remote": "\(request.remote)", "error": "\(error)"])
            return .text("internal error", status: 500)
        }
    }

    private func report(_ label: String, _ answer: WebResponse, since began: ContinuousClock.Instant) {
        onRequest(WebRequestReport(label: label, status: answer.status, duration: began.duration(to: .now)))
    }
}

/// What became of a request.
public struct WebRequestReport: Sendable, Equatable {
    /// The route's label; `unknown` for a path or method without a route, `invalid` for what was no request.
    public let label: String
    /// The status code answered.
    public let status: Int
    /// From the request's last byte until the response was handed over.
    public let duration: Duration
}
