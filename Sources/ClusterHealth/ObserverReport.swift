public import RaftCore

/// What one observer has to say of one member.
public enum Observation: UInt8, Equatable, Sendable, CaseIterable {
    /// Watched for less than `down-after`: no say either way.
    case noOpinion = 0
    /// In contact.
    case reaching = 1
    /// Lost: the last contact is older than `down-after` of the observer's awake time.
    case lostBySilence = 2
    /// Lost: the connection broke over a second ago and redials are refused.
    case lostByRefusal = 3
    /// Lost: a member that dials in closed its connection over two seconds ago.
    case lostByClosing = 4

    /// Whether the observer has lost the member.
    public var isLost: Bool {
        switch self {
        case .noOpinion, .reaching: return false
        case .lostBySilence, .lostByRefusal, .lostByClosing: return true
        }
    }
}

/// One observer's report: what it has to say of every member it watches. It never names itself.
public struct ObserverReport: Equatable, Sendable {
    public var observer: NodeID
    public var observations: NodeMap<Observation>

    public init(observer: NodeID, observations: NodeMap<Observation> = NodeMap()) {
        self.observer = observer
        self.observations = observations
    }
}
