public import RaftCore

/// Which state each member is in, from the view before a round and the round's evidence.
///
/// Pure, and the same on every node: the leader decides by it, the decisions are committed with their evidence, and replicas of the
/// same version derive them again and compare. Let V be the voters of `view.membership`.
///
/// - With reports from fewer than a majority of V nothing changes at all: a new leader has not heard enough.
/// - `down`: a majority of V has lost the member; or its latest sample says it is stopping and any observer has lost it.
/// - The reason is the one most observers give (see `Evidence.reason`), and `stopped` whenever the latest sample says so.
/// - A member leaves `down` when for `up-after` it has not been lost so and at least one other observer has had contact.
/// - `unknown`: not down, and without any sample yet.
/// - `suspect`: someone has lost it, but no majority. `degraded`: nobody has, and it calls itself degraded. `up`: none of these.
/// - `maintenance` stays until an operator ends it; the truth underneath is decided as ever.
/// - More than `flapLimit` changes between up and down within the window make it `flapping`; each change beyond doubles `up-after`,
///   up to `VerdictSettings.maximumStretch` times.
///
/// A member that never sent a sample but is lost by a majority is `down`, not `unknown`: those observers have watched it for
/// `down-after`, and a machine that answered the bootstrap and then died, or was added and never started, is one to be called for.
/// When it is in contact again without a sample it is `unknown` again. A voter nobody else could observe, alone in its cluster, is
/// `up` from its first sample on.
///
/// Legal transitions, beside those an operator makes into and out of `maintenance`:
/// `unknown` to any; `up`, `suspect` and `degraded` to each other and to `down`; `down` to `up`, `suspect`, `degraded`, and to
/// `unknown` for a member without a sample.
public enum VerdictRule {
    /// Raised with every change of what `decide` returns.
    public static let version: UInt32 = 1

    /// The decisions that differ from the view.
    ///
    /// - Parameters:
    ///   - view: with everything applied that precedes the round in the log.
    ///   - clusterTime: the round's; one below the view's counts as the view's.
    ///   - reports: the round's, by observer.
    ///   - samples: the round's; of a member without one here the view's counts.
    /// - Returns: one decision for each member whose state, reason or flapping changes.
    /// - Complexity: O(members × voters × log members).
    public static func decide(
        view: ClusterHealthView, clusterTime: ClusterTime, settings: VerdictSettings, reports: NodeMap<ObserverReport>,
        samples: NodeMap<HealthSample>
    ) -> NodeMap<HealthRound.Decision> {
        var decisions = NodeMap<HealthRound.Decision>()
        guard let voters = view.membership?.voters, Evidence.isConclusive(reports, voters: voters) else { return decisions }
        let time = max(clusterTime, view.clusterTime ?? clusterTime)
        for (member, row) in view.rows {
            let evidence = Evidence(of: member, voters: voters, reports: reports)
            let decision = decide(row, sample: samples[member] ?? row.sample, evidence: evidence, at: time, settings: settings)
            if decision != row.standing { decisions[member] = decision }
        }
        return decisions
    }

    private static func decide(
        _ row: MemberRow, sample: HealthSample?, evidence: Evidence, at time: ClusterTime, settings: VerdictSettings
    ) -> HealthRound.Decision {
        let changes = row.changes(within: settings.flapWindowMilliseconds, before: time)
        let reason = downReason(row, sample: sample, evidence: evidence, at: time, upAfter: settings.upAfter(changes: changes))
        let isChange = row.isUp != nil && row.isUp != isUp(reason: reason, sample: sample)
        return HealthRound.Decision(
            state: row.state == .maintenance ? .maintenance : reason == nil ? aliveState(sample, evidence) : .down,
            downReason: reason,
            flapping: changes + (isChange ? 1 : 0) > settings.effectiveFlapLimit)
    }

    /// Why the member is down after the round; nil when it is not.
    private static func downReason(
        _ row: MemberRow, sample: HealthSample?, evidence: Evidence, at time: ClusterTime, upAfter: UInt64
    ) -> DownReason? {
        let stopping = sample?.stopping ?? false
        if evidence.hasLost(stopping: stopping) { return stopping ? .stopped : evidence.reason(given: row.downReason) }
        guard row.isUp == false else { return nil }
        let reason = row.downReason ?? .silent
        guard evidence.isReachable(stopping: stopping) else { return reason }
        return time.millisecondsSince(row.reachableSince ?? time) >= upAfter ? nil : reason
    }

    private static func aliveState(_ sample: HealthSample?, _ evidence: Evidence) -> MemberState {
        guard let sample else { return .unknown }
        if evidence.someoneHasLost { return .suspect }
        return sample.degradedReasons.isEmpty ? .up : .degraded
    }

    private static func isUp(reason: DownReason?, sample: HealthSample?) -> Bool? {
        reason != nil ? false : sample == nil ? nil : true
    }
}
