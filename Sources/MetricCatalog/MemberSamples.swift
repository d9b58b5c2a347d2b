import ClusterHealth
import Exposition
import RaftCore

/// A member of the view with its label rendered once, for all of its series. Small: a row is large, and copying it costs.
struct NamedMember {
    let id: NodeID
    let name: String
    let labels: Labels
    /// Of its row in the view's rows.
    let position: Int

    /// The view's members by name. Of rows with the same name only the first counts, since one repeated series would cost the scrape.
    static func sorted(_ rows: NodeMap<MemberRow>) -> [NamedMember] {
        var members: [NamedMember] = []
        // What is sorted is small and holds no reference.
        var order: [(key: NameKey, position: Int)] = []
        members.reserveCapacity(rows.count)
        order.reserveCapacity(rows.count)
        for (id, row) in rows {
            order.append((NameKey(row.name), members.count))
            members.append(NamedMember(id: id, name: row.name, labels: Labels(("member", row.name)), position: members.count))
        }
        order.sort { $0.key == $1.key ? members[$0.position].name < members[$1.position].name : $0.key < $1.key }
        var sorted: [NamedMember] = []
        sorted.reserveCapacity(rows.count)
        for entry in order where sorted.last?.name != members[entry.position].name { sorted.append(members[entry.position]) }
        return sorted
    }
}

/// The first 16 bytes of a name as a number that sorts as they do: comparing strings is most of the cost of sorting them.
private struct NameKey: Equatable, Comparable {
    private let bytes: UInt128

    init(_ name: String) {
        var bytes: UInt128 = 0
        var count = 0
        for byte in name.utf8.prefix(16) {
            bytes = bytes << 8 | UInt128(byte)
            count += 1
        }
        self.bytes = bytes << UInt128(8 * (16 - count))
    }

    static func < (lhs: NameKey, rhs: NameKey) -> Bool { lhs.bytes < rhs.bytes }
}

/// The samples of `MemberMetrics`, gathered member by member.
struct StateSamples {
    private var up: [Sample] = []
    private var state: [Sample] = []
    private var stateSince: [Sample] = []
    private var observersReaching: [Sample] = []
    private var transitions: [Sample] = []
    private var downInfo: [Sample] = []
    private var flapping: [Sample] = []
    private var versionInfo: [Sample] = []
    private var reportTimestamp: [Sample] = []

    /// Every state has a series; nothing ever enters `unknown`, so that one has no transitions.
    private static let states = MemberState.allCases.map { (state: $0, label: Labels(("state", $0.label))) }
    private static let entered = MemberState.allCases.enumerated().filter { $0.element != .unknown }
        .map { (position: $0.offset, label: Labels(("to", $0.element.label))) }

    init(_ members: Int) {
        state.reserveCapacity(members * StateSamples.states.count)
        transitions.reserveCapacity(members * StateSamples.entered.count)
    }

    mutating func add(_ row: MemberRow, _ labels: Labels) {
        if let isUp = row.isUp { up.append(Sample(labels, .flag(isUp))) }
        for known in StateSamples.states { state.append(Sample(labels.adding(known.label), .flag(known.state == row.state))) }
        if row.sinceWall.milliseconds != 0 { stateSince.append(Sample(labels, seconds(row.sinceWall))) }
        observersReaching.append(Sample(labels, .unsigned(UInt64(row.observersReaching))))
        for known in StateSamples.entered where known.position < row.transitionsTo.count {
            transitions.append(Sample(labels.adding(known.label), .unsigned(row.transitionsTo[known.position])))
        }
        if let reason = row.downReason { downInfo.append(Sample(labels.adding("reason", reason.label), .unsigned(1))) }
        flapping.append(Sample(labels, .flag(row.flapping)))
    }

    mutating func add(_ sample: HealthSample, _ labels: Labels) {
        if !sample.version.isEmpty { versionInfo.append(Sample(labels.adding("version", sample.version), .unsigned(1))) }
        reportTimestamp.append(Sample(labels, seconds(sample.measuredAt)))
    }

