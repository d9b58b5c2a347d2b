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

    private func noteExpulsion() {
        let isBelieved = expulsion.told(
            at: SystemClock.moment().monotonic, leader: snapshot.status.leader, electionTimeout: replica.configuration.raft.electionTimeout)
        if isBelieved { fail(NodeFailure.removed) }
    }

    private static let maximumRefusalsRemembered = 64

    /// A new state, for everyone; whom this node follows, and who was removed, decides whom it turns down.
    func publish(_ new: ReplicaSnapshot) {
        published.withLockedValue { $0 = new }
        let isSomebodyRemoved = removed != replica.removed.incarnations
        removed = replica.removed.incarnations
        let isLeaderNew = policy.follows(new.status.leader)
        if isLeaderNew, new.status.leader != nil { expulsion.follows() }
        if joining?.learn(applied: new.view.membership) == true { showIdentity() }
        if isSomebodyRemoved || isLeaderNew, replica.membership != nil { refreshPeers() }
    }

    /// What further hellos say of this node.
    private func showIdentity() {
        guard let membership = replica.membership else { return }
        transport?.setIdentity(membership.clusterID, asksToJoin: joining?.hasBelonged == false)
    }

    /// The members, and those that must still hear of their removal.
    func connect(_ members: [Membership.Member]) {
        guard let membership = replica.membership else { return }
        bootstrap = nil
        showIdentity()
        outgoing = members.filter { membership.member($0.id) == nil }
        policy.connect(members, governing: membership)
        refreshPeers()
    }

    /// Whom to hold connections with, and whose hellos to turn down, as the policy has it now.
    func refreshPeers() {
        // Before a membership is known, those that this node was told of; guests are dialled back in any case.
        let isMember = replica.membership != nil
        if isMember {
            // Those that must still hear of their removal come first: a name may have been given to another node since.
            var names: [String: NodeID] = [:]
            if policy.names.isEmpty == false { for member in outgoing { names[member.name] = member.id } }
            for (name, id) in policy.names { names[name] = id }
            let addresses = Dictionary(policy.addresses.map { ($0.address, $0.name) }) { first, _ in first }
            // A leader has every change of the membership that was ever committed.
            transport?.setMembership(
                names, addresses: addresses, removed: removed, isComplete: snapshot.status.leader == own.id)
        }
        let guests = policy.peers.map { PeerEndpoint(id: $0.id, name: $0.name, address: $0.address) }
        let visited = visits.values.map { PeerEndpoint(name: $0.visit.name, address: $0.visit.address) }
        transport?.setPeers((isMember ? [] : firstPeers) + guests + visited.sorted { $0.address < $1.address })
    }

    /// Who has said hello to this node.
    func greeted(_ seen: HelloSeen) {
        let hello = seen.hello
        switch seen.direction {
        case .outbound: joining?.greeted(by: hello)
        case .inbound:
            greetings[hello.incarnation] = hello.memberName
            let isNew = policy.greeted(by: PeerPolicy.Peer(id: hello.incarnation, name: hello.memberName, address: hello.listenAddress))
            if isNew { refreshPeers() }
        }
    }

    /// A connection has ended.
    func parted(_ peer: NodeID, _ direction: ConnectionDirection) {
        switch direction {
        case .inbound:
            greetings[peer] = nil
            if policy.parted(peer) { refreshPeers() }
        case .outbound: joining?.lost(peer)
        }
    }
}
