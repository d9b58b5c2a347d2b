import ClusterHealth
import RaftCore

extension Replica {
    /// For the laboratory: changes a counter of the view, as broken memory would. Nothing in the program uses it.
    package mutating func damageView() {
        var rows = view.rows
        guard let member = rows.nodes.first else { return }
        rows[member]?.transitionsTo[0] &+= 1
        view = ClusterHealthView(
            membership: view.membership, rows: rows, clusterTime: view.clusterTime, wallTime: view.wallTime, transitions: view.transitions,
            links: view.links)
    }
}
