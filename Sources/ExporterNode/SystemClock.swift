import ClusterHealth
import Glibc
import NodeReplica
import RaftCore

/// The machine's two clocks, read together.
enum SystemClock {
    /// Now, by the monotonic clock and by the wall clock.
    static func moment() -> Moment {
        Moment(monotonic: MonotonicInstant(nanoseconds: nanoseconds(of: CLOCK_MONOTONIC)), wall: wall())
    }

    static func wall() -> WallTime { WallTime(milliseconds: nanoseconds(of: CLOCK_REALTIME) / 1_000_000) }

    private static func nanoseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        let status = unsafe clock_gettime(clock, &time)
        invariant(status == 0, "clock_gettime(\(clock)) failed with errno \(errno)")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
