/// The connection that one machine dials to another, and the path its packets take. Frames travel from the dialer to the acceptor only.
struct Link {
    /// Counts the connections; the present one is this, when there is one.
    private(set) var connection: UInt32 = 0
    /// It has not been broken; its ends may not know yet.
    var isAlive = false
    /// The ends that believe in it, with the process each knows at the other side.
    var dialerSees: Seen?
    var acceptorSees: Seen?
    /// No frame of an earlier time may overtake: when the last one arrives.
    var lastArrival: Int64 = 0
    /// Frames that wait for the path to carry again.
    var held: [Delivery] = []

    /// How many faults cut the path, hold its frames, refuse its dials or take its Raft frames.
    var cuts = 0
    var stalls = 0
    var refusals = 0
    var raftLosses = 0

    var attempt: UInt32 = 0
    var backoffStep = 0
    var isDialling = false

    struct Seen: Equatable {
        var identity: Identity
        var boot: UInt32
    }

    static let maximumHeld = 4_096

    mutating func open(acceptor: Seen, dialer: Seen) {
        connection += 1
        isAlive = true
        dialerSees = acceptor
        acceptorSees = dialer
        lastArrival = 0
        held = []
        backoffStep = 0
        isDialling = false
    }

    /// The wait before the next dial: none, then the first one doubling up to the longest, less up to half of it.
    mutating func nextBackoff(_ waits: TransportPlan, jitter: UInt64) -> Int64 {
        defer { backoffStep = min(backoffStep + 1, 20) }
        guard backoffStep > 0 else { return 0 }
        let full = min(waits.firstBackoff << Int64(min(backoffStep - 1, 20)), waits.maximumBackoff)
        return full - Int64(jitter % UInt64(full / 2))
    }
}
