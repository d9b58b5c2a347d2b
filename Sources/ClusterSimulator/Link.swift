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

    /// The wait before the next dial: none, then 10 ms doubling up to 0.8 s, less up to half of it.
    mutating func nextBackoff(jitter: UInt64) -> Int64 {
        defer { backoffStep = min(backoffStep + 1, 20) }
        guard backoffStep > 0 else { return 0 }
        let full = min(Link.firstBackoff << Int64(min(backoffStep - 1, 20)), Link.maximumBackoff)
        return full - Int64(jitter % UInt64(full / 2))
    }

    static let firstBackoff: Int64 = 10_000_000
    static let maximumBackoff: Int64 = 800_000_000
    /// A dial into nothing is given up after so long, and a connection whose path is cut.
    static let connectTimeout: Int64 = 1_000_000_000
    static let unacknowledgedTimeout: Int64 = 1_500_000_000
}
