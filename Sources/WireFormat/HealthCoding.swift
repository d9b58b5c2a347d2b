public import ClusterHealth
import Foundation
import RaftCore

/// What a heartbeat or its reply carries about health, as bytes by itself.
public enum AttachmentCoding {
    /// The bytes of an attachment: the same attachment gives the same bytes.
    public static func encode(_ attachment: HealthAttachment) -> [UInt8] { serialized(wireAttachment(attachment)) }

    /// The attachment that bytes hold.
    ///
    /// - Throws: `WireFormatError`, naming the field.
    public static func decode(_ bytes: [UInt8]) throws(WireFormatError) -> HealthAttachment {
        try readAttachment(try parsed(bytes, as: "attachment", limit: WireLimits.frameBytes), "attachment")
    }
}

func wireAttachment(_ attachment: HealthAttachment) -> WireHealthAttachment {
    var wire = WireHealthAttachment()
    if let sample = attachment.sample { wire.sample = wireSample(sample) }
    if let report = attachment.report { wire.report = wireReport(report) }
    if let digest = attachment.digest {
        wire.digest.index = digest.index.rawValue
        wire.digest.format = digest.format
        wire.digest.value = digest.value
    }
    return wire
}

func readAttachment(_ wire: WireHealthAttachment, _ field: String) throws(WireFormatError) -> HealthAttachment {
    HealthAttachment(
        sample: wire.hasSample ? try readOwnSample(wire.sample, field + ".sample") : nil,
        report: wire.hasReport ? try readReport(wire.report, field + ".report") : nil,
        digest: wire.hasDigest ? try readDigest(wire.digest, field + ".digest") : nil)
}

/// A sample that a member sends of itself. What a later version says beside may be dropped, as by versions that know nothing of it.
private func readOwnSample(_ wire: WireHealthSample, _ field: String) throws(WireFormatError) -> HealthSample {
    var sample = try readSample(wire, field)
    if sample.size > WireLimits.sampleBytes { sample.removeExtra() }
    try checkedCount(sample.size, field, limit: WireLimits.sampleBytes)
    return sample
}

private func readDigest(_ wire: WireViewDigest, _ field: String) throws(WireFormatError) -> ViewDigest {
    ViewDigest(index: try checkedIndex(wire.index, field + ".index"), format: wire.format, value: wire.value)
}

func wireReport(_ report: ObserverReport) -> WireObserverReport {
    var wire = WireObserverReport()
    wire.observer = report.observer.rawValue
    wire.members = report.observations.nodes.map(\.rawValue)
    wire.observations = .init(report.observations.values.map(\.rawValue))
    return wire
}

func readReport(_ wire: WireObserverReport, _ field: String) throws(WireFormatError) -> ObserverReport {
    var observations = try AscendingMembers<Observation>(field + ".members", count: wire.members.count)
    guard wire.observations.count == wire.members.count else {
        throw .unpaired(field: field + ".observations", count: wire.observations.count, expected: wire.members.count)
    }
    for (member, raw) in zip(wire.members, wire.observations) {
        guard let observation = Observation(rawValue: raw) else {
            throw .outOfRange(field: field + ".observations", value: UInt64(raw))
        }
        try observations.append(NodeID(member), observation)
    }
    return ObserverReport(observer: NodeID(wire.observer), observations: observations.map)
}

func wireSample(_ sample: HealthSample) -> WireHealthSample {
    var wire: WireHealthSample = holding(sample.extra)
    wire.measuredAtMilliseconds = sample.measuredAt.milliseconds
    wire.version = sample.version
    wire.stopping = sample.stopping
    wire.degradedReasons = sample.degradedReasons
    wire.resources = wireResources(sample.resources)
    if let raft = sample.raft {
        wire.raft = holding(raft.extra)
        wire.raft.term = raft.term
        wire.raft.electionsStarted = raft.electionsStarted
        wire.raft.electionsWon = raft.electionsWon
        wire.raft.appliedIndex = raft.appliedIndex
    }
    return wire
}

