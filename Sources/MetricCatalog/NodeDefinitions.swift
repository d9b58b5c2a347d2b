/// The program itself: its build, its process, its web side and its configuration.
enum ProgramMetrics {
    static let buildInfo = DefinitionScope.node.info(
        "quorum_build_info", "version", "swift_version", help: "A constant 1 labelled by this program's version and the compiler's")
    static let cpu = DefinitionScope.node.counter(
        "process_cpu_seconds_total", unit: "seconds", help: "Total user and system CPU time spent in seconds")
    static let residentMemory = DefinitionScope.node.gauge(
        "process_resident_memory_bytes", unit: "bytes", help: "Resident memory size in bytes")
    static let virtualMemory = DefinitionScope.node.gauge(
        "process_virtual_memory_bytes", unit: "bytes", help: "Virtual memory size in bytes")
    static let openFiles = DefinitionScope.node.gauge("process_open_fds", help: "Number of open file descriptors")
    static let maximumFiles = DefinitionScope.node.gauge("process_max_fds", help: "Maximum number of open file descriptors")
    static let startTime = DefinitionScope.node.gauge(
        "process_start_time_seconds", unit: "seconds", help: "Start time of the process since unix epoch in seconds")
    static let threads = DefinitionScope.node.gauge("process_threads", help: "Number of operating system threads in the process")
    static let httpRequests = DefinitionScope.node.counter(
        "quorum_http_requests_total", "handler", "code", help: "HTTP requests answered, by route and status code")
    static let reloadSuccessful = DefinitionScope.node.gauge(
        "quorum_config_last_reload_successful", help: "Whether the last reading of the configuration succeeded")
    static let reloadTimestamp = DefinitionScope.node.gauge(
        "quorum_config_last_reload_timestamp_seconds", unit: "seconds", help: "When the configuration was last read with success")
    static let certificateExpiry = DefinitionScope.node.gauge(
        "quorum_tls_certificate_expiry_timestamp_seconds", unit: "seconds",
        help: "When this member's certificate for the other members ends; absent without TLS")

    static let all = [
        buildInfo, cpu, residentMemory, virtualMemory, openFiles, maximumFiles, startTime, threads, httpRequests, reloadSuccessful,
        reloadTimestamp, certificateExpiry,
    ]
}

/// The cluster as every node knows it, with or without a leader.
enum ClusterMetrics {
    static let clusterInfo = DefinitionScope.node.info(
        "quorum_cluster_info", "name", "id", help: "A constant 1 labelled by the cluster's name and its random identity")
    static let memberInfo = DefinitionScope.node.info(
        "quorum_member_info", "member", "address", "role",
        help: "A constant 1 for each member of the cluster as this node has applied it, also while nobody leads")
    static let roundTimestamp = DefinitionScope.node.gauge(
        "quorum_round_timestamp_seconds", unit: "seconds",
        help: "Wall time of the last health round that this node has applied, by the clock of the leader that proposed it")
    static let viewServing = DefinitionScope.node.gauge(
        "quorum_view_serving", help: "Whether this scrape carries the view, that is whether this node has just proved that it leads")
    static let proofFailures = DefinitionScope.node.counter(
        "quorum_view_proof_failures_total", "reason", help: "Requests for the view that could not be proved, by reason")
    static let proofDuration = DefinitionScope.node.seconds(
        "quorum_view_proof_duration_seconds", help: "Time from the request for the view to the proof of leadership or its failure")

    static let all = [clusterInfo, memberInfo, roundTimestamp, viewServing, proofFailures, proofDuration]
}

/// The stored log.
enum StorageMetrics {
    static let logEntries = DefinitionScope.node.gauge("quorum_storage_log_entries", help: "Log entries in the store")
    static let logSize = DefinitionScope.node.gauge("quorum_storage_log_size_bytes", unit: "bytes", help: "Size of the store's files")
    static let syncDuration = DefinitionScope.node.seconds(
        "quorum_storage_sync_duration_seconds", help: "Time from the start of a write to its durability")

    static let snapshotSize = DefinitionScope.node.gauge(
        "quorum_storage_snapshot_size_bytes", unit: "bytes", help: "Size of the stored snapshot; absent without one")
    static let snapshotTimestamp = DefinitionScope.node.gauge(
        "quorum_storage_snapshot_last_timestamp_seconds", unit: "seconds",
        help: "When this node last took or received a snapshot; absent without one")

    static let all = [logEntries, logSize, snapshotSize, snapshotTimestamp, syncDuration]
}

/// Snapshots taken here, and those that travel between nodes.
enum SnapshotMetrics {
    static let taken = DefinitionScope.node.counter("quorum_snapshots_taken_total", help: "Snapshots that this node took of its view")
    static let takenFailures = DefinitionScope.node.counter(
        "quorum_snapshots_taken_failures_total", help: "Snapshots that this node could not take, being larger than allowed")
    static let sent = DefinitionScope.node.counter(
        "quorum_snapshots_sent_total", help: "Snapshots that this node sent and a follower has stored")
    static let sentFailures = DefinitionScope.node.counter(
        "quorum_snapshots_sent_failures_total", help: "Times that a follower had to be sent a snapshot from its beginning again")
    static let received = DefinitionScope.node.counter(
        "quorum_snapshots_received_total", help: "Snapshots that this node got from a leader")
    static let receivedFailures = DefinitionScope.node.counter(
        "quorum_snapshots_received_failures_total", help: "Snapshots from a leader whose checksum did not match")

    static let all = [taken, takenFailures, sent, sentFailures, received, receivedFailures]
}

/// The connections between members.
enum TransportMetrics {
    static let linkUp = DefinitionScope.node.gauge(
        "quorum_link_up", "peer", help: "Whether this node has a connection with the peer and hears from it")
    static let linkRoundTrip = DefinitionScope.node.gauge(
        "quorum_link_rtt_seconds", "peer", unit: "seconds", help: "Latest round trip between this node and the peer")
    static let sentBytes = DefinitionScope.node.counter(
        "quorum_transport_sent_bytes_total", "peer", unit: "bytes", help: "Bytes sent to the peer")
    static let receivedBytes = DefinitionScope.node.counter(
        "quorum_transport_received_bytes_total", "peer", unit: "bytes", help: "Bytes received from the peer")
    static let droppedMessages = DefinitionScope.node.counter(
        "quorum_transport_dropped_messages_total", "peer", help: "Messages for the peer that a full queue dropped")
    static let rejectedConnections = DefinitionScope.node.counter(
        "quorum_transport_rejected_connections_total", "reason", help: "Connections of other members that were cut off, by reason")

    static let all = [linkUp, linkRoundTrip, sentBytes, receivedBytes, droppedMessages, rejectedConnections]
}

/// The measuring of this machine.
enum ProbeMetrics {
    static let success = DefinitionScope.node.gauge(
        "quorum_probe_success", "probe", help: "Whether the last measurement of this machine succeeded")
    static let duration = DefinitionScope.node.gauge(
        "quorum_probe_duration_seconds", "probe", unit: "seconds",
        help: "How long the last measurement of this machine took, or how long it has been hanging")
    static let patience = DefinitionScope.node.gauge(
        "quorum_observer_patience_ratio", unit: "ratio",
        help: "How far this observer stretches its patience with others because it missed its own deadlines: 1 to 2")

    static let all = [success, duration, patience]
}
