/// What the run is about at the moment.
enum Phase: Equatable {
    /// The cluster is founded, and must come to life in time.
    case forming
    /// Faults come and go.
    case chaos
    /// Some faults stay, outside a connected majority; the cluster must be alive in time.
    case permanent
    /// No fault is on; the cluster must be alive in time.
    case healing
    /// No fault is on until everything has settled; then one process ends, and nothing but its own state may change.
    case calm(isSettled: Bool)
}

/// What the network does to all frames.
struct Weather {
    var lossy = 0
    var reordering = 0
    var doubling = 0
    var slow = 0
    /// How much slower a frame is on average while it is slow, in nanoseconds.
    var slowness: Int64 = 0

    var isLossy: Bool { lossy > 0 }
    var isReordering: Bool { reordering > 0 }
    var isDoubling: Bool { doubling > 0 }
    var isSlow: Bool { slow > 0 }
}

/// A fault that is on, with what must be undone.
struct ActiveFault {
    var kind: FaultKind
    /// The directed pairs it touches.
    var pairs: [(from: Int, to: Int)] = []
    /// The machines whose observed health it may touch.
    var slots: [Int] = []
}
