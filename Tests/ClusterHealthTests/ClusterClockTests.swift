import ClusterHealth
import RaftCore
import Testing

@Suite struct ClusterClockTests {
    private func at(_ milliseconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: milliseconds * 1_000_000) }
    private let wall = WallTime(milliseconds: 1_700_000_000_000)

    @Test func `the first round starts at the wall clock, later ones go on from the last`() {
        var clock = ClusterClock()
        #expect(clock.time(at: at(5), wall: wall) == ClusterTime(milliseconds: 1_700_000_000_000))
        #expect(clock.time(at: at(5), wall: WallTime(milliseconds: -3)) == ClusterTime(milliseconds: 0))
        clock.applied(ClusterTime(milliseconds: 1_000), at: at(5))
        #expect(clock.time(at: at(255), wall: wall) == ClusterTime(milliseconds: 1_250))
        #expect(clock.time(at: at(1), wall: wall) == ClusterTime(milliseconds: 1_000))
    }

    @Test func `an own round counts from its proposal, another's from when it was applied`() {
        var clock = ClusterClock()
        clock.proposed(ClusterTime(milliseconds: 1_000), at: at(100))
        clock.applied(ClusterTime(milliseconds: 1_000), at: at(180))
        #expect(clock.time(at: at(200), wall: wall) == ClusterTime(milliseconds: 1_100))
        clock.applied(ClusterTime(milliseconds: 1_050), at: at(200))
        #expect(clock.time(at: at(200), wall: wall) == ClusterTime(milliseconds: 1_050))
    }

    @Test func `it saturates rather than trap on a time from a broken store`() {
        var clock = ClusterClock()
        clock.applied(ClusterTime(milliseconds: .max), at: at(0))
        #expect(clock.time(at: at(10), wall: wall) == ClusterTime(milliseconds: .max))
    }
}
