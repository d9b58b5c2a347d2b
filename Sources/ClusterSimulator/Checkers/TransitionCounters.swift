import ClusterHealth
import RaftCore

/// A member's transition counters and the cluster's time never fall, whoever leads.
struct TransitionCounters {
    private var latest: (index: LogIndex, view: ClusterHealthView)?

    mutating func applied(_ index: LogIndex, _ view: ClusterHealthView) throws(Violation) {
        guard let before = latest else {
            latest = (index, view)
            return
        }
        guard index > before.index else { return }
        if let time = before.view.clusterTime, view.clusterTime.map({ $0 < time }) ?? true {
            throw Violation("transition-counters", "cluster time fell at \(index)")
        }
        for (member, row) in view.rows {
            guard let old = before.view.rows[member], old.transitionsTo != row.transitionsTo else { continue }
            guard zip(old.transitionsTo, row.transitionsTo).allSatisfy({ $0 <= $1 }) else {
                throw Violation("transition-counters", "transitions of \(row.name) fell at \(index)")
            }
        }
        latest = (index, view)
    }
}
