import ClusterHealth
import RaftCore

/// Cluster time passes no faster than time does: from the round a leader's view holds to the one it proposes, by monotonic clocks alone,
/// whoever led in between and whatever the wall clocks say.
struct ClusterTimePace {
    /// When a round of that time was first proposed, in true nanoseconds.
    private var proposedAt: [ClusterTime: Int64] = [:]

    /// In a thousand: clocks drift by up to a twentieth.
    private static let fastest: Int64 = 1_060
    /// Each round's time is a whole millisecond.
    private static let resolution: Int64 = 2

    /// - Parameter known: the cluster time of the view the round was drawn from; nil before the first round.
    mutating func proposed(_ round: HealthRound, by id: NodeID, known: ClusterTime?, at now: Int64) throws(Violation) {
        if let known, let since = proposedAt[known] {
            let most = (now - since) / RunPlan.millisecond * ClusterTimePace.fastest / 1_000 + ClusterTimePace.resolution
            let passed = Int64(clamping: round.clusterTime.milliseconds) - Int64(clamping: known.milliseconds)
            guard passed >= 0, passed <= most else {
                throw Violation(
                    "cluster-time-pace",
                    "\(id) proposed a round \(passed) ms of cluster time after the last, where 0 to \(most) ms may have passed")
            }
        }
        if proposedAt[round.clusterTime] == nil { proposedAt[round.clusterTime] = now }
    }
}
