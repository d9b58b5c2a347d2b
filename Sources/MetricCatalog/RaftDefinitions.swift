/// This node's consensus.
enum RaftMetrics {
    static let term = DefinitionScope.node.gauge("quorum_raft_term", help: "Current term")
    static let commitIndex = DefinitionScope.node.gauge("quorum_raft_commit_index", help: "Highest log index known to be committed")
    static let appliedIndex = DefinitionScope.node.gauge("quorum_raft_applied_index", help: "Highest log index applied to the view")
    static let lastLogIndex = DefinitionScope.node.gauge("quorum_raft_last_log_index", help: "Index of the last log entry")
    static let firstLogIndex = DefinitionScope.node.gauge("quorum_raft_first_log_index", help: "Index of the first log entry still kept")
    static let snapshotLastIndex = DefinitionScope.node.gauge(
        "quorum_raft_snapshot_last_index", help: "Last log index within the latest snapshot, 0 without one")
    static let role = DefinitionScope.node.gauge("quorum_raft_role", "role", help: "1 for the role this node has, 0 for every other")
    static let isLeader = DefinitionScope.node.gauge("quorum_raft_is_leader", help: "Whether this node takes itself for the leader")
    static let hasLeader = DefinitionScope.node.gauge("quorum_raft_has_leader", help: "Whether this node leads or follows a leader")
    static let leaderInfo = DefinitionScope.node.info(
        "quorum_raft_leader_info", "member", help: "A constant 1 labelled by the leader that this node follows or is")
    static let leaderChanges = DefinitionScope.node.counter(
        "quorum_raft_leader_changes_total", help: "Changes of leader that this node has seen")
    static let electionsStarted = DefinitionScope.node.counter(
        "quorum_raft_elections_started_total", help: "Elections in which this node stood, not counting pre-votes")
    static let electionsWon = DefinitionScope.node.counter("quorum_raft_elections_won_total", help: "Elections that this node won")
    static let preVotesRefused = DefinitionScope.node.counter(
        "quorum_raft_prevotes_refused_total", "reason", help: "Pre-votes that other nodes refused this node, by reason")
    static let stepDowns = DefinitionScope.node.counter(
        "quorum_raft_leader_stepdowns_total", "reason", help: "Times this node ceased to lead, by reason")
    static let failureTolerance = DefinitionScope.node.gauge(
        "quorum_raft_failure_tolerance", help: "Voters that may still be lost before the quorum is, as the leader sees it; leader only")
    static let proposals = DefinitionScope.node.counter("quorum_raft_proposals_total", help: "Proposals made to this node")
    static let proposalsFailed = DefinitionScope.node.counter(
        "quorum_raft_proposals_failed_total", "reason", help: "Proposals made to this node that failed, by reason")
    static let proposalsPending = DefinitionScope.node.gauge(
        "quorum_raft_proposals_pending", help: "Proposals of this node that wait for commitment")
    static let commitDuration = DefinitionScope.node.seconds(
        "quorum_raft_commit_duration_seconds", help: "Time from a proposal to its commitment, on the node that proposed it")

    static let all = [
        term, commitIndex, appliedIndex, lastLogIndex, firstLogIndex, snapshotLastIndex, role, isLeader, hasLeader, leaderInfo,
        leaderChanges, electionsStarted, electionsWon, preVotesRefused, stepDowns, failureTolerance, proposals, proposalsFailed,
        proposalsPending, commitDuration,
    ]
}
