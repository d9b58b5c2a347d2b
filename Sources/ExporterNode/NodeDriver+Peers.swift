import ClusterHealth
import ClusterTransport
import Logging
import NIOConcurrencyHelpers
import NodeReplica
import RaftCore
import WireFormat

// Whom this node holds connections with, who may connect, and what it means to be turned away.

extension NodeDriver {
    /// A peer will not talk to this node; worth a line, once for each reason.
    func refused(by peer: PeerEndpoint, _ rejection: Rejection) {
        let line = "refused by \(peer.name ?? peer.address): \(rejection.text)"
        if refusals.count < NodeDriver.maximumRefusalsRemembered, refusals.insert(line).inserted { logger.error("\(line)") }
        if rejection.reason == .removed { noteExpulsion() }
    }

    /// A leader says that this node was removed. One that has itself been deposed may be wrong about a newer member, but not for two
    /// election timeouts: by then it has stood down, and another one has spoken to this node.
    private func noteExpulsion() {
        let now = SystemClock.moment().monotonic
        guard snapshot.status.leader == nil else { return }
        guard let since = expelledSince else { return expelledSince = now }
        if now - since > replica.configuration.raft.electionTimeout * 2 { fail(NodeFailure.removed) }
    }

    private static let maximumRefusalsRemembered = 64
    private static let maximumRemovedRemembered = 64

    func publish(_ new: ReplicaSnapshot) {
        let (was, leads) = (snapshot.status.role == .leader, new.status.role == .leader)
        published.withLockedValue { $0 = new }
        if new.status.leader != nil { expelledSince = nil }
        // A leader has every change of the membership that was ever committed.
        if was != leads { transport?.setMembership(knownNames, removed: removed, isComplete: leads) }
    }

    func connect(_ members: [Membership.Member]) {
        guard let membership = replica.membership else { return }
        bootstrap = nil
        transport?.setIdentity(membership.clusterID)
        // Those that must still hear of their removal come first: a name may have been given to another node since.
        var names: [String: NodeID] = [:]
        for member in members + membership.members { names[member.name] = member.id }
        knownNames = names
        removed = (removed + knownMembers.filter { membership.member($0) == nil }).suffix(NodeDriver.maximumRemovedRemembered)
        knownMembers = membership.members.map(\.id)
        transport?.setMembership(names, removed: removed, isComplete: snapshot.status.role == .leader)
        basePeers = members.map { PeerEndpoint(id: $0.id, name: $0.name, address: $0.address) }
        connectPeers()
    }

    /// Holds connections with the members and the guests.
    func connectPeers() {
        let others = guests.all.filter { guest in !basePeers.contains { $0.address == guest.address || ($0.id != nil && $0.id == guest.id) }
        }
        transport?.setPeers(basePeers + others.map { PeerEndpoint(id: $0.id, name: $0.name, address: $0.address) })
    }
}
