import Foundation
public import RaftCore

/// An entry's content as bytes, as a row of the store holds it. A command's bytes stand as they are.
public enum EntryCoding {
    /// What kind of content the bytes are.
    public enum Kind: UInt8, Equatable, Sendable, CaseIterable {
        case noop = 0
        case membership = 1
        case command = 2
    }

    /// The kind and the bytes of a content.
    public static func encode(_ content: LogEntry.Content) -> (kind: Kind, bytes: [UInt8]) {
        switch content {
        case .noop: return (.noop, [])
        case .membership(let membership): return (.membership, serialized(wireMembership(membership)))
        case .command(let bytes): return (.command, bytes)
        }
    }

    /// The content of a kind and bytes.
    ///
    /// - Throws: `WireFormatError`, naming the field.
    public static func decode(_ kind: Kind, _ bytes: [UInt8]) throws(WireFormatError) -> LogEntry.Content {
        switch kind {
        case .noop:
            guard bytes.isEmpty else { throw .tooLarge(field: "noop", count: bytes.count, limit: 0) }
            return .noop
        case .membership:
            return .membership(try readMembership(try parsed(bytes, as: "membership", limit: WireLimits.commandBytes), "membership"))
        case .command:
            try checkedCount(bytes.count, "command", limit: WireLimits.commandBytes)
            return .command(bytes)
        }
    }
}

func wireEntry(_ entry: LogEntry) -> WireEntry {
    var wire = WireEntry()
    wire.index = entry.index.rawValue
    wire.term = entry.term.rawValue
    switch entry.content {
    case .noop: wire.noop = WireNoop()
    case .membership(let membership): wire.membership = wireMembership(membership)
    case .command(let bytes): wire.command = .init(bytes)
    }
    return wire
}

func readEntry(_ wire: WireEntry, _ field: String) throws(WireFormatError) -> LogEntry {
    let index = try checkedIndex(wire.index, field + ".index")
    let term = try checkedTerm(wire.term, field + ".term")
    guard index > .zero else { throw .missing(field: field + ".index") }
    guard term > .zero else { throw .missing(field: field + ".term") }
    switch wire.content {
    case .noop: return LogEntry(index: index, term: term, content: .noop)
    case .membership(let membership):
        return LogEntry(index: index, term: term, content: .membership(try readMembership(membership, field + ".membership")))
    case .command(let bytes):
        try checkedCount(bytes.count, field + ".command", limit: WireLimits.commandBytes)
        return LogEntry(index: index, term: term, content: .command([UInt8](bytes)))
    case nil: throw .unknownKind(what: field + ".content")
    }
}

func wireClusterID(_ id: ClusterID) -> WireClusterIdentity {
    var wire = WireClusterIdentity()
    wire.high = id.high
    wire.low = id.low
    return wire
}

func readClusterID(_ wire: WireClusterIdentity) -> ClusterID { ClusterID(high: wire.high, low: wire.low) }

func wireMembership(_ membership: Membership) -> WireMembership {
    var wire: WireMembership = holding(membership.extra)
    wire.clusterID = wireClusterID(membership.clusterID)
    wire.members = membership.members.map(wireMember)
    return wire
}

func wireMember(_ member: Membership.Member) -> WireMembership.Member {
    var wire: WireMembership.Member = holding(member.extra)
    wire.id = member.id.rawValue
    wire.name = member.name
    wire.role = wireCase(member.role)
    wire.address = member.address
    wire.webURL = member.webURL
    return wire
}

func readMember(_ wire: WireMembership.Member, _ field: String) throws(WireFormatError) -> Membership.Member {
    Membership.Member(
        id: NodeID(wire.id),
        name: try checkedName(wire.name, field + ".name"),
        role: try checkedCase(wire.role, field + ".role"),
        address: try checkedText(wire.address, field + ".address", limit: WireLimits.addressBytes),
        webURL: try checkedText(wire.webURL, field + ".web_url", limit: WireLimits.textBytes),
        extra: try checkedExtra(wire, field))
}

func readMembership(_ wire: WireMembership, _ field: String) throws(WireFormatError) -> Membership {
    guard wire.hasClusterID else { throw .missing(field: field + ".cluster_id") }
    try checkedCount(wire.members.count, field + ".members", limit: WireLimits.nodes)
    var members: [Membership.Member] = []
    for member in wire.members {
        if let last = members.last, last.id.rawValue >= member.id {
            throw .notAscending(field: field + ".members.id", position: members.count)
        }
        members.append(try readMember(member, field + ".members"))
    }
    let names = members.map(\.name).sorted()
    if let position = zip(names, names.dropFirst()).enumerated().first(where: { $1.0 == $1.1 })?.offset {
        throw .notAscending(field: field + ".members.name", position: position + 1)
    }
    return Membership(clusterID: readClusterID(wire.clusterID), members: members, extra: try checkedExtra(wire, field))
}
