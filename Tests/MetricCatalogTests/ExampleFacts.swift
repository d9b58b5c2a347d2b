import ClusterHealth
import Exposition
import MetricCatalog
import RaftCore

/// A cluster of three in which everything that can be known is known: `alpha` leads, `beta` follows, `gamma` is down.
enum ExampleFacts {
    static let alpha = NodeID(0xA1)
    static let beta = NodeID(0xB2)
    static let gamma = NodeID(0xC3)
    static let noon = WallTime(milliseconds: 1_772_366_400_250)

    static let membership = Membership(
        clusterID: ClusterID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210),
        members: [member(alpha, "alpha"), member(beta, "beta"), member(gamma, "gamma")])

    private static func member(_ id: NodeID, _ name: String) -> Membership.Member {
        Membership.Member(id: id, name: name, role: .voter, address: name + ".example:10311", webURL: "http://\(name).example:10310")
    }

    /// The leader, with every fact there is.
    static func leader() -> NodeFacts {
        var facts = NodeFacts(
            version: "0.1.0", swiftVersion: "6.3", clusterName: "default", status: status(), appliedIndex: LogIndex(1_041),
            membership: membership, roundTime: noon, servesView: true)
        facts.process.cpuTime = .milliseconds(12_340)
        facts.process.residentBytes = 31_457_280
        facts.process.virtualBytes = 419_430_400
        facts.process.openFileDescriptors = 27
        facts.process.maximumFileDescriptors = 1_024
        facts.process.startTime = WallTime(milliseconds: 1_772_360_000_120)
        facts.process.threads = 9
        facts.proofFailures = ["not_leader", "leadership_lost", "no_round", "stale", "timeout"].map { count($0, $0 == "stale" ? 2 : 0) }
        facts.proofDuration = histogram([400_000, 900_000])
        facts.commitDuration = histogram([700_000, 800_000, 5_000_000_000])
        facts.syncDuration = histogram([300_000])
        facts.storage = NodeFacts.StorageFacts(
            logEntries: 1_042, logSizeBytes: 196_608, snapshotSizeBytes: 8_192, snapshotTime: WallTime(milliseconds: 1_772_366_000_000))
        facts.links[beta] = NodeFacts.LinkFacts(
            isUp: true, roundTrip: .microseconds(180), sentBytes: 9_000, receivedBytes: 7_000, droppedMessages: 0)
        facts.links[gamma] = NodeFacts.LinkFacts(isUp: false, sentBytes: 100, receivedBytes: 50, droppedMessages: 3)
        facts.rejectedConnections = [count("garbage", 0), count("cluster", 1)]
        facts.probes = [
            NodeFacts.ProbeFacts(name: "cpu", success: true, duration: .microseconds(42)),
            NodeFacts.ProbeFacts(name: "filesystem", success: false, duration: .seconds(2)),
        ]
        facts.observerPatienceThousandths = 1_250
        facts.httpRequests = [
            NodeFacts.HTTPRequestCount(handler: "/metrics", code: 200, count: 12),
            NodeFacts.HTTPRequestCount(handler: "/cluster/metrics", code: 503, count: 1),
            NodeFacts.HTTPRequestCount(handler: "/cluster/metrics", code: 200, count: 4),
        ]
        facts.certificateExpiry = WallTime(milliseconds: 1_803_895_200_000)
        facts.configReload = NodeFacts.ConfigReload(successful: true, lastSuccess: WallTime(milliseconds: 1_772_360_000_500))
        return facts
    }

    /// A node that has just been started for the first time: no membership, no leader, no round.
    static func newcomer() -> NodeFacts {
        var fresh = status()
        fresh.role = .follower
        fresh.leader = nil
        fresh.term = .zero
        fresh.membership = nil
        fresh.failureTolerance = nil
        fresh.commitIndex = .zero
        fresh.lastLogIndex = .zero
        fresh.firstLogIndex = LogIndex(1)
        fresh.counters = RaftStatus.Counters()
        fresh.proposalsPending = 0
        fresh.progress = NodeMap()
        return NodeFacts(
            version: "0.1.0", swiftVersion: "6.3", clusterName: "default", status: fresh, appliedIndex: .zero, membership: nil,
            roundTime: nil, servesView: false)
    }

    /// The view that the leader has proved.
    static func view() -> ViewFacts {
        var rows = NodeMap<MemberRow>()
        rows[alpha] = upRow("alpha", applied: 1_041, electionsWon: 2)
        rows[beta] = upRow("beta", applied: 1_040, electionsWon: 0)
        rows[gamma] = downRow("gamma")
        var links = NodeMap<ObserverReport>()
        links[alpha] = report(alpha, [(beta, .reaching), (gamma, .lostBySilence)])
        links[beta] = report(beta, [(alpha, .reaching), (gamma, .noOpinion)])
        let view = ClusterHealthView(
            membership: membership, rows: rows, clusterTime: ClusterTime(milliseconds: 5_000), wallTime: noon, transitions: [], links: links
        )
        return ViewFacts(view: view, term: Term(7), index: LogIndex(1_041), tracking: tracking())
    }

    private static func upRow(_ name: String, applied: UInt64, electionsWon: UInt64) -> MemberRow {
        var row = MemberRow(name: name, role: .voter, address: name + ".example:10311", webURL: "http://\(name).example:10310")
        row.state = .up
        row.isUp = true
        row.sinceWall = WallTime(milliseconds: 1_772_360_001_000)
        row.transitionsTo = [0, 1, 0, 0, 0, 0]
        row.observersReaching = 1
        var sample = HealthSample(measuredAt: noon, version: "0.1.0")
        sample.resources.cpuUsageMillionths = 125_000
        sample.resources.load1Thousandths = 420
        sample.resources.memoryTotalBytes = 2_147_483_648
        sample.resources.memoryAvailableBytes = 1_073_741_824
        sample.resources.bootTime = WallTime(milliseconds: 1_772_000_000_000)
        sample.resources.filesystems = [HealthSample.Filesystem(mountpoint: "/var", sizeBytes: 1_000_000, availableBytes: 400_000)]
        sample.raft = HealthSample.RaftCounters(term: 7, electionsStarted: 3, electionsWon: electionsWon, appliedIndex: applied)
        row.sample = sample
        return row
    }

    private static func downRow(_ name: String) -> MemberRow {
        var row = MemberRow(name: name, role: .voter, address: name + ".example:10311", webURL: "http://\(name).example:10310")
        row.state = .down
        row.isUp = false
        row.downReason = .silent
        row.sinceWall = WallTime(milliseconds: 1_772_366_300_000)
        row.transitionsTo = [0, 1, 2, 0, 1, 0]
        row.flapping = true
        return row
    }

    private static func report(_ observer: NodeID, _ observations: [(NodeID, Observation)]) -> ObserverReport {
        var map = NodeMap<Observation>()
        for (id, observation) in observations { map[id] = observation }
        return ObserverReport(observer: observer, observations: map)
    }

    private static func tracking() -> ViewFacts.LeaderTracking {
        var tracking = ViewFacts.LeaderTracking(leader: alpha, progress: status().progress)
        tracking.lastContact[alpha] = noon
        tracking.lastContact[beta] = WallTime(milliseconds: 1_772_366_400_200)
        tracking.lastContact[gamma] = WallTime(milliseconds: 1_772_366_297_000)
        tracking.heartbeats[beta] = 500
        tracking.heartbeats[gamma] = 500
        tracking.heartbeatFailures[gamma] = 40
        tracking.heartbeatRoundTrip[beta] = .microseconds(230)
        return tracking
    }

    static func status() -> RaftStatus {
        var counters = RaftStatus.Counters()
        counters.leaderChanges = 4
        counters.electionsStarted = 3
        counters.electionsWon = 2
        counters.proposals = 900
        counters.preVotesRefused = [0, 5, 0, 0, 0]
        counters.stepDowns = [1, 0, 0, 0, 0]
        counters.proposalsFailed = [1, 0, 0, 0, 2, 0]
        var progress = NodeMap<RaftStatus.PeerProgress>()
        progress[beta] = RaftStatus.PeerProgress(
            matchIndex: LogIndex(1_042), nextIndex: LogIndex(1_043), lagEntries: 0, lag: .zero, lastContact: nil)
        progress[gamma] = RaftStatus.PeerProgress(
            matchIndex: LogIndex(940), nextIndex: LogIndex(941), lagEntries: 102, lag: .milliseconds(103_250), lastContact: nil)
        return RaftStatus(
            id: alpha, term: Term(7), role: .leader, leader: alpha, commitIndex: LogIndex(1_042), lastLogIndex: LogIndex(1_042),
            firstLogIndex: LogIndex(1), snapshotIndex: .zero, membership: membership, failureTolerance: 0, counters: counters,
            proposalsPending: 1, progress: progress)
    }

    private static func count(_ label: String, _ count: UInt64) -> NodeFacts.LabelledCount {
        NodeFacts.LabelledCount(label: label, count: count)
    }

    private static func histogram(_ nanoseconds: [UInt64]) -> Histogram {
        var histogram = Histogram()
        for one in nanoseconds { histogram.observe(nanoseconds: one) }
        return histogram
    }
}
