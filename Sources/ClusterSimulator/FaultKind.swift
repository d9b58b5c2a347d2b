/// Every kind of fault the simulator injects; the raw value is its place in counts.
public enum FaultKind: Int, CaseIterable, Sendable {
    // The network.
    case drop, duplicate, reorder, delay, stall, cutOneWay, isolate, bridge, swizzle, reset, falseRefusal, raftFramesLost
    // The disk.
    case powerLoss, tornTransaction, missingPart, bitRot, diskStall, diskFull, failedSync
    // Processes.
    case crash, crashBetweenEffects, pause, cleanStop
    // Clocks.
    case drift, wallJump, wallFreeze, suspend
    // Members: changes that were committed, hand-overs that came about, disks wiped.
    case join, promote, demote, remove, replace, transfer, wipe
    // Processes of a later version, whose messages say more than this one knows.
    case laterVersion
    // What stays broken outside a connected majority while liveness is measured.
    case permanent
    // Of these: an outsider's process is gone or frozen, its disk full or stalled, its connections carry pings and no Raft frames; and
    // how often whoever led was the one hit.
    case deadForGood, frozenForGood, fullForGood, stalledForGood, framesLostForGood, leaderHitForGood

    /// Drawn for a run, and then coming and going.
    static let passing: [FaultKind] = allCases.filter { $0.rawValue < laterVersion.rawValue }

    /// One word for reports.
    public var label: String { "\(self)" }

    /// Whether frames may arrive long after they were sent.
    var holdsFrames: Bool {
        switch self {
        case .delay, .stall, .cutOneWay, .isolate, .bridge, .swizzle, .permanent: true
        default: false
        }
    }

    /// How often it must have happened in a million events of a batch: a batch with less tests less than it says.
    public var minimumPerMillionEvents: Int {
        switch self {
        case .drop: return 500
        // Only where each frame travels by itself.
        case .duplicate, .reorder: return 100
        case .delay, .stall, .cutOneWay, .isolate, .bridge, .swizzle, .reset, .falseRefusal, .raftFramesLost: return 20
        case .powerLoss, .crash, .crashBetweenEffects, .pause, .cleanStop, .diskStall, .diskFull, .failedSync: return 20
        case .tornTransaction, .missingPart, .bitRot: return 2
        case .drift, .wallJump, .wallFreeze, .suspend: return 20
        case .join, .promote, .remove, .transfer, .wipe: return 10
        case .demote, .replace: return 5
        case .laterVersion: return 20
        case .permanent: return 20
        case .deadForGood, .frozenForGood, .fullForGood, .stalledForGood, .framesLostForGood: return 3
        case .leaderHitForGood: return 5
        }
    }
}

/// How often each kind of fault was injected.
public struct FaultCounts: Equatable, Sendable {
    public private(set) var counts: [Int] = FaultKind.allCases.map { _ in 0 }

    public init() {}

    public subscript(kind: FaultKind) -> Int { counts[kind.rawValue] }

    public mutating func count(_ kind: FaultKind, _ more: Int = 1) { counts[kind.rawValue] += more }

    public mutating func add(_ other: FaultCounts) {
        for position in counts.indices { counts[position] += other.counts[position] }
    }

    /// Counts as they stand in a worker's line; nil for another number of kinds.
    public init?(counts: [Int]) {
        guard counts.count == FaultKind.allCases.count else { return nil }
        self.counts = counts
    }

    /// The kinds of which a batch of so many events has seen too few.
    public func tooFew(forEvents events: Int) -> [FaultKind] {
        FaultKind.allCases.filter { self[$0] < $0.minimumPerMillionEvents * (events / 1_000_000) }
    }
}
