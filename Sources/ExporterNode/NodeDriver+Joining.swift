import ClusterHealth
import ClusterTransport
import Logging
import NodeReplica
import RaftCore
import WireFormat

// Nodes that ask to be taken in. The one that asks goes on until it is a voter; whoever is asked passes the request on to the leader, which
// adds it as a learner and promotes it at a later request, once it lacks little.

extension NodeDriver {
    // MARK: The one that asks

    /// Begins to ask; the addresses are the transport's first peers.
    func join(through addresses: [String]) {
        guard joining != nil else { return }
        logger.notice("asking to be taken in by the cluster at \(addresses.joined(separator: ", "))")
        scheduleJoining()
    }

    private func scheduleJoining() {
        _ = schedule(in: Joining.interval) { driver in
            driver.askToJoin()
            if driver.joining?.isOver == false, !driver.hasEnded { driver.scheduleJoining() }
        }
    }

    private func askToJoin() {
        guard let next = joining?.next(governing: snapshot.status.membership, applied: snapshot.view.membership) else { return }
        if let line = joining?.complaint() { logger.warning("\(line)") }
        send(.joinRequest(next.request), to: next.to)
    }

    func take(_ reply: JoinReply, from sender: NodeID) {
        if let waiting = forwardedJoins.removeValue(forKey: reply.sequence) {
            return send(.joinReply(JoinReply(sequence: waiting.sequence, outcome: reply.outcome)), to: waiting.incarnation)
        }
        guard let (members, line) = joining?.take(reply) else { return }
        if let line { logger.notice("\(line)") }
        guard snapshot.status.membership == nil else { return }
        // The leader sends the log: its answers need connections to all who may lead.
        for member in members where member.id != own.id { welcome(id: member.id, name: member.name, address: member.address) }
    }

    // MARK: The one that is asked

    func take(_ request: JoinRequest, from sender: NodeID) {
        let isDirect = request.incarnation == sender
        guard isDirect ? greetings[sender] == request.name : snapshot.status.membership?.member(sender) != nil else { return }
        if isDirect, snapshot.status.membership?.member(sender) == nil {
            welcome(id: sender, name: request.name, address: request.address)
        }
        let status = snapshot.status
        guard let membership = status.membership else { return refuse(request, of: sender, "this node belongs to no cluster itself") }
        if removed.contains(request.incarnation), membership.member(request.incarnation) == nil {
            return refuse(request, of: sender, "this node was removed: to bring it back, empty its storage path first", retry: false)
        }
        if status.role == .leader { return admit(request, for: sender) }
        guard isDirect, let leader = status.leader, snapshot.peers[leader]?.isUp == true else {
            return refuse(request, of: sender, "the cluster has no leader just now")
        }
        passOn(request, to: leader)
    }

    private func passOn(_ request: JoinRequest, to leader: NodeID) {
        guard forwardedJoins.count < NodeDriver.maximumRequests else { return }
        let sequence = nextTicket()
        forwardedJoins[sequence] = request
        _ = schedule(in: NodeDriver.forwardedBudget) { $0.forwardedJoins[sequence] = nil }
        var forwarded = request
        forwarded.sequence = sequence
        send(.joinRequest(forwarded), to: leader)
    }

    private func admit(_ request: JoinRequest, for sender: NodeID) {
        let newcomer = Membership.Member(
            id: request.incarnation, name: request.name, role: .learner, address: request.address, webURL: request.webURL)
        // One that is not answered asks again.
        _ = ask(within: NodeDriver.forwardedBudget) {
            .join(newcomer, ticket: $0)
        } answer: { outcome in
            self.assumeIsolated { $0.answer(request, of: sender, outcome) }
        }
    }

    private func answer(_ request: JoinRequest, of sender: NodeID, _ outcome: RequestOutcome?) {
        let membership = snapshot.status.membership
        switch outcome {
        case .committed, .joined:
            guard let membership else { return }
            send(.joinReply(JoinReply(sequence: request.sequence, outcome: .joined(membership))), to: sender)
        case .membershipRefused(let refusal):
            let reason = OperatorWords(membership: membership).reason(refusal, request.name)
            refuse(request, of: sender, reason, retry: ![.tooManyVoters, .tooManyMembers].contains(refusal))
        case .leadershipLost, .transferred, .transferRefused, .transferFailed, nil: break
        }
    }

    private func refuse(_ request: JoinRequest, of sender: NodeID, _ reason: String, retry: Bool = true) {
        send(.joinReply(JoinReply(sequence: request.sequence, outcome: .refused(reason, retry: retry))), to: sender)
    }

    // MARK: Guests

    /// Who has said hello to this node, and who has gone.
    func greeted(_ seen: HelloSeen) {
        if seen.direction == .inbound { greetings[seen.hello.incarnation] = seen.hello.memberName }
        guard snapshot.status.membership == nil else { return }
        if seen.direction == .outbound { joining?.greeted(by: seen.hello) }
        // A member dials a node that is no member yet: it has been taken in, and what the leader sends wants answers.
        if seen.direction == .inbound, seen.hello.clusterID != nil {
            welcome(id: seen.hello.incarnation, name: seen.hello.memberName, address: seen.hello.listenAddress)
        }
    }

    func parted(_ peer: NodeID, _ direction: ConnectionDirection) {
        switch direction {
        case .inbound: greetings[peer] = nil
        case .outbound: joining?.lost(peer)
        }
    }

    func welcome(id: NodeID?, name: String?, address: String) {
        guard let visit = guests.welcome(id: id, name: name, address: address) else { return }
        connectPeers()
        _ = schedule(in: Guests.stay) { driver in
            driver.guests.leave(address, visit: visit)
            driver.connectPeers()
        }
    }
}
