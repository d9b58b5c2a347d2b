import HTTPTypes
import Logging
import NIOCore
import NIOHTTPTypes

/// Cuts off clients that send or read too slowly, and keeps a close from cutting off a response that is still on its way.
///
/// Stands between the HTTP codec and what answers. A connection costs one timer; nothing else is allocated for it.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// An outbound user event: close at once, whatever is on its way.
    struct CloseNow: Sendable {}

    private let limits: ConnectionState.Limits
    private let logger: Logger
    private var state: ConnectionState
    private var timer: Scheduled<Void>?
    private var partSinceRead = false
    private var unflushed = 0
    private var closeWanted = false
    private var closePromise: EventLoopPromise<Void>?

    init(limits: WebLimits, logger: Logger) {
        self.limits = ConnectionState.Limits(limits)
        self.logger = logger
        state = ConnectionState(limits: self.limits, now: Self.now)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        state = ConnectionState(limits: limits, now: Self.now)
        scheduleCheck(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    // MARK: What arrives

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        partSinceRead = true
        switch unwrapInboundIn(data) {
        case .head, .body: state.partArrived(now: Self.now)
        case .end: state.requestEnded()
        }
        context.fireChannelRead(data)
    }

    /// Comes after every read of the socket: without a part since the last one, the bytes are the beginning of a request.
    func channelReadComplete(context: ChannelHandlerContext) {
        if !partSinceRead { state.partArrived(now: Self.now) }
        partSinceRead = false
        context.fireChannelReadComplete()
    }

    /// A client that has closed its side still gets its response, but an event stream has no reader any more.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed, state.isStreaming { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: What leaves

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            state.responseBegan(streaming: head.headerFields[.contentLength] == nil, now: Self.now)
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            unflushed += 1
            let flushed = promise ?? context.eventLoop.makePromise()
            flushed.futureResult.assumeIsolated().whenComplete { _ in self.responseFlushed(context) }
            context.write(data, promise: flushed)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output:
            state.outputEnded(now: Self.now)
            context.close(mode: mode, promise: promise)
        case .all where unflushed > 0:
            // The response is with the channel but not yet with the system: closing now would cut it off.
            closeWanted = true
            closePromise.setOrCascade(to: promise)
        case .all, .input:
            context.close(mode: mode, promise: promise)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is CloseNow else { return context.triggerUserOutboundEvent(event, promise: promise) }
        closeNow(context)
        promise?.succeed()
    }

    // MARK: Carrying out

    private func responseFlushed(_ context: ChannelHandlerContext) {
        unflushed -= 1
        state.responseFlushed(now: Self.now)
        if closeWanted && unflushed == 0 { closeNow(context) }
    }

    private func scheduleCheck(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(limits.checkPeriod)) { self.check(context) }
    }

    private func check(_ context: ChannelHandlerContext) {
        guard let verdict = state.check(buffered: Self.bufferedBytes(of: context.channel), now: Self.now) else {
            return scheduleCheck(context)
        }
        logger.debug("web connection cut off", metadata: ["reason": "\(verdict.rawValue)", "remote": "\(context.channel.remoteName)"])
        closeNow(context)
    }

    private func closeNow(_ context: ChannelHandlerContext) {
        timer?.cancel()
        closeWanted = false
        let promise = closePromise
        closePromise = nil
        context.close(promise: promise)
    }

    private static func bufferedBytes(of channel: any Channel) -> Int {
        do {
            return try channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
        } catch {
            return 0  // A channel that is closed already has nothing buffered.
        }
    }

    private static var now: ConnectionState.Instant { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }
}

extension ConnectionState.Limits {
    init(_ limits: WebLimits) {
        self.init(
            request: limits.requestTimeout.wholeNanoseconds, stall: limits.writeStallTimeout.wholeNanoseconds,
            response: limits.responseTimeout.wholeNanoseconds, idle: limits.idleTimeout.wholeNanoseconds,
            linger: limits.lingerTimeout.wholeNanoseconds)
    }

    /// How often to look: four times within the shortest limit, not more often than every 10 ms.
    var checkPeriod: Int64 { max(10_000_000, min(request, stall, response, idle, linger) / 4) }
}

extension Duration {
    /// This duration in nanoseconds; 292 years at most.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole + attoseconds / 1_000_000_000
    }
}

extension Channel {
    /// The client's address, for logs.
    var remoteName: String {
        guard let remoteAddress else { return "unknown" }
        guard let host = remoteAddress.ipAddress, let port = remoteAddress.port else { return "unix" }
        return "\(host):\(port)"
    }
}
