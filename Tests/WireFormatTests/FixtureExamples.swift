import ClusterHealth
import RaftCore
import WireFormat

/// What each build's fixtures stand for. The values are spelled out here, apart from `Examples`, which go on changing.
enum FixtureExamples {
    /// The builds of which bytes are kept.
    static let versions = ["0.1.0"]

    /// The frames in `frames-VERSION.txt`, one a line.
    static func frames(_ version: String) -> [Frame] {
        [.hello(hello), .hello(newcomer), .ping(ping), .pong(Pong(to: ping))]
            + Rejection.Reason.allCases.prefix(8).map { .rejection(Rejection(reason: $0, text: "reason \($0.rawValue)")) }
            + bodies.enumerated().map { .raft(Message(term: Term(UInt64($0.offset) + 4), body: $0.element), nil) }
            + attachments.map { .raft(Message(term: Term(3), body: .heartbeatReply(HeartbeatReply(round: 6))), $0) }
            + [.raft(Message(term: Term(9), body: .append(append)), HealthAttachment(sample: sample, report: report))]
    }

    /// The contents of entries in `entries-VERSION.txt`, one a line.
    static func contents(_ version: String) -> [LogEntry.Content] {
        [.noop, .membership(membership), .membership(Membership(clusterID: ClusterID(high: 0, low: 1), members: []))]
            + rounds(version).map { .command(HealthRoundCoding.encode($0)) }
    }

    /// The rounds in the commands among `contents`.
    static func rounds(_ version: String) -> [HealthRound] { [round, emptyRound] }

    private static let hello = Hello(
        protocolVersion: 1, clusterName: "kölln", clusterID: ClusterID(high: 5, low: .max), memberName: "a", incarnation: NodeID(7),
        boot: BootID(8), programVersion: "0.1.0", listenAddress: "127.0.0.1:10311", webURL: "http://127.0.0.1:10310", kind: .node,
        bootstrapped: true)

    private static let newcomer = Hello(
        protocolVersion: 1, clusterName: "default", clusterID: nil, memberName: "agent-1", incarnation: NodeID(.max), boot: BootID(1),
        programVersion: "0.1.0", listenAddress: "", webURL: "", kind: .agent, bootstrapped: false)

    private static let ping = Ping(sequence: 77, sentNanoseconds: -3)

    private static let membership = Membership(
        clusterID: ClusterID(high: .max, low: 2),
        members: [
            Membership.Member(id: NodeID(1), name: "a", role: .voter, address: "127.0.0.1:1", webURL: "http://a"),
            Membership.Member(id: NodeID(2), name: "b", role: .voter, address: "127.0.0.1:2", webURL: "http://b"),
            Membership.Member(id: NodeID(.max), name: "c", role: .learner, address: "[::1]:2", webURL: ""),
        ])

    private static let append = AppendRequest(
        previousIndex: LogIndex(4), previousTerm: Term(2),
        entries: [
            LogEntry(index: LogIndex(5), term: Term(2), content: .noop),
            LogEntry(index: LogIndex(6), term: Term(2), content: .membership(membership)),
            LogEntry(index: LogIndex(7), term: Term(3), content: .command([])),
            LogEntry(index: LogIndex(8), term: Term(3), content: .command([0, 255, 1, 2, 3])),
        ], commit: LogIndex(3))

    private static let bodies: [Message.Body] = {
        let request = VoteRequest(lastLogIndex: LogIndex(9), lastLogTerm: Term(3), leaderCrashed: true, transfer: false)
        let transfer = VoteRequest(lastLogIndex: .zero, lastLogTerm: .zero, leaderCrashed: false, transfer: true)
        let empty = AppendRequest(previousIndex: .zero, previousTerm: .zero, entries: [], commit: .zero)
        let refusals: [VoteRefusal] = [.staleTerm, .leaderAlive, .logBehind, .alreadyVoted, .storageStalled]
        return [
            .preVoteRequest(request), .voteRequest(transfer), .preVoteReply(VoteReply()), .voteReply(VoteReply()), .append(append),
            .append(empty), .appendReply(.accepted(match: LogIndex(3))), .appendReply(.accepted(match: .zero)),
            .appendReply(.rejected(rejected: LogIndex(9), hint: LogIndex(8), hintTerm: Term(2))),
            .heartbeat(Heartbeat(commit: LogIndex(4), round: .max)), .heartbeatReply(HeartbeatReply(round: 0)), .timeoutNow,
        ] + refusals.flatMap { [.preVoteReply(VoteReply(refusal: $0)), .voteReply(VoteReply(refusal: $0))] }
    }()

    private static let sample = HealthSample(
        measuredAt: WallTime(milliseconds: 1_700_000_000_123), version: "0.1.0", stopping: true, degradedReasons: ["storage", "clock"],
        resources: {
            var resources = HealthSample.Resources()
            resources.cpuUsageMillionths = 0
            resources.load1Thousandths = 1_500
            resources.memoryTotalBytes = 1 << 40
            resources.memoryAvailableBytes = 0
            resources.bootTime = WallTime(milliseconds: -5)
            resources.filesystems = [
                HealthSample.Filesystem(mountpoint: "/", sizeBytes: 10, availableBytes: 9),
                HealthSample.Filesystem(mountpoint: "/var", sizeBytes: .max, availableBytes: 0),
            ]
            return resources
        }(), raft: HealthSample.RaftCounters(term: 4, electionsStarted: 3, electionsWon: 2, appliedIndex: 1))

    private static let emptySample = HealthSample(measuredAt: WallTime(milliseconds: 0), version: "")

    private static let report: ObserverReport = {
        var observations = NodeMap<Observation>()
        let all: [Observation] = [.noOpinion, .reaching, .lostBySilence, .lostByRefusal, .lostByClosing]
        for (position, observation) in all.enumerated() { observations[NodeID(UInt64(position) * 1_000 + 1)] = observation }
        return ObserverReport(observer: NodeID(77), observations: observations)
    }()

    private static let attachments: [HealthAttachment?] = [
        HealthAttachment(), HealthAttachment(sample: sample), HealthAttachment(report: report),
        HealthAttachment(sample: emptySample, report: ObserverReport(observer: NodeID(0))),
    ]

    private static let emptyRound = HealthRound(
        clusterTime: ClusterTime(milliseconds: 0), wallTime: WallTime(milliseconds: 0), ruleVersion: 0,
        settings: VerdictSettings(upAfterMilliseconds: 0, flapLimit: 0, flapWindowMilliseconds: 0))

    private static let round: HealthRound = {
        var round = HealthRound(
            clusterTime: ClusterTime(milliseconds: 1_700_000_000_000), wallTime: WallTime(milliseconds: 1_700_000_000_001), ruleVersion: 1,
            settings: VerdictSettings(upAfterMilliseconds: 1, flapLimit: 2, flapWindowMilliseconds: 3))
        round.samples[NodeID(1)] = sample
        round.samples[NodeID(9)] = emptySample
        round.reports[NodeID(77)] = report
        round.reports[NodeID(78)] = ObserverReport(observer: NodeID(78))
        let states: [MemberState] = [.unknown, .up, .suspect, .degraded, .down, .maintenance]
        let reasons: [DownReason?] = [.silent, .refused, .closed, .stopped, nil, nil]
        for (position, (state, reason)) in zip(states, reasons).enumerated() {
            round.decisions[NodeID(UInt64(position))] = HealthRound.Decision(
                state: state, downReason: reason, flapping: position.isMultiple(of: 2))
        }
        return round
    }()
}
