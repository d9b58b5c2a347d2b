import Testing

@testable import MetricsServer

@Suite struct ConnectionStateTests {
    private let limits = ConnectionState.Limits(request: 10, stall: 30, response: 60, idle: 300, linger: 2)

    @Test func `a mute connection is cut off after the request's limit`() {
        var state = ConnectionState(limits: limits, now: 0)
        #expect(state.check(buffered: 0, now: 9) == nil)
        #expect(state.check(buffered: 0, now: 10) == .slowRequest)
    }

    @Test func `bytes do not extend a request's limit`() {
        var state = ConnectionState(limits: limits, now: 0)
        for now in Int64(1)...9 { state.partArrived(now: now) }
        #expect(state.check(buffered: 0, now: 10) == .slowRequest)
    }

    @Test func `a handler may take its time`() {
        var state = ConnectionState(limits: limits, now: 0)
        state.requestEnded()
        #expect(state.check(buffered: 0, now: 100_000) == nil)
    }

    @Test func `idle time counts from the last response`() {
        var state = ConnectionState(limits: limits, now: 0)
        state.requestEnded()
        state.responseBegan(streaming: false, now: 50)
        state.responseFlushed(now: 55)
        #expect(state.check(buffered: 0, now: 354) == nil)
        #expect(state.check(buffered: 0, now: 355) == .idle)
        state.partArrived(now: 356)
        #expect(state.check(buffered: 0, now: 365) == nil)
        #expect(state.check(buffered: 0, now: 366) == .slowRequest)
    }

    @Test func `a response must move, and must end`() {
        var state = ConnectionState(limits: limits, now: 0)
        state.requestEnded()
        state.responseBegan(streaming: false, now: 0)
        #expect(state.check(buffered: 100, now: 1) == nil)
        #expect(state.check(buffered: 100, now: 30) == nil)
        #expect(state.check(buffered: 100, now: 31) == .stalledWrite)
        #expect(state.check(buffered: 99, now: 32) == nil)
        #expect(state.check(buffered: 98, now: 60) == .slowResponse)
    }

    @Test func `a stream may last, but must be read`() {
        var state = ConnectionState(limits: limits, now: 0)
        state.requestEnded()
        state.responseBegan(streaming: true, now: 0)
        #expect(state.check(buffered: 0, now: 100_000) == nil)
        #expect(state.check(buffered: 5, now: 100_001) == nil)
        #expect(state.check(buffered: 5, now: 100_031) == .stalledWrite)
    }

    @Test func `a client that does not close is waited for shortly`() {
        var state = ConnectionState(limits: limits, now: 0)
        state.requestEnded()
        state.responseBegan(streaming: false, now: 0)
        state.responseFlushed(now: 1)
        state.outputEnded(now: 1)
        #expect(state.check(buffered: 0, now: 2) == nil)
        #expect(state.check(buffered: 0, now: 3) == .lingering)
    }
}
