public import ClusterHealth
public import RaftCore

/// The view as the bytes of a snapshot.
public enum SnapshotCoding {
    /// The number of this encoding: digests of views are compared only between nodes that encode alike.
    public static let digestFormat: UInt32 = 1

    /// The bytes of a view: the same view gives the same bytes, on every node.
    public static func encode(_ view: ClusterHealthView) -> [UInt8] { serialized(wireView(view)) }

    /// The view that a snapshot's bytes hold.
    ///
    /// - Throws: `WireFormatError`, naming the field.
    public static func decode(_ bytes: [UInt8]) throws(WireFormatError) -> ClusterHealthView {
        try readView(try parsed(bytes, as: "view_snapshot", limit: WireLimits.snapshotBytes))
    }

    /// The digest of a view that was reached by applying an index.
    public static func digest(of view: ClusterHealthView, at index: LogIndex) -> ViewDigest {
        var checksum = WordChecksum(purpose: 5)
        checksum.add(encode(view))
        return ViewDigest(index: index, format: digestFormat, value: checksum.value)
    }
}

private func wireView(_ view: ClusterHealthView) -> WireViewSnapshot {
    var wire = WireViewSnapshot()
    if let membership = view.membership { wire.membership = wireMembership(membership) }
    wire.rows = view.rows.map(wireRow)
    if let time = view.clusterTime { wire.clusterTimeMilliseconds = time.milliseconds }
    if let time = view.wallTime { wire.wallTimeMilliseconds = time.milliseconds }
    wire.transitions = view.transitions.map(wireTransition)
    wire.links = view.links.values.map(wireReport)
    return wire
}

private func readView(_ wire: WireViewSnapshot) throws(WireFormatError) -> ClusterHealthView {
    var rows = try AscendingMembers<MemberRow>("view_snapshot.rows", count: wire.rows.count)
    let membership = wire.hasMembership ? try readMembership(wire.membership, "view_snapshot.membership") : nil
    for row in wire.rows {
        guard let member = membership?.member(NodeID(row.member)) else {
            throw .outOfRange(field: "view_snapshot.rows.member", value: row.member)
        }
        try rows.append(member.id, try readRow(row, of: member))
    }
    guard wire.rows.count == membership?.members.count ?? 0 else {
        throw .unpaired(field: "view_snapshot.rows", count: wire.rows.count, expected: membership?.members.count ?? 0)
    }
    try checkedCount(wire.transitions.count, "view_snapshot.transitions", limit: ClusterHealthView.maximumTransitions)
    var transitions: [ClusterHealthView.Transition] = []
    for transition in wire.transitions { transitions.append(try readTransition(transition)) }
    var links = try AscendingMembers<ObserverReport>("view_snapshot.links", count: wire.links.count)
    for link in wire.links { try links.append(NodeID(link.observer), try readReport(link, "view_snapshot.links")) }
    let view = ClusterHealthView(
        membership: membership, rows: rows.map,
        clusterTime: wire.hasClusterTimeMilliseconds
            ? try checkedTime(wire.clusterTimeMilliseconds, "view_snapshot.cluster_time_milliseconds") : nil,
        wallTime: wire.hasWallTimeMilliseconds ? WallTime(milliseconds: wire.wallTimeMilliseconds) : nil,
        transitions: transitions, links: links.map)
    // Of members about other members only: a view holds no others.
    guard view.links == links.map else { throw .unpaired(field: "view_snapshot.links", count: links.map.count, expected: view.links.count) }
    return view
}

private func wireRow(_ id: NodeID, _ row: MemberRow) -> WireViewSnapshot.Row {
    var wire = WireViewSnapshot.Row()
    wire.member = id.rawValue
    wire.state = wireCase(row.state)
    if let isUp = row.isUp { wire.isUp = isUp }
    if let reason = row.downReason { wire.downReason = wireCase(reason) }
    wire.sinceMilliseconds = row.since.milliseconds
    wire.sinceWallMilliseconds = row.sinceWall.milliseconds
    wire.transitionsTo = row.transitionsTo
    wire.flapping = row.flapping
    wire.recentChangesMilliseconds = row.recentChanges.map(\.milliseconds)
    if let since = row.reachableSince { wire.reachableSinceMilliseconds = since.milliseconds }
    wire.observersReaching = row.observersReaching
    if let sample = row.sample { wire.sample = wireSample(sample) }
    return wire
}

private func readRow(_ wire: WireViewSnapshot.Row, of member: Membership.Member) throws(WireFormatError) -> MemberRow {
    let field = "view_snapshot.rows"
    var row = MemberRow(name: member.name, role: member.role, address: member.address, webURL: member.webURL)
    row.state = try checkedCase(wire.state, field + ".state")
    row.isUp = wire.hasIsUp ? wire.isUp : nil
    row.downReason = try checkedOptionalCase(wire.downReason, field + ".down_reason")
    row.since = try checkedTime(wire.sinceMilliseconds, field + ".since_milliseconds")
    row.sinceWall = WallTime(milliseconds: wire.sinceWallMilliseconds)
    guard wire.transitionsTo.count == row.transitionsTo.count else {
        throw .unpaired(field: field + ".transitions_to", count: wire.transitionsTo.count, expected: row.transitionsTo.count)
    }
    row.transitionsTo = wire.transitionsTo
    row.flapping = wire.flapping
    try checkedCount(wire.recentChangesMilliseconds.count, field + ".recent_changes_milliseconds", limit: MemberRow.maximumRecentChanges)
    for time in wire.recentChangesMilliseconds {
        row.recentChanges.append(try checkedTime(time, field + ".recent_changes_milliseconds"))
    }
    if wire.hasReachableSinceMilliseconds {
        row.reachableSince = try checkedTime(wire.reachableSinceMilliseconds, field + ".reachable_since_milliseconds")
    }
    row.observersReaching = wire.observersReaching
    row.sample = wire.hasSample ? try readSample(wire.sample, field + ".sample") : nil
    return row
}

private func wireTransition(_ transition: ClusterHealthView.Transition) -> WireViewSnapshot.StoredTransition {
    var wire = WireViewSnapshot.StoredTransition()
    wire.member = transition.member.rawValue
    wire.name = transition.name
    wire.from = wireCase(transition.from)
    wire.to = wireCase(transition.to)
    if let reason = transition.reason { wire.reason = wireCase(reason) }
    wire.clusterTimeMilliseconds = transition.clusterTime.milliseconds
    wire.wallTimeMilliseconds = transition.wallTime.milliseconds
    return wire
}

private func readTransition(_ wire: WireViewSnapshot.StoredTransition) throws(WireFormatError) -> ClusterHealthView.Transition {
    let field = "view_snapshot.transitions"
    return ClusterHealthView.Transition(
        member: NodeID(wire.member), name: try checkedName(wire.name, field + ".name"), from: try checkedCase(wire.from, field + ".from"),
        to: try checkedCase(wire.to, field + ".to"), reason: try checkedOptionalCase(wire.reason, field + ".reason"),
        clusterTime: try checkedTime(wire.clusterTimeMilliseconds, field + ".cluster_time_milliseconds"),
        wallTime: WallTime(milliseconds: wire.wallTimeMilliseconds))
}

private func checkedTime(_ raw: UInt64, _ field: String) throws(WireFormatError) -> ClusterTime {
    guard raw <= WireLimits.counter else { throw .outOfRange(field: field, value: raw) }
    return ClusterTime(milliseconds: raw)
}
