import ClusterHealth
import RaftCore

/// Two nodes that have applied the same entries hold the same view. Source: Raft, extended version, §5.4.3.
///
/// The first to reach an index says what the view is there; a bounded number of the latest are kept.
struct StateMachineSafety {
    private var views: [UInt64: ClusterHealthView] = [:]
    private var order: [UInt64] = []
    private var oldest = 0

    private static let maximumViews = 1_024

    /// - Returns: whether this node was the first to reach the index.
    mutating func applied(_ id: NodeID, _ index: LogIndex, _ view: ClusterHealthView) throws(Violation) -> Bool {
        if let known = views[index.rawValue] {
            guard known == view else { throw Violation("state-machine-safety", "\(id) holds another view at \(index) than others") }
            return false
        }
        views[index.rawValue] = view
        order.append(index.rawValue)
        if order.count - oldest > StateMachineSafety.maximumViews {
            views[order[oldest]] = nil
            oldest += 1
            if oldest > StateMachineSafety.maximumViews {
                order.removeFirst(oldest)
                oldest = 0
            }
        }
        return true
    }

    /// The view at an index; nil when nobody stopped there or it is long ago.
    func view(at index: LogIndex) -> ClusterHealthView? { views[index.rawValue] }
}
