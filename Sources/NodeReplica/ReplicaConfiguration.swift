public import ClusterHealth
public import RaftCore

/// What a replica is run with; each part is validated by its own initialiser.
public struct ReplicaConfiguration: Equatable, Sendable {
    public let raft: RaftConfiguration
    public let observer: ObserverConfiguration
    public let rounds: RoundPlanner.Configuration
    public let verdict: VerdictSettings

    public init(raft: RaftConfiguration, observer: ObserverConfiguration, rounds: RoundPlanner.Configuration, verdict: VerdictSettings) {
        self.raft = raft
        self.observer = observer
        self.rounds = rounds
        self.verdict = verdict
    }

    /// How old the last applied round may be on a leader that still serves the view.
    public var serveLimit: Duration { observer.downAfter }
}
