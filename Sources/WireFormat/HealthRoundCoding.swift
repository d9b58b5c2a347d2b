public import ClusterHealth
import RaftCore

/// A health round as the bytes of a command.
public enum HealthRoundCoding {
    /// The command's bytes: the same round gives the same bytes, on every node.
    public static func encode(_ round: HealthRound) -> [UInt8] {
        var wire = WireCommand()
        wire.healthRound = wireRound(round)
        return serialized(wire)
    }

    /// The round that a command's bytes hold.
    ///
    /// - Throws: `WireFormatError`, naming the field; `unknownKind` for a command of a later version, which this one cannot apply.
    public static func decode(_ bytes: [UInt8]) throws(WireFormatError) -> HealthRound {
        let wire: WireCommand = try parsed(bytes, as: "command", limit: WireLimits.commandBytes)
        switch wire.body {
        case .healthRound(let round): return try readRound(round)
        case nil: throw .unknownKind(what: "command")
        }
    }
}

private func wireRound(_ round: HealthRound) -> WireHealthRound {
    var wire = WireHealthRound()
    wire.clusterTimeMilliseconds = round.clusterTime.milliseconds
    wire.wallTimeMilliseconds = round.wallTime.milliseconds
    wire.ruleVersion = round.ruleVersion
    wire.settings = wireSettings(round.settings)
    wire.samples = round.samples.map { member, sample in
        var wire = WireHealthRound.MemberSample()
        wire.member = member.rawValue
        wire.sample = wireSample(sample)
        return wire
    }
    wire.reports = round.reports.values.map(wireReport)
    wire.decisions = round.decisions.map { member, decision in
        var wire = WireHealthRound.Decision()
        wire.member = member.rawValue
        wire.state = wireCase(decision.state)
        if let reason = decision.downReason { wire.downReason = wireCase(reason) }
        wire.flapping = decision.flapping
        return wire
    }
    return wire
}

private func readRound(_ wire: WireHealthRound) throws(WireFormatError) -> HealthRound {
    guard wire.clusterTimeMilliseconds <= WireLimits.counter else {
        throw .outOfRange(field: "health_round.cluster_time_milliseconds", value: wire.clusterTimeMilliseconds)
    }
    guard wire.hasSettings else { throw .missing(field: "health_round.settings") }
    return HealthRound(
        clusterTime: ClusterTime(milliseconds: wire.clusterTimeMilliseconds),
        wallTime: WallTime(milliseconds: wire.wallTimeMilliseconds),
        ruleVersion: wire.ruleVersion,
        settings: readSettings(wire.settings),
        samples: try readSamples(wire.samples),
        reports: try readReports(wire.reports),
        decisions: try readDecisions(wire.decisions))
}

private func wireSettings(_ settings: VerdictSettings) -> WireVerdictSettings {
    var wire = WireVerdictSettings()
    wire.upAfterMilliseconds = settings.upAfterMilliseconds
    wire.flapLimit = settings.flapLimit
    wire.flapWindowMilliseconds = settings.flapWindowMilliseconds
    return wire
}

private func readSettings(_ wire: WireVerdictSettings) -> VerdictSettings {
    VerdictSettings(
        upAfterMilliseconds: wire.upAfterMilliseconds, flapLimit: wire.flapLimit, flapWindowMilliseconds: wire.flapWindowMilliseconds)
}

private func readSamples(_ wire: [WireHealthRound.MemberSample]) throws(WireFormatError) -> NodeMap<HealthSample> {
    var samples = try AscendingMembers<HealthSample>("health_round.samples", count: wire.count)
    for item in wire {
        guard item.hasSample else { throw .missing(field: "health_round.samples.sample") }
        try samples.append(NodeID(item.member), try readSample(item.sample, "health_round.samples.sample"))
    }
    return samples.map
}

private func readReports(_ wire: [WireObserverReport]) throws(WireFormatError) -> NodeMap<ObserverReport> {
    var reports = try AscendingMembers<ObserverReport>("health_round.reports", count: wire.count)
    for item in wire { try reports.append(NodeID(item.observer), try readReport(item, "health_round.reports")) }
    return reports.map
}

private func readDecisions(_ wire: [WireHealthRound.Decision]) throws(WireFormatError) -> NodeMap<HealthRound.Decision> {
    var decisions = try AscendingMembers<HealthRound.Decision>("health_round.decisions", count: wire.count)
    for item in wire {
        let decision = HealthRound.Decision(
            state: try checkedCase(item.state, "health_round.decisions.state"),
            downReason: try checkedOptionalCase(item.downReason, "health_round.decisions.down_reason"),
            flapping: item.flapping)
        try decisions.append(NodeID(item.member), decision)
    }
    return decisions.map
}
