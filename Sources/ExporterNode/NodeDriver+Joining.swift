import ClusterHealth
import ClusterTransport
import Logging
import NodeReplica
import RaftCore
import WireFormat

// Nodes that ask to be taken in. The one that asks goes on until it is a voter; whoever is asked passes the request on to the leader, which
// adds it as a learner and promotes it at a later request, once it lacks little.

/// A request to join on its way to the leader, or its answer on its way back.
struct ForwardedJoin {
    let leader: NodeID
    let request: JoinRequest
}

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

    func askToJoin() {
        let sequence = nextTicket()
        let next = joining?.next(sequence: sequence, governing: snapshot.status.membership, applied: snapshot.view.membership)
        guard let next else { return }
        if let line = joining?.complaint() { logger.warning("\(line)") }
        send(.joinRequest(next.request), to: next.to)
    }

    func take(_ reply: JoinReply, from sender: NodeID) {
        if let waiting = forwardedJoins[reply.sequence] {
            guard waiting.leader == sender else { return }
            forwardedJoins[reply.sequence] = nil
            return self.reply(reply.outcome, to: waiting.request, of: waiting.request.incarnation)
        }
        // The leader dials this node now, and is dialled back: what it sends wants answers.
        switch joining?.take(reply, from: sender) {
        case .line(let line): logger.notice("\(line)")
        case .removed: fail(NodeFailure.removed)
        case .nothing, nil: break
        }
    }

    // MARK: The one that is asked

    func take(_ request: JoinRequest, from sender: NodeID) {
        let isDirect = request.incarnation == sender
        guard isDirect ? greetings[sender] == request.name : snapshot.status.membership?.member(sender) != nil else { return }
        let status = snapshot.status
        guard let membership = status.membership else { return refuse(request, of: sender, "this node belongs to no cluster itself") }
        // It may not have applied its own addition, so its hello may not show that it ever belonged.
        if replica.removed.incarnations.contains(request.incarnation), membership.member(request.incarnation) == nil {
            return reply(.removed("this node was removed: to bring it back, empty its storage path first"), to: request, of: sender)
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
        forwardedJoins[sequence] = ForwardedJoin(leader: leader, request: request)
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
            reply(.joined(membership), to: request, of: sender)
        case .membershipRefused(let refusal):
            let reason = OperatorWords(membership: membership).reason(refusal, request.name, at: request.address)
            refuse(request, of: sender, reason, retry: ![.tooManyVoters, .tooManyMembers].contains(refusal))
        case .leadershipLost, .transferred, .transferRefused, .transferFailed, nil: break
        }
    }

    private func refuse(_ request: JoinRequest, of sender: NodeID, _ reason: String, retry: Bool = true) {
        reply(.refused(reason, retry: retry), to: request, of: sender)
    }

    private func reply(_ outcome: JoinReply.Outcome, to request: JoinRequest, of sender: NodeID) {
        send(.joinReply(JoinReply(sequence: request.sequence, outcome: outcome)), to: sender)
    }
}
