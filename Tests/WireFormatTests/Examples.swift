import ClusterHealth
import RaftCore
import WireFormat

/// Values with every field set to something of its own, so that a field that is lost or swapped is seen.
enum Examples {
    static let membership = Membership(
        clusterID: ClusterID(high: .max, low: 2),
        members: [
            Membership.Member(id: NodeID(1), name: "a", role: .voter, address: "127.0.0.1:1", webURL: "http://a"),
            Membership.Member(id: NodeID(.max), name: "b", role: .learner, address: "[::1]:2", webURL: ""),
        ])

    static let hello = Hello(
        protocolVersion: 3, clusterName: "kölln", clusterID: ClusterID(high: 5, low: .max), memberName: "a", incarnation: NodeID(7),
        boot: BootID(8), programVersion: "1.2.3", listenAddress: "127.0.0.1:10311", webURL: "http://127.0.0.1:10310", kind: .agent,
        bootstrapped: true)

    static let sample: HealthSample = {
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
        return HealthSample(
            measuredAt: WallTime(milliseconds: 1_700_000_000_123), version: "1.0", stopping: true, degradedReasons: ["storage", "clock"],
            resources: resources, raft: HealthSample.RaftCounters(term: 4, electionsStarted: 3, electionsWon: 2, appliedIndex: 1))
    }()

    static let emptySample = HealthSample(measuredAt: WallTime(milliseconds: 0), version: "")

    static let report: ObserverReport = {
        var observations = NodeMap<Observation>()
        for (position, observation) in Observation.allCases.enumerated() {
            observations[NodeID(UInt64(position) * 1_000 + 1)] = observation
        }
        return ObserverReport(observer: NodeID(77), observations: observations)
    }()

    static let round: HealthRound = {
        var round = HealthRound(
            clusterTime: ClusterTime(milliseconds: 1_700_000_000_000), wallTime: WallTime(milliseconds: 1_700_000_000_001), ruleVersion: 2,
            settings: VerdictSettings(upAfterMilliseconds: 1, flapLimit: 2, flapWindowMilliseconds: 3))
        round.samples[NodeID(1)] = sample
        round.samples[NodeID(9)] = emptySample
        round.reports[NodeID(77)] = report
        round.reports[NodeID(78)] = ObserverReport(observer: NodeID(78))
        for (position, state) in MemberState.allCases.enumerated() {
            let reason = DownReason.allCases.indices.contains(position) ? DownReason.allCases[position] : nil
            let flapping = position.isMultiple(of: 2)
            round.decisions[NodeID(UInt64(position))] = HealthRound.Decision(state: state, downReason: reason, flapping: flapping)
        }
        return round
    }()

    static let entries = [
        LogEntry(index: LogIndex(5), term: Term(2), content: .noop),
        LogEntry(index: LogIndex(6), term: Term(2), content: .membership(membership)),
        LogEntry(index: LogIndex(7), term: Term(3), content: .command([])),
        LogEntry(index: LogIndex(8), term: Term(3), content: .command([0, 255, 1, 2, 3])),
    ]

    static let attachments: [HealthAttachment?] = [
        nil, HealthAttachment(), HealthAttachment(sample: sample), HealthAttachment(report: report),
        HealthAttachment(sample: emptySample, report: ObserverReport(observer: NodeID(0))),
        HealthAttachment(digest: ViewDigest(index: LogIndex(WireLimits.counter), format: .max, value: .max)),
        HealthAttachment(sample: sample, report: report, digest: ViewDigest(index: LogIndex(1), format: 1, value: 0)),
    ]

    static let chunks: [SnapshotChunk] = [
        SnapshotChunk(
            position: LogPosition(index: LogIndex(9), term: Term(4)), membership: membership, membershipIndex: LogIndex(3), checksum: .max,
            totalBytes: WireLimits.snapshotBytes, offset: 70_000, bytes: [0, 1, 255]),
        SnapshotChunk(
            position: LogPosition(index: LogIndex(1), term: Term(1)), membership: membershipOfALaterVersion, membershipIndex: LogIndex(1),
            checksum: 0, totalBytes: 0, offset: 0, bytes: []),
    ]

