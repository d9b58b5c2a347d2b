/// What a connection is doing, since when, and whether that has lasted too long. A value: it is told what happened and asked for a
/// verdict; `ConnectionDeadlines` carries it out.
struct ConnectionState {
    /// Why a connection is cut off.
    enum Verdict: String, Equatable {
        case slowRequest = "request did not arrive in time"
        case idle = "no request for too long"
        case stalledWrite = "response not read"
        case slowResponse = "response read too slowly"
        case lingering = "client did not close"
    }

    /// A monotonic instant, as nanoseconds.
    typealias Instant = Int64

    private let limits: Limits
    /// When the first byte of a request arrived that is not complete; also while a new connection has sent nothing.
    private var requestStarted: Instant?
    /// Complete requests whose response is not wholly handed to the system.
    private(set) var unanswered = 0
    /// When the response on its way was begun; `nil` between responses and for event streams.
    private var responseStarted: Instant?
    private(set) var isStreaming = false
    private var idleSince: Instant
    private var buffered = 0
    private var progressAt: Instant
    private var outputClosed: Instant?

    /// The limits that concern one connection, in nanoseconds.
    struct Limits: Equatable {
        var request: Int64
        var stall: Int64
        var response: Int64
        var idle: Int64
        var linger: Int64
    }

    init(limits: Limits, now: Instant) {
        self.limits = limits
        requestStarted = now
        idleSince = now
        progressAt = now
    }

    /// Bytes arrived that belong to a request not yet complete.
    mutating func partArrived(now: Instant) { requestStarted = requestStarted ?? now }

    /// The last byte of a request arrived.
    mutating func requestEnded() {
        requestStarted = nil
        unanswered += 1
    }

    /// A response begins.
    mutating func responseBegan(streaming: Bool, now: Instant) {
        isStreaming = streaming
        responseStarted = streaming ? nil : now
        progressAt = now
    }

    /// The last byte of a response was taken by the system.
    mutating func responseFlushed(now: Instant) {
        unanswered = max(0, unanswered - 1)
        isStreaming = false
        responseStarted = nil
        idleSince = now
    }

    /// The server has closed its side.
    mutating func outputEnded(now: Instant) { outputClosed = outputClosed ?? now }

    /// Whether something has lasted too long.
    /// - Parameter nowBuffered: bytes written that the system has not taken.
    mutating func check(buffered nowBuffered: Int, now: Instant) -> Verdict? {
        if nowBuffered == 0 || nowBuffered != buffered { progressAt = now }
        buffered = nowBuffered
        if now - progressAt >= limits.stall { return .stalledWrite }
        if let responseStarted, now - responseStarted >= limits.response { return .slowResponse }
        if let outputClosed { return nowBuffered == 0 && now - outputClosed >= limits.linger ? .lingering : nil }
        if let requestStarted { return now - requestStarted >= limits.request ? .slowRequest : nil }
        return unanswered == 0 && now - idleSince >= limits.idle ? .idle : nil
    }
}
