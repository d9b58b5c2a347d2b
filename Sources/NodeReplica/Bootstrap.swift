public import RaftCore
public import WireFormat

/// Watches the hellos of a first start's initial members until a cluster may be founded.
///
/// Only the first of them by name founds it, and only when **every** one has answered and none has ever belonged to a cluster: two
/// wiped disks out of three would found a second one otherwise.
public struct Bootstrap: Equatable, Sendable {
    private let own: Membership.Member
    private let initialNames: [String]
    /// As each last said of itself.
    private var answered: [Membership.Member] = []
    /// Why this node will not found a cluster; one line.
    public private(set) var refusal: String?

    /// - Parameter initialNames: all initial members, this one included.
    public init(own: Membership.Member, initialNames: [String]) {
        self.own = own
        self.initialNames = initialNames.sorted()
    }

    /// The members to found a cluster of, once it is this node's turn; nil before.
    public var founders: [Membership.Member]? {
        guard refusal == nil, initialNames.first == own.name else { return nil }
        let members = initialNames.compactMap { $0 == own.name ? own : answered(by: $0) }
        return members.count == initialNames.count ? members : nil
    }

    /// Who has not answered yet.
    public var missing: [String] { initialNames.filter { $0 != own.name && answered(by: $0) == nil } }

    /// Takes note of what a node says of itself.
    public mutating func take(_ hello: Hello) {
        guard initialNames.contains(hello.memberName), hello.memberName != own.name else { return }
        if hello.clusterID != nil || hello.bootstrapped {
            // Whoever does not found waits to be told: the founder may just have done so.
            guard initialNames.first == own.name else { return }
            refusal =
                "\(hello.memberName) already belongs to cluster \(hello.clusterID?.description ?? "of another time"): this node will "
                + "not found another; if its disk was wiped, remove the member \(own.name) from the cluster and add it again"
            return
        }
        answered.removeAll { $0.name == hello.memberName }
        answered.append(
            Membership.Member(
                id: hello.incarnation, name: hello.memberName, role: .voter, address: hello.listenAddress, webURL: hello.webURL))
    }

    private func answered(by name: String) -> Membership.Member? { answered.first { $0.name == name } }
}
