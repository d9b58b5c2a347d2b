import ClusterHealth
import RaftCore

/// Digests of the view: this node's own recent ones, those the others report, and what a majority of the voters agrees on.
///
/// Replicas that applied the same entries hold the same view. One that does not has a bug or broken memory and must not go on.
struct DigestTable: Equatable, Sendable {
    /// This node's, ascending by index, at most `maximumKept`.
    private var own: [ViewDigest] = []
    /// The newest of each other node.
    private var reported = NodeMap<ViewDigest>()
    /// The newest that a majority of the voters has, as this node found or was told.
    private(set) var agreed: ViewDigest?
    /// The last index at which a difference without a majority was told.
    private var lastDoubt = LogIndex.zero

    /// What a digest shows.
    enum Finding: Equatable, Sendable {
        case nothing
        /// This node's view is not the one a majority has.
        case selfDiffers(at: LogIndex)
        /// Nodes differ, and no majority says who is right.
        case doubt(at: LogIndex)
    }

    /// A digest is taken at every index that this divides: all nodes must take it at the same ones.
    static let interval: UInt64 = 8
    static let maximumKept = 64

    /// This node's newest digest.
    var newest: ViewDigest? { own.last }

    mutating func applied(_ digest: ViewDigest) {
        own.append(digest)
        own.removeFirst(max(0, own.count - DigestTable.maximumKept))
    }

    /// A leader says what a majority has.
    mutating func told(_ digest: ViewDigest) -> Finding {
        agreed = digest
        return comparison(with: digest)
    }

    /// As leader: another node says what it has.
    mutating func reported(_ digest: ViewDigest, by node: NodeID, id: NodeID, voters: [NodeID]) -> Finding {
        reported[node] = digest
        reported.keep { peer, _ in voters.contains(peer) }
        guard voters.contains(node) else { return .nothing }
        var votes = voters.compactMap { voter in voter == id ? mine(at: digest) : reported[voter] }
        votes.removeAll { $0.index != digest.index || $0.format != digest.format }
        for candidate in votes where votes.count(where: { $0 == candidate }) >= Quorum.majority(of: voters.count) {
            if agreed.map({ $0.index <= candidate.index || $0.format != candidate.format }) ?? true { agreed = candidate }
            return comparison(with: candidate)
        }
        guard votes.contains(where: { $0 != votes.first }), digest.index > lastDoubt else { return .nothing }
        lastDoubt = digest.index
        return .doubt(at: digest.index)
    }

    /// A new leadership or a new state: what others said before counts no more.
    mutating func forgetOthers() {
        reported = NodeMap()
        agreed = nil
    }

    private func mine(at other: ViewDigest) -> ViewDigest? { own.last { $0.index == other.index && $0.format == other.format } }

    private func comparison(with digest: ViewDigest) -> Finding {
        guard let mine = mine(at: digest), mine != digest else { return .nothing }
        return .selfDiffers(at: digest.index)
    }
}
