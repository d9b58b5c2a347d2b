import ClusterHealth
public import Exposition
import RaftCore

extension Catalog {
    /// The families that every node exports, in the order of `all`. Families without series are among them and leave no trace.
    public static func nodeFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        programFamilies(facts) + clusterFamilies(facts) + raftFamilies(facts) + storageFamilies(facts) + transportFamilies(facts)
            + probeFamilies(facts)
    }

    private static func programFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        let process = facts.process
        return [
            ProgramMetrics.buildInfo.family([
                Sample(Labels(("version", facts.version), ("swift_version", facts.swiftVersion)), .unsigned(1))
            ]),
            ProgramMetrics.cpu.family(process.cpuTime.map(seconds)),
            ProgramMetrics.residentMemory.family(process.residentBytes.map(MetricValue.unsigned)),
            ProgramMetrics.virtualMemory.family(process.virtualBytes.map(MetricValue.unsigned)),
            ProgramMetrics.openFiles.family(process.openFileDescriptors.map(MetricValue.unsigned)),
            ProgramMetrics.maximumFiles.family(process.maximumFileDescriptors.map(MetricValue.unsigned)),
            ProgramMetrics.startTime.family(process.startTime.map(seconds)),
            ProgramMetrics.threads.family(process.threads.map(MetricValue.unsigned)),
            ProgramMetrics.httpRequests.family(httpSamples(facts.httpRequests)),
            ProgramMetrics.reloadSuccessful.family(facts.configReload.map { .flag($0.successful) }),
            ProgramMetrics.reloadTimestamp.family(facts.configReload.map { seconds($0.lastSuccess) }),
            ProgramMetrics.certificateExpiry.family(facts.certificateExpiry.map { seconds($0) }),
        ]
    }

    private static func clusterFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        let members = facts.membership?.members.sorted { $0.name < $1.name } ?? []
        return [
            ClusterMetrics.clusterInfo.family(
                facts.membership.map {
                    [Sample(Labels(("name", facts.clusterName), ("id", $0.clusterID.description)), .unsigned(1))]
                } ?? []),
            ClusterMetrics.memberInfo.family(
                members.map {
                    Sample(Labels(("member", $0.name), ("address", $0.address), ("role", $0.role.label)), .unsigned(1))
                }),
            ClusterMetrics.roundTimestamp.family(facts.roundTime.map(seconds)),
            ClusterMetrics.viewServing.family(.flag(facts.servesView)),
            ClusterMetrics.proofFailures.family(samples(facts.proofFailures, label: "reason")),
            ClusterMetrics.proofDuration.family(facts.proofDuration),
        ]
    }

    private static func storageFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        [
            StorageMetrics.logEntries.family(facts.storage.logEntries.map(MetricValue.unsigned)),
            StorageMetrics.logSize.family(facts.storage.logSizeBytes.map(MetricValue.unsigned)),
            StorageMetrics.snapshotSize.family(facts.storage.snapshotSizeBytes.map(MetricValue.unsigned)),
            StorageMetrics.snapshotTimestamp.family(facts.storage.snapshotTime.map(seconds)),
            StorageMetrics.syncDuration.family(facts.syncDuration),
        ] + snapshotFamilies(facts.status.counters)
    }

    private static func snapshotFamilies(_ counters: RaftStatus.Counters) -> [MetricFamily] {
        [
            SnapshotMetrics.taken.family(.unsigned(counters.snapshotsTaken)),
            SnapshotMetrics.takenFailures.family(.unsigned(counters.snapshotsTakenFailed)),
            SnapshotMetrics.sent.family(.unsigned(counters.snapshotsSent)),
            SnapshotMetrics.sentFailures.family(.unsigned(counters.snapshotsSentFailed)),
            SnapshotMetrics.received.family(.unsigned(counters.snapshotsReceived)),
            SnapshotMetrics.receivedFailures.family(.unsigned(counters.snapshotsReceivedFailed)),
        ]
    }

    private static func transportFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        var links: [(name: String, labels: Labels, link: NodeFacts.LinkFacts)] = []
        for (id, link) in facts.links {
            guard let name = facts.membership?.member(id)?.name else { continue }
            links.append((name, Labels(("peer", name)), link))
        }
        links.sort { $0.name < $1.name }
        return [
            TransportMetrics.linkUp.family(links.map { Sample($0.labels, .flag($0.link.isUp)) }),
            TransportMetrics.linkRoundTrip.family(
                links.compactMap { peer in peer.link.roundTrip.map { Sample(peer.labels, seconds($0)) } }),
            TransportMetrics.sentBytes.family(links.map { Sample($0.labels, .unsigned($0.link.sentBytes)) }),
            TransportMetrics.receivedBytes.family(links.map { Sample($0.labels, .unsigned($0.link.receivedBytes)) }),
            TransportMetrics.droppedMessages.family(links.map { Sample($0.labels, .unsigned($0.link.droppedMessages)) }),
            TransportMetrics.rejectedConnections.family(samples(facts.rejectedConnections, label: "reason")),
        ]
    }

    private static func probeFamilies(_ facts: NodeFacts) -> [MetricFamily] {
        var probes: [(name: String, labels: Labels, probe: NodeFacts.ProbeFacts)] = []
        for probe in facts.probes where !probes.contains(where: { $0.name == probe.name }) {
            probes.append((probe.name, Labels(("probe", probe.name)), probe))
        }
        return [
            ProbeMetrics.success.family(probes.map { Sample($0.labels, .flag($0.probe.success)) }),
            ProbeMetrics.duration.family(probes.map { Sample($0.labels, seconds($0.probe.duration)) }),
            ProbeMetrics.patience.family(facts.observerPatienceThousandths.map { .decimal(Int64($0), places: 3) }),
        ]
    }
}

/// One sample for each label value, in the order of their first appearance.
private func samples(_ counts: [NodeFacts.LabelledCount], label: String) -> [Sample] {
    var sums: [NodeFacts.LabelledCount] = []
    for count in counts {
        if let position = sums.firstIndex(where: { $0.label == count.label }) {
            sums[position].count &+= count.count
        } else {
            sums.append(count)
        }
    }
    return sums.map { Sample(Labels((label, $0.label)), .unsigned($0.count)) }
}

/// One sample for each route and status, sorted.
private func httpSamples(_ counts: [NodeFacts.HTTPRequestCount]) -> [Sample] {
    var sums: [NodeFacts.HTTPRequestCount] = []
    for count in counts.sorted(by: { ($0.handler, $0.code) < ($1.handler, $1.code) }) {
        if let last = sums.last, last.handler == count.handler, last.code == count.code {
            sums[sums.count - 1].count &+= count.count
        } else {
            sums.append(count)
        }
    }
    return sums.map { Sample(Labels(("handler", $0.handler), ("code", String($0.code))), .unsigned($0.count)) }
}

/// Seconds since 1970, or of a duration, exactly.
func seconds(_ time: WallTime) -> MetricValue { .seconds(milliseconds: time.milliseconds) }

func seconds(_ duration: Duration) -> MetricValue { .seconds(nanoseconds: duration.wholeNanoseconds) }