    var families: [MetricFamily] {
        [
            MemberMetrics.up.family(up), MemberMetrics.state.family(state), MemberMetrics.stateSince.family(stateSince),
            MemberMetrics.observersReaching.family(observersReaching), MemberMetrics.transitions.family(transitions),
            MemberMetrics.downInfo.family(downInfo), MemberMetrics.flapping.family(flapping),
            MemberMetrics.versionInfo.family(versionInfo), MemberMetrics.reportTimestamp.family(reportTimestamp),
        ]
    }
}

/// The samples of `ResourceMetrics`, gathered member by member.
struct ResourceSamples {
    private var cpuUsage: [Sample] = []
    private var memoryTotal: [Sample] = []
    private var memoryAvailable: [Sample] = []
    private var filesystemSize: [Sample] = []
    private var filesystemAvailable: [Sample] = []
    private var load1: [Sample] = []
    private var bootTimestamp: [Sample] = []

    /// How many of a member's filesystems are exported: what a member reports is bounded, whatever it says.
    static let maximumFilesystems = 16

    init(_ members: Int) {
        filesystemSize.reserveCapacity(members)
        filesystemAvailable.reserveCapacity(members)
    }

    mutating func add(_ resources: HealthSample.Resources, _ labels: Labels) {
        if let usage = resources.cpuUsageMillionths { cpuUsage.append(Sample(labels, .decimal(Int64(usage), places: 6))) }
        if let total = resources.memoryTotalBytes { memoryTotal.append(Sample(labels, .unsigned(total))) }
        if let available = resources.memoryAvailableBytes { memoryAvailable.append(Sample(labels, .unsigned(available))) }
        if let load = resources.load1Thousandths { load1.append(Sample(labels, .decimal(Int64(clamping: load), places: 3))) }
        if let boot = resources.bootTime { bootTimestamp.append(Sample(labels, seconds(boot))) }
        let filesystems = resources.filesystems.prefix(ResourceSamples.maximumFilesystems)
        for (position, filesystem) in filesystems.enumerated() {
            // A mount point named twice would be a repeated series: the first counts.
            if filesystems.prefix(position).contains(where: { $0.mountpoint == filesystem.mountpoint }) { continue }
            let mounted = labels.adding("mountpoint", filesystem.mountpoint)
            filesystemSize.append(Sample(mounted, .unsigned(filesystem.sizeBytes)))
            filesystemAvailable.append(Sample(mounted, .unsigned(filesystem.availableBytes)))
        }
    }

    var families: [MetricFamily] {
        [
            ResourceMetrics.cpuUsage.family(cpuUsage), ResourceMetrics.memoryTotal.family(memoryTotal),
            ResourceMetrics.memoryAvailable.family(memoryAvailable), ResourceMetrics.filesystemSize.family(filesystemSize),
            ResourceMetrics.filesystemAvailable.family(filesystemAvailable), ResourceMetrics.load1.family(load1),
            ResourceMetrics.bootTimestamp.family(bootTimestamp),
        ]
    }
}

/// The samples of `MemberRaftMetrics`, gathered node by node.
struct MemberRaftSamples {
    private var term: [Sample] = []
    private var electionsStarted: [Sample] = []
    private var electionsWon: [Sample] = []
    private var appliedIndex: [Sample] = []

    mutating func add(_ counters: HealthSample.RaftCounters, _ labels: Labels) {
        term.append(Sample(labels, .unsigned(counters.term)))
        electionsStarted.append(Sample(labels, .unsigned(counters.electionsStarted)))
        electionsWon.append(Sample(labels, .unsigned(counters.electionsWon)))
        appliedIndex.append(Sample(labels, .unsigned(counters.appliedIndex)))
    }

    var families: [MetricFamily] {
        [
            MemberRaftMetrics.term.family(term), MemberRaftMetrics.electionsStarted.family(electionsStarted),
            MemberRaftMetrics.electionsWon.family(electionsWon), MemberRaftMetrics.appliedIndex.family(appliedIndex),
        ]
    }
}
