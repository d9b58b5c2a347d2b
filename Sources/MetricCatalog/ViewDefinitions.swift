/// The view as a whole.
enum ViewMetrics {
    static let term = DefinitionScope.view.gauge("quorum_view_term", help: "Term of the last log entry applied to the view")
    static let index = DefinitionScope.view.gauge("quorum_view_index", help: "Index of the last log entry applied to the view")
    static let linkUp = DefinitionScope.view.gauge(
        "quorum_cluster_link_up", "from", "to",
        help: "Whether the observer `from` had contact with the member `to`; absent while it has no opinion and in large clusters")

    static let all = [term, index, linkUp]
}

/// What the view says of each member's state.
enum MemberMetrics {
    static let up = DefinitionScope.view.gauge(
        "quorum_member_up", "member", help: "Whether the member is up by the verdict of a majority of observers; absent while unknown")
    static let state = DefinitionScope.view.gauge(
        "quorum_member_state", "member", "state", help: "1 for the state the member is in, 0 for every other")
    static let stateSince = DefinitionScope.view.gauge(
        "quorum_member_state_since_timestamp_seconds", "member", unit: "seconds", help: "When the member entered its state")
    static let observersReaching = DefinitionScope.view.gauge(
        "quorum_member_observers_reaching", "member", help: "Other observers that had contact with the member in the last round")
    static let transitions = DefinitionScope.view.counter(
        "quorum_member_transitions_total", "member", "to", help: "Times the member entered the state; replicated, so it survives leaders")
    static let downInfo = DefinitionScope.view.info(
        "quorum_member_down_info", "member", "reason", help: "A constant 1 labelled by why the member is down; absent while it is not")
    static let flapping = DefinitionScope.view.gauge(
        "quorum_member_flapping", "member", help: "Whether the member went up and down too often of late")
    static let versionInfo = DefinitionScope.view.info(
        "quorum_member_version_info", "member", "version", help: "A constant 1 labelled by the version the member runs")
    static let reportTimestamp = DefinitionScope.view.gauge(
        "quorum_member_report_timestamp_seconds", "member", unit: "seconds",
        help: "When the member measured what it last reported, by its own clock")

    static let all = [up, state, stateSince, observersReaching, transitions, downInfo, flapping, versionInfo, reportTimestamp]
}

/// The members' machines, as they reported.
enum ResourceMetrics {
    static let cpuUsage = DefinitionScope.view.gauge(
        "quorum_member_cpu_usage_ratio", "member", unit: "ratio", help: "Share of all processors' time that was not idle: 0 to 1")
    static let memoryTotal = DefinitionScope.view.gauge(
        "quorum_member_memory_total_bytes", "member", unit: "bytes", help: "Memory of the member's machine")
    static let memoryAvailable = DefinitionScope.view.gauge(
        "quorum_member_memory_available_bytes", "member", unit: "bytes", help: "Memory that programs can still get without swapping")
    static let filesystemSize = DefinitionScope.view.gauge(
        "quorum_member_filesystem_size_bytes", "member", "mountpoint", unit: "bytes", help: "Size of the filesystem that holds the data")
    static let filesystemAvailable = DefinitionScope.view.gauge(
        "quorum_member_filesystem_available_bytes", "member", "mountpoint", unit: "bytes",
        help: "Space left on the filesystem that holds the data, for a user without privileges")
    static let load1 = DefinitionScope.view.gauge("quorum_member_load1", "member", help: "One-minute load average")
    static let bootTimestamp = DefinitionScope.view.gauge(
        "quorum_member_boot_timestamp_seconds", "member", unit: "seconds", help: "When the member's machine booted")

    static let all = [cpuUsage, memoryTotal, memoryAvailable, filesystemSize, filesystemAvailable, load1, bootTimestamp]
}

/// The members' own consensus figures, as last reported to the leader.
enum MemberRaftMetrics {
    private static let warning = "as last reported to the leader; do not sum with quorum_raft_*"

    static let term = DefinitionScope.view.gauge("quorum_member_raft_term", "member", help: "The node's term, " + warning)
    static let electionsStarted = DefinitionScope.view.counter(
        "quorum_member_raft_elections_started_total", "member", help: "Elections in which the node stood, " + warning)
    static let electionsWon = DefinitionScope.view.counter(
        "quorum_member_raft_elections_won_total", "member", help: "Elections that the node won, " + warning)
    static let appliedIndex = DefinitionScope.view.gauge(
        "quorum_member_raft_applied_index", "member", help: "Highest log index the node has applied, " + warning)

    static let all = [term, electionsStarted, electionsWon, appliedIndex]
}

/// What the leader alone knows from its own tracking; not replicated.
enum TrackingMetrics {
    static let lastContact = DefinitionScope.view.gauge(
        "quorum_member_last_contact_timestamp_seconds", "member", unit: "seconds", help: "When the leader last heard from the member")
    static let matchIndex = DefinitionScope.view.gauge(
        "quorum_member_raft_match_index", "member", help: "Highest log index known to be durable on the node")
    static let lagEntries = DefinitionScope.view.gauge(
        "quorum_member_raft_lag_entries", "member", help: "Log entries of the leader that are not yet on the node")
    static let lagSeconds = DefinitionScope.view.gauge(
        "quorum_member_raft_lag_seconds", "member", unit: "seconds",
        help: "Age of the oldest log entry that is not yet on the node, 0 when it is level")
    static let heartbeatRoundTrip = DefinitionScope.view.gauge(
        "quorum_heartbeat_rtt_seconds", "member", unit: "seconds", help: "Latest round trip of a heartbeat from the leader")
    static let heartbeats = DefinitionScope.view.counter(
        "quorum_heartbeats_total", "member", help: "Heartbeats this node sent as leader since its process started")
    static let heartbeatFailures = DefinitionScope.view.counter(
        "quorum_heartbeat_failures_total", "member", help: "Heartbeats whose answer did not come within one interval")

    static let all = [lastContact, matchIndex, lagEntries, lagSeconds, heartbeatRoundTrip, heartbeats, heartbeatFailures]
}