/// A sample of any size: one that was committed must be read.
func readSample(_ wire: WireHealthSample, _ field: String) throws(WireFormatError) -> HealthSample {
    try checkedCount(wire.degradedReasons.count, field + ".degraded_reasons", limit: WireLimits.sampleItems)
    for reason in wire.degradedReasons { _ = try checkedText(reason, field + ".degraded_reasons", limit: WireLimits.nameBytes) }
    var sample = HealthSample(
        measuredAt: WallTime(milliseconds: wire.measuredAtMilliseconds),
        version: try checkedText(wire.version, field + ".version", limit: WireLimits.nameBytes),
        stopping: wire.stopping,
        degradedReasons: wire.degradedReasons,
        resources: try readResources(wire.resources, field + ".resources"),
        raft: wire.hasRaft ? readCounters(wire.raft) : nil)
    sample.extra = extra(of: wire)
    return sample
}

private func readCounters(_ wire: WireHealthSample.RaftCounters) -> HealthSample.RaftCounters {
    var counters = HealthSample.RaftCounters(
        term: wire.term, electionsStarted: wire.electionsStarted, electionsWon: wire.electionsWon, appliedIndex: wire.appliedIndex)
    counters.extra = extra(of: wire)
    return counters
}

private func wireResources(_ resources: HealthSample.Resources) -> WireHealthSample.Resources {
    var wire: WireHealthSample.Resources = holding(resources.extra)
    if let usage = resources.cpuUsageMillionths { wire.cpuUsageMillionths = usage }
    if let load = resources.load1Thousandths { wire.load1Thousandths = load }
    if let total = resources.memoryTotalBytes { wire.memoryTotalBytes = total }
    if let available = resources.memoryAvailableBytes { wire.memoryAvailableBytes = available }
    if let boot = resources.bootTime { wire.bootTimeMilliseconds = boot.milliseconds }
    wire.filesystems = resources.filesystems.map { filesystem in
        var wire: WireHealthSample.Filesystem = holding(filesystem.extra)
        wire.mountpoint = filesystem.mountpoint
        wire.sizeBytes = filesystem.sizeBytes
        wire.availableBytes = filesystem.availableBytes
        return wire
    }
    return wire
}

private func readResources(_ wire: WireHealthSample.Resources, _ field: String) throws(WireFormatError) -> HealthSample.Resources {
    var resources = HealthSample.Resources()
    if wire.hasCpuUsageMillionths {
        guard wire.cpuUsageMillionths <= 1_000_000 else {
            throw .outOfRange(field: field + ".cpu_usage_millionths", value: UInt64(wire.cpuUsageMillionths))
        }
        resources.cpuUsageMillionths = wire.cpuUsageMillionths
    }
    if wire.hasLoad1Thousandths { resources.load1Thousandths = wire.load1Thousandths }
    if wire.hasMemoryTotalBytes { resources.memoryTotalBytes = wire.memoryTotalBytes }
    if wire.hasMemoryAvailableBytes { resources.memoryAvailableBytes = wire.memoryAvailableBytes }
    if wire.hasBootTimeMilliseconds { resources.bootTime = WallTime(milliseconds: wire.bootTimeMilliseconds) }
    resources.filesystems = try readFilesystems(wire.filesystems, field + ".filesystems")
    resources.extra = extra(of: wire)
    return resources
}

private func readFilesystems(
    _ wire: [WireHealthSample.Filesystem], _ field: String
) throws(WireFormatError) -> [HealthSample.Filesystem] {
    try checkedCount(wire.count, field, limit: WireLimits.sampleItems)
    var filesystems: [HealthSample.Filesystem] = []
    for filesystem in wire {
        let mountpoint = try checkedName(filesystem.mountpoint, field + ".mountpoint", limit: WireLimits.textBytes)
        if let last = filesystems.last, last.mountpoint >= mountpoint {
            throw .notAscending(field: field + ".mountpoint", position: filesystems.count)
        }
        var known = HealthSample.Filesystem(
            mountpoint: mountpoint, sizeBytes: filesystem.sizeBytes, availableBytes: filesystem.availableBytes)
        known.extra = extra(of: filesystem)
        filesystems.append(known)
    }
    return filesystems
}
