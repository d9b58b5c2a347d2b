public import RaftCore

/// One health command in the log: what the leader knew, and what it decided from it.
///
/// Applying it needs nothing else: no clock, no flag, no rule. A replica of the same rule version derives the decisions again from
/// the evidence and compares.
public struct HealthRound: Equatable, Sendable {
    /// The cluster time of the round; never below the previous round's.
    public var clusterTime: ClusterTime
    /// The leader's wall clock at the proposal, for display.
    public var wallTime: WallTime
    /// The version of the verdict rule that drew the decisions.
    public var ruleVersion: UInt32
    /// The settings the rule was run with.
    public var settings: VerdictSettings
    /// Samples that changed since the previous round.
    public var samples: NodeMap<HealthSample>
    /// The fresh reports, one an observer; what is not here was stale and does not count either way.
    public var reports: NodeMap<ObserverReport>
    /// The decisions, ascending by member: at most one a member, only where something changes.
    public var decisions: NodeMap<Decision>

    /// The replicated outcome for one member, as it is to stand after the round.
    public struct Decision: Equatable, Sendable {
        public var state: MemberState
        /// Set exactly while the state underneath is down.
        public var downReason: DownReason?
        public var flapping: Bool

        public init(state: MemberState, downReason: DownReason? = nil, flapping: Bool = false) {
            self.state = state
            self.downReason = downReason
            self.flapping = flapping
        }
    }

    public init(
        clusterTime: ClusterTime, wallTime: WallTime, ruleVersion: UInt32, settings: VerdictSettings,
        samples: NodeMap<HealthSample> = NodeMap(),
        reports: NodeMap<ObserverReport> = NodeMap(), decisions: NodeMap<Decision> = NodeMap()
    ) {
        self.clusterTime = clusterTime
        self.wallTime = wallTime
        self.ruleVersion = ruleVersion
        self.settings = settings
        self.samples = samples
        self.reports = reports
        self.decisions = decisions
    }
}
