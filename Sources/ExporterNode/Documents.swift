import ClusterHealth
import MetricCatalog
import NodeReplica
import RaftCore
import StatusDocuments

/// The API's documents, made from a snapshot.
struct Documents: Sendable {
    let own: Membership.Member
    let clusterName: String
    let startedAt: WallTime

    /// - Parameter versions: of the programs of those that this node is connected to.
    func status(_ snapshot: ReplicaSnapshot, versions: [NodeID: String], isReady: Bool, isServing: Bool) -> StatusDocument {
        let status = snapshot.status
        let members = (status.membership?.members ?? []).map(document).sorted { $0.member < $1.member }
        return StatusDocument(
            node: document(status.membership?.member(own.id) ?? own), cluster: cluster(status.membership), version: BuildInfo.version,
            startedAt: timestamp(startedAt), role: status.role.label, term: status.term.rawValue, leader: leader(status),
            commitIndex: status.commitIndex.rawValue, appliedIndex: snapshot.appliedIndex.rawValue,
            lastLogIndex: status.lastLogIndex.rawValue, failureTolerance: status.failureTolerance,
            roundAt: snapshot.view.wallTime.map(timestamp), isReady: isReady, isServing: isServing, peers: peers(snapshot, versions),
            members: members)
    }

    func view(_ snapshot: ReplicaSnapshot) -> ViewDocument {
        let view = snapshot.view
        let name = names(view)
        let members = view.rows.map { id, row in document(row, id: id, matchIndex: matchIndex(of: id, snapshot.status)) }.sorted {
            $0.member < $1.member
        }
        var links: [LinkDocument] = []
        for (observer, report) in view.links {
            for (member, observation) in report.observations where observation != .noOpinion {
                let reason = observation.lossReason?.label
                links.append(LinkDocument(from: name(observer), to: name(member), isUp: !observation.isLost, reason: reason))
            }
        }
        return ViewDocument(
            cluster: cluster(view.membership),
            leader: leader(snapshot.status) ?? LeaderDocument(member: own.name, id: own.id.description, webURL: own.webURL),
            term: snapshot.appliedTerm.rawValue, index: snapshot.appliedIndex.rawValue, roundAt: view.wallTime.map(timestamp),
            members: members, links: links.sorted { ($0.from, $0.to) < ($1.from, $1.to) })
    }

    func events(_ snapshot: ReplicaSnapshot) -> EventsDocument {
        EventsDocument(
            events: snapshot.view.transitions.map { transition in
                TransitionDocument(
                    member: transition.name, id: transition.member.description, from: transition.from.label, to: transition.to.label,
                    reason: transition.reason?.label, at: timestamp(transition.wallTime))
            })
    }

    func error(_ failure: ProofFailure, _ snapshot: ReplicaSnapshot) -> ErrorDocument {
        ErrorDocument(error: failure.rawValue, message: failure.explanation, leader: leader(snapshot.status))
    }

    /// Whom the node follows, with its name and address as far as the membership tells.
    func leader(_ status: RaftStatus) -> LeaderDocument? {
        guard let leader = status.leader else { return nil }
        let member = status.membership?.member(leader)
        return LeaderDocument(member: member?.name, id: leader.description, webURL: member?.webURL)
    }

    private func cluster(_ membership: Membership?) -> ClusterDocument {
        ClusterDocument(name: clusterName, id: membership?.clusterID.description)
    }

    private func peers(_ snapshot: ReplicaSnapshot, _ versions: [NodeID: String]) -> [PeerDocument] {
        let others = (snapshot.status.membership?.members ?? []).filter { $0.id != own.id }
        return others.map { member in
            let link = snapshot.peers[member.id]
            return PeerDocument(
                member: member.name, id: member.id.description, isLinkUp: link?.isUp ?? false, version: versions[member.id],
                roundTripSeconds: link?.roundTrip.map { $0 / .seconds(1) })
        }.sorted { $0.member < $1.member }
    }

    private func document(_ member: Membership.Member) -> MemberDocument {
        MemberDocument(
            member: member.name, id: member.id.description, role: member.role.label, address: member.address, webURL: member.webURL)
    }

    private func matchIndex(of id: NodeID, _ status: RaftStatus) -> UInt64? {
        (id == status.id ? status.lastLogIndex : status.progress[id]?.matchIndex)?.rawValue
    }

    private func document(_ row: MemberRow, id: NodeID, matchIndex: UInt64?) -> MemberStateDocument {
        let counts = zip(MemberState.allCases, row.transitionsTo).map { TransitionCountDocument(to: $0.label, count: $1) }
        return MemberStateDocument(
            member: row.name, id: id.description, role: row.role.label, address: row.address, webURL: row.webURL, state: row.state.label,
            isUp: row.isUp, since: row.sinceWall.milliseconds > 0 ? timestamp(row.sinceWall) : nil, downReason: row.downReason?.label,
            isFlapping: row.flapping, observersReaching: row.observersReaching, transitions: counts, sample: row.sample.map(document),
            matchIndex: matchIndex)
    }

    private func document(_ sample: HealthSample) -> SampleDocument {
        let resources = sample.resources
        return SampleDocument(
            measuredAt: timestamp(sample.measuredAt), version: sample.version, isStopping: sample.stopping,
            degradedReasons: sample.degradedReasons, cpuUsageRatio: resources.cpuUsageMillionths.map { Double($0) / 1e6 },
            load1: resources.load1Thousandths.map { Double($0) / 1e3 }, memoryTotalBytes: resources.memoryTotalBytes,
            memoryAvailableBytes: resources.memoryAvailableBytes, bootedAt: resources.bootTime.map(timestamp),
            filesystems: resources.filesystems.map {
                FilesystemDocument(mountpoint: $0.mountpoint, sizeBytes: $0.sizeBytes, availableBytes: $0.availableBytes)
            },
            raft: sample.raft.map {
                RaftCountersDocument(
                    term: $0.term, electionsStarted: $0.electionsStarted, electionsWon: $0.electionsWon, appliedIndex: $0.appliedIndex)
            })
    }

    private func names(_ view: ClusterHealthView) -> (NodeID) -> String { { id in view.rows[id]?.name ?? id.description } }

    private func timestamp(_ time: WallTime) -> Timestamp { Timestamp(milliseconds: time.milliseconds) }
}

extension ProofFailure {
    /// One sentence for people.
    var explanation: String {
        switch self {
        case .notLeader: "this node does not lead"
        case .leadershipLost: "this node stopped leading while it proved its leadership"
        case .noRound: "no health round of this leader's term has been applied yet"
        case .stale: "the last applied health round is too old to be shown as the present"
        case .timeout: "no majority answered in time"
        }
    }
}
