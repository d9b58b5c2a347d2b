/// The state of a member in the view. Exactly one holds at a time.
public enum MemberState: UInt8, Equatable, Sendable, CaseIterable {
    /// Never yet reported.
    case unknown = 0
    case up = 1
    /// Some observer has lost it, but no majority.
    case suspect = 2
    /// Reachable, and calls itself degraded or fails a critical check.
    case degraded = 3
    /// A majority of the observers has lost it, or it stopped.
    case down = 4
    /// Set aside by an operator.
    case maintenance = 5

    /// The value of the metric label `state`.
    public var label: String {
        switch self {
        case .unknown: return "unknown"
        case .up: return "up"
        case .suspect: return "suspect"
        case .degraded: return "degraded"
        case .down: return "down"
        case .maintenance: return "maintenance"
        }
    }
}

/// Why a member is down.
public enum DownReason: UInt8, Equatable, Sendable, CaseIterable {
    case silent = 1
    case refused = 2
    case closed = 3
    case stopped = 4

    /// The value of the metric label `reason`.
    public var label: String {
        switch self {
        case .silent: return "silent"
        case .refused: return "refused"
        case .closed: return "closed"
        case .stopped: return "stopped"
        }
    }
}
