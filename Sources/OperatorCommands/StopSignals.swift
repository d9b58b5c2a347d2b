import Glibc
import Synchronization

/// How often this process was asked to stop.
private let stopRequests = Atomic<Int>(0)

/// SIGINT, SIGTERM and SIGHUP, counted instead of obeyed.
enum StopSignals {
    /// From now on the three are only counted.
    static func install() {
        stopRequests.store(0, ordering: .sequentiallyConsistent)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // An atomic add is all it does: that is allowed in a signal handler.
            _ = signal(number) { _ in stopRequests.add(1, ordering: .sequentiallyConsistent) }
        }
    }

    /// How often one of them came since.
    static var count: Int { stopRequests.load(ordering: .sequentiallyConsistent) }
}
