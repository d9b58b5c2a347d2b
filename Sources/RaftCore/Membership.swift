/// Who belongs to the cluster: its nodes with their roles, as one log entry holds them.
///
/// Source: thesis ch. 4.
public struct Membership: Equatable, Sendable {
    public let clusterID: ClusterID
    /// Ascending by identifier, no identifier and no name twice.
    public let members: [Member]
    /// What a later version's entry says beside that, as it was encoded: kept so that every node stores the same bytes. Empty otherwise.
    public let extra: [UInt8]

    /// A node of the cluster.
    public struct Member: Equatable, Sendable {
        public let id: NodeID
        /// The operator's name for it, the metric label `member`.
        public let name: String
        public let role: Role
        /// Where other members dial it, `host:port`.
        public let address: String
        /// Where its web endpoint is reached from outside, such as `http://a.example:10310`.
        public let webURL: String
        /// As `Membership.extra`.
        public let extra: [UInt8]

        public init(id: NodeID, name: String, role: Role, address: String, webURL: String, extra: [UInt8] = []) {
            self.id = id
            self.name = name
            self.role = role
            self.address = address
            self.webURL = webURL
            self.extra = extra
        }
    }

    /// What a node may do.
    public enum Role: UInt8, Equatable, Sendable, CaseIterable {
        /// Votes and counts towards a quorum.
        case voter = 1
        /// Receives the log and counts towards nothing (thesis §4.2.1).
        case learner = 2
    }

    /// - Parameter members: in any order; with an identifier or a name twice, only the first is kept.
    public init(clusterID: ClusterID, members: [Member], extra: [UInt8] = []) {
        self.clusterID = clusterID
        self.extra = extra
        var kept: [Member] = []
        for member in members where !kept.contains(where: { $0.id == member.id || $0.name == member.name }) { kept.append(member) }
        self.members = kept.sorted { $0.id < $1.id }
    }

    /// The voters' identifiers, ascending.
    public var voters: [NodeID] {
        // Asked for at every input: no member is copied on the way.
        var voters: [NodeID] = []
        voters.reserveCapacity(members.count)
        for member in members where member.role == .voter { voters.append(member.id) }
        return voters
    }

    /// The member with an identifier, if it belongs.
    public func member(_ id: NodeID) -> Member? { members.first { $0.id == id } }
}