    /// With a field 100 of its own, a number, and one of its second member's.
    static let membershipOfALaterVersion = Membership(
        clusterID: ClusterID(high: 1, low: 2),
        members: [
            Membership.Member(id: NodeID(4), name: "a", role: .voter, address: "a:1", webURL: ""),
            Membership.Member(id: NodeID(5), name: "b", role: .voter, address: "b:1", webURL: "", extra: [0xa2, 6, 2, 8, 1]),
        ], extra: [0xa0, 6, 42])

    static let bodies: [Message.Body] = {
        let request = VoteRequest(lastLogIndex: LogIndex(9), lastLogTerm: Term(8), leaderCrashed: true, transfer: false)
        let transfer = VoteRequest(lastLogIndex: .zero, lastLogTerm: .zero, leaderCrashed: false, transfer: true)
        let append = AppendRequest(previousIndex: LogIndex(4), previousTerm: Term(2), entries: entries, commit: LogIndex(3))
        let empty = AppendRequest(previousIndex: .zero, previousTerm: .zero, entries: [], commit: .zero)
        return [
            .preVoteRequest(request), .voteRequest(transfer), .preVoteReply(VoteReply()), .voteReply(VoteReply()),
            .append(append), .append(empty), .appendReply(.accepted(match: LogIndex(3))), .appendReply(.accepted(match: .zero)),
            .appendReply(.rejected(rejected: LogIndex(9), hint: LogIndex(8), hintTerm: Term(7))),
            .heartbeat(Heartbeat(commit: LogIndex(4), round: .max)), .heartbeatReply(HeartbeatReply(round: 0)), .timeoutNow,
            .snapshotChunk(chunks[0]), .snapshotChunk(chunks[1]),
            .snapshotReply(SnapshotReply(position: LogPosition(index: LogIndex(9), term: Term(4)), checksum: .max, receivedBytes: 70_003)),
        ] + VoteRefusal.allCases.map { .preVoteReply(VoteReply(refusal: $0)) }
            + VoteRefusal.allCases.map { .voteReply(VoteReply(refusal: $0)) }
    }()

    static let frames: [Frame] = {
        var other = hello
        other.clusterID = nil
        other.kind = .node
        other.bootstrapped = false
        other.asksToJoin = true
        let messages = bodies.map { Frame.raft(Message(term: Term(WireLimits.counter), body: $0), nil) }
        let attached = attachments.map {
            Frame.raft(Message(term: Term(1), body: .heartbeatReply(HeartbeatReply(round: 6))), $0)
        }
        let rejections = Rejection.Reason.allCases.map { Frame.rejection(Rejection(reason: $0, text: "because of \($0)")) }
        let ping = Ping(sequence: .max, sentNanoseconds: .min)
        return [.hello(hello), .hello(other), .ping(ping), .pong(Pong(to: ping))] + rejections + messages + attached + requests
    }()

    /// Of nodes that want to belong, and of operators.
    static let requests: [Frame] = {
        let newcomer = membershipOfALaterVersion.members[1]
        let changes: [MembershipChange] = [
            .add(newcomer), .promote(NodeID(.max)), .demote(NodeID(0)), .remove(NodeID(3)), .replace(NodeID(0), with: newcomer),
        ]
        let commands =
            changes.map { OperatorRequest.Command.changeMembership($0) } + [.transferLeadership(nil), .transferLeadership(NodeID(0))]
        let join = JoinRequest(sequence: 3, incarnation: NodeID(9), name: "c", address: "c:1", webURL: "http://c")
        return [
            .joinRequest(join), .joinReply(JoinReply(sequence: 3, outcome: .joined(membership))),
            .joinReply(JoinReply(sequence: 4, outcome: .refused("not now", retry: true))),
            .joinReply(JoinReply(sequence: 5, outcome: .refused("never", retry: false))),
            .joinReply(JoinReply(sequence: 6, outcome: .removed("you were removed"))),
            .operatorReply(OperatorReply(sequence: 1, refusal: "no leader", index: .zero)),
            .operatorReply(OperatorReply(sequence: 2, refusal: "no leader", index: .zero, isUnavailable: true)),
            .operatorReply(OperatorReply(sequence: .max, refusal: nil, index: LogIndex(WireLimits.counter))),
        ] + commands.map { .operatorRequest(OperatorRequest(sequence: 7, command: $0)) }
    }()
}
