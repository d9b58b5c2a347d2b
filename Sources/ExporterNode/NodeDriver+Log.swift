import ClusterHealth
import Logging
import NodeReplica
import RaftCore

extension NodeDriver {
    /// Words what happened in the core.
    func log(_ fact: RaftFact) {
        switch fact {
        case .becameFollower(let term, let leader): logger.info("following \(words(leader)) in term \(term)")
        case .startedPreVote(let term, let leaderCrashed):
            logger.debug("asking for pre-votes for term \(term)\(leaderCrashed ? ": the leader's process is gone" : "")")
        case .startedElection(let term): logger.info("campaigning in term \(term)")
        case .becameLeader(let term): logger.notice("leading in term \(term)")
        case .steppedDown(let term, let reason): logger.notice("no longer leading in term \(term): \(reason)")
        case .preVoteRefused(let peer, let reason): logger.debug("pre-vote refused by \(words(peer)): \(reason)")
        case .leaderChanged(let term, let leader):
            if let leader { logger.info("\(words(leader)) leads term \(term)") } else { logger.info("no leader known in term \(term)") }
        case .logTruncated(let index): logger.info("uncommitted entries from \(index) on are replaced by the leader's")
        case .membershipChanged(let membership):
            logger.info("cluster \(membership.clusterID): \(membership.members.map(\.name).sorted().joined(separator: ", "))")
        case .logCompacted(let index, let snapshot):
            logger.info("snapshot of \(snapshot) taken; the log begins behind \(index)")
        case .snapshotSendingStarted(let peer, let position): logger.info("sending snapshot \(position) to \(words(peer))")
        case .snapshotReceived(let position): logger.notice("snapshot \(position) received; it replaces log and view once it is stored")
        case .snapshotRefused(let position): logger.error("snapshot \(position) arrived damaged; it is asked for again")
        case .snapshotTooLarge(let position, let bytes): logger.error("no snapshot of \(position): \(bytes) bytes are too many")
        case .departed(let peer): logger.info("removed node \(peer) is seen off")
        case .removed: logger.notice("removed from the cluster")
        case .storageStalled(true): logger.error("a write to the store has been under way for longer than an election timeout")
        case .storageStalled(false): logger.notice("the store keeps up again")
        case .malformedMessage(let peer, let reason): logger.warning("message of \(words(peer)) ignored: \(reason)")
        }
    }

    func log(_ transition: ClusterHealthView.Transition) {
        let reason = transition.reason.map { " (\($0.label))" } ?? ""
        logger.notice("member \(transition.name): \(transition.from.label) to \(transition.to.label)\(reason)")
    }

    private func words(_ node: NodeID?) -> String {
        guard let node else { return "nobody" }
        return snapshot.status.membership?.member(node)?.name ?? node.description
    }
}
