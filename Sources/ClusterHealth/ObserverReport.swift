public import RaftCore

/// What one observer has to say of one member.
public enum Observation: UInt8, Equatable, Sendable, CaseIterable {
    /// Watched for less than `down-after`, and not in contact: no say either way.
    case noOpinion = 0
    /// In contact.
    case reaching = 1
    /// Lost: the last contact is `down-after` of the observer's awake time old, stretched by its patience.
    case lostBySilence = 2
    /// Lost: the connection broke a second ago or longer and a redial since then was refused.
    case lostByRefusal = 3
    /// Lost: the connection of a member that dials in ended two seconds ago or longer, and it has not come back.
    case lostByClosing = 4

    /// Whether the observer has lost the member.
    public var isLost: Bool { lossReason != nil }

    /// How it was lost; nil when it is not.
    public var lossReason: DownReason? {
        switch self {
        case .noOpinion, .reaching: return nil
        case .lostBySilence: return .silent
        case .lostByRefusal: return .refused
        case .lostByClosing: return .closed
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
