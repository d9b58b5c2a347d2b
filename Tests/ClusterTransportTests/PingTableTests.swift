import Testing

@testable import ClusterTransport

struct PingTableTests {
    @Test func `a round trip is measured by what was sent, whatever comes back`() {
        var pings = PingTable()
        let first = pings.begin(at: 1_000)
        let second = pings.begin(at: 2_000)
        #expect(pings.end(0, at: 5_000) == nil)
        #expect(pings.end(.max, at: 5_000) == nil)
        #expect(pings.end(second, at: 5_000) == .nanoseconds(3_000))
        #expect(pings.end(second, at: 6_000) == nil, "an answer counts once")
        #expect(pings.end(first, at: 6_000) == nil, "one that was overtaken measures nothing")
    }

    @Test func `pings without an answer are forgotten, the oldest first`() {
        var pings = PingTable()
        let first = pings.begin(at: 0)
        let second = pings.begin(at: 1)
        for at in 2..<Int64(PingTable.maximumUnanswered + 1) { _ = pings.begin(at: at) }
        #expect(pings.end(first, at: 100) == nil)
        #expect(pings.end(second, at: 100) == .nanoseconds(99))
    }
}
