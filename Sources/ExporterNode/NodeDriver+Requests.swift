import ClusterHealth
import NIOCore
import NodeReplica
import RaftCore
import WireFormat

// Operators' commands. The leader decides; any other node forwards them to it, once, and never again by itself: what was sent may have
// been done. Commands name nodes by their incarnation, so that one done twice is refused the second time and not done to another node.

/// A request of this node's replica whose outcome somebody waits for.
struct Waiting {
    /// Called once; nil when the time was up.
    var answer: @Sendable (RequestOutcome?) -> Void
    var expiry: Scheduled<Void>
}

/// A command on its way to the leader, or its answer on its way back.
struct Forwarded {
    let leader: NodeID
    let command: OperatorRequest.Command
    let answer: @Sendable (OperatorOutcome) -> Void
    var expiry: Scheduled<Void>
    /// The leader may be gone: little is waited for.
    var isDoubtful = false
}

extension NodeDriver {
    /// How many requests wait at once, of each kind.
    static let maximumRequests = 32
    /// How long a leader works on what others forwarded to it.
    static let forwardedBudget = Duration.seconds(10)
    /// How long an answer that may be on its way is waited for once the leader has changed or the connection with it broke.
    static let doubtfulBudget = Duration.milliseconds(500)

    /// Carries out an operator's command; returns what came of it, or that this is not known, once the time is up.
    func request(_ command: OperatorRequest.Command, within budget: Duration) async -> OperatorOutcome {
        await withCheckedContinuation { continuation in
            begin(command, within: budget) { continuation.resume(returning: $0) }
        }
    }

    private func begin(
        _ command: OperatorRequest.Command, within budget: Duration, answer: @escaping @Sendable (OperatorOutcome) -> Void
    ) {
        let status = snapshot.status
        guard let leader = status.leader else { return answer(.unavailable(OperatorWords.noLeader)) }
        if case .transferLeadership(leader) = command { return answer(.done(nil)) }
        guard leader == status.id else { return forward(command, to: leader, within: budget, answer: answer) }
        decide(command, within: budget, answer: answer)
    }

    // MARK: On the leader

    private func decide(
        _ command: OperatorRequest.Command, within budget: Duration, answer: @escaping @Sendable (OperatorOutcome) -> Void
    ) {
        // The names as they are before the change.
        let words = OperatorWords(membership: snapshot.status.membership)
        let isTaken = ask(within: budget) { ticket in
            switch command {
            case .changeMembership(let change): .changeMembership(change, ticket: ticket)
            case .transferLeadership(let target): .transferLeadership(target, ticket: ticket)
            }
        } answer: {
            answer(words.outcome($0, of: command))
        }
        if !isTaken { answer(.unavailable(OperatorWords.tooMany)) }
    }

    /// Hands a request to the replica.
    ///
    /// - Returns: false when too many wait already; then it was not handed over and is never answered.
    func ask(
        within budget: Duration, _ input: (_ ticket: UInt64) -> ReplicaInput, answer: @escaping @Sendable (RequestOutcome?) -> Void
    ) -> Bool {
        guard requests.count < NodeDriver.maximumRequests, !hasEnded else { return false }
        let ticket = nextTicket()
        let expiry = schedule(in: budget) { driver in
            driver.perform(.requestAbandoned(ticket: ticket))
            driver.answerRequest(ticket, nil)
        }
        requests[ticket] = Waiting(answer: answer, expiry: expiry)
        perform(input(ticket))
        return true
    }

    func answerRequest(_ ticket: UInt64, _ outcome: RequestOutcome?) {
        guard let waiting = requests.removeValue(forKey: ticket) else { return }
        waiting.expiry.cancel()
        waiting.answer(outcome)
    }

    /// A member forwards a command. What is not known is not answered: the one who asked finds out by itself that it is not.
    func take(_ request: OperatorRequest, from sender: NodeID) {
        guard snapshot.status.membership?.member(sender) != nil else { return }
        let reply: @Sendable (OperatorOutcome) -> Void = { outcome in
            self.assumeIsolated { $0.reply(outcome, to: request, of: sender) }
        }
        guard snapshot.status.role == .leader else { return reply(.unavailable(OperatorWords.noLeader)) }
        decide(request.command, within: NodeDriver.forwardedBudget, answer: reply)
    }

    private func reply(_ outcome: OperatorOutcome, to request: OperatorRequest, of sender: NodeID) {
        if let reply = outcome.reply(to: request) { send(.operatorReply(reply), to: sender) }
    }

    // MARK: Elsewhere

    private func forward(
        _ command: OperatorRequest.Command, to leader: NodeID, within budget: Duration,
        answer: @escaping @Sendable (OperatorOutcome) -> Void
    ) {
        guard forwarded.count < NodeDriver.maximumRequests, !hasEnded else { return answer(.unavailable(OperatorWords.tooMany)) }
        guard snapshot.peers[leader]?.isUp == true else { return answer(.unavailable(OperatorWords.noLeader)) }
        let sequence = nextTicket()
        let expiry = schedule(in: budget) { $0.giveUp(sequence) }
        forwarded[sequence] = Forwarded(leader: leader, command: command, answer: answer, expiry: expiry)
        send(.operatorRequest(OperatorRequest(sequence: sequence, command: command)), to: leader)
    }

    func take(_ reply: OperatorReply, from sender: NodeID) {
        guard let waiting = forwarded[reply.sequence], waiting.leader == sender else { return }
        forwarded[reply.sequence] = nil
        waiting.expiry.cancel()
        waiting.answer(OperatorOutcome(reply))
    }

    /// Looks after what was forwarded to a leader that leads no more, or that this node has lost.
    func doubtForwarded(lost peer: NodeID? = nil) {
        let leader = snapshot.status.leader
        for (sequence, waiting) in forwarded where !waiting.isDoubtful && (waiting.leader == peer || waiting.leader != leader) {
            waiting.expiry.cancel()
            forwarded[sequence]?.isDoubtful = true
            forwarded[sequence]?.expiry = schedule(in: NodeDriver.doubtfulBudget) { $0.giveUp(sequence) }
        }
    }

    private func giveUp(_ sequence: UInt64) {
        guard let waiting = forwarded.removeValue(forKey: sequence) else { return }
        if case .transferLeadership(let target) = waiting.command, let leader = snapshot.status.leader, leader != waiting.leader,
            target == nil || target == leader
        {
            return waiting.answer(.done(nil))
        }
        waiting.answer(.unknown(waiting.isDoubtful ? OperatorWords.leaderLost : OperatorWords.timeIsUp))
    }

    /// The node ends: nothing that waits will be answered any more.
    func abandonRequests() {
        abandonVisits()
        for ticket in requests.keys.sorted() { answerRequest(ticket, .leadershipLost) }
        for (_, waiting) in forwarded {
            waiting.expiry.cancel()
            waiting.answer(.unknown(OperatorWords.leaderLost))
        }
        forwarded = [:]
    }
}
