import RaftCore

func wireJoinRequest(_ request: JoinRequest) -> WireJoinRequest {
    var wire = WireJoinRequest()
    wire.sequence = request.sequence
    wire.incarnation = request.incarnation.rawValue
    wire.name = request.name
    wire.address = request.address
    wire.webURL = request.webURL
    return wire
}

func readJoinRequest(_ wire: WireJoinRequest) throws(WireFormatError) -> JoinRequest {
    JoinRequest(
        sequence: wire.sequence, incarnation: NodeID(wire.incarnation), name: try checkedName(wire.name, "join_request.name"),
        address: try checkedName(wire.address, "join_request.address", limit: WireLimits.addressBytes),
        webURL: try checkedText(wire.webURL, "join_request.web_url", limit: WireLimits.textBytes))
}

func wireJoinReply(_ reply: JoinReply) -> WireJoinReply {
    var wire = WireJoinReply()
    wire.sequence = reply.sequence
    switch reply.outcome {
    case .joined(let membership): wire.membership = wireMembership(membership)
    case .refused(let reason, let retry):
        wire.refusal = reason
        wire.retry = retry
    case .removed(let reason):
        wire.refusal = reason
        wire.removed = true
    }
    return wire
}

func readJoinReply(_ wire: WireJoinReply) throws(WireFormatError) -> JoinReply {
    if wire.hasMembership {
        return JoinReply(sequence: wire.sequence, outcome: .joined(try readMembership(wire.membership, "join_reply.membership")))
    }
    let reason = try checkedText(wire.refusal, "join_reply.refusal", limit: WireLimits.textBytes)
    return JoinReply(sequence: wire.sequence, outcome: wire.removed ? .removed(reason) : .refused(reason, retry: wire.retry))
}

func wireOperatorRequest(_ request: OperatorRequest) -> WireOperatorRequest {
    var wire = WireOperatorRequest()
    wire.sequence = request.sequence
    switch request.command {
    case .changeMembership(let change): wire.membershipChange = wireChange(change)
    case .transferLeadership(let target):
        wire.transferLeadership = WireTransferLeadership()
        if let target { wire.transferLeadership.target = target.rawValue }
    }
    return wire
}

func readOperatorRequest(_ wire: WireOperatorRequest) throws(WireFormatError) -> OperatorRequest {
    switch wire.body {
    case .membershipChange(let change):
        return OperatorRequest(sequence: wire.sequence, command: .changeMembership(try readChange(change)))
    case .transferLeadership(let transfer):
        let target = transfer.hasTarget ? NodeID(transfer.target) : nil
        return OperatorRequest(sequence: wire.sequence, command: .transferLeadership(target))
    case nil: throw .unknownKind(what: "operator_request")
    }
}

func wireOperatorReply(_ reply: OperatorReply) -> WireOperatorReply {
    var wire = WireOperatorReply()
    wire.sequence = reply.sequence
    wire.refusal = reply.refusal ?? ""
    wire.logIndex = reply.index.rawValue
    wire.unavailable = reply.isUnavailable
    return wire
}

func readOperatorReply(_ wire: WireOperatorReply) throws(WireFormatError) -> OperatorReply {
    let refusal = try checkedText(wire.refusal, "operator_reply.refusal", limit: WireLimits.textBytes)
    return OperatorReply(
        sequence: wire.sequence, refusal: refusal.isEmpty ? nil : refusal,
        index: try checkedIndex(wire.logIndex, "operator_reply.log_index"), isUnavailable: wire.unavailable)
}

private func wireChange(_ change: MembershipChange) -> WireMembershipChange {
    var wire = WireMembershipChange()
    switch change {
    case .add(let member): wire.add = wireMember(member)
    case .promote(let node): wire.promote = node.rawValue
    case .demote(let node): wire.demote = node.rawValue
    case .remove(let node): wire.remove = node.rawValue
    case .replace(let node, let member):
        wire.replace.old = node.rawValue
        wire.replace.new = wireMember(member)
    }
    return wire
}

private func readChange(_ wire: WireMembershipChange) throws(WireFormatError) -> MembershipChange {
    switch wire.body {
    case .add(let member): return .add(try readMember(member, "membership_change.add"))
    case .promote(let node): return .promote(NodeID(node))
    case .demote(let node): return .demote(NodeID(node))
    case .remove(let node): return .remove(NodeID(node))
    case .replace(let replace): return .replace(NodeID(replace.old), with: try readMember(replace.new, "membership_change.replace.new"))
    case nil: throw .unknownKind(what: "membership_change")
    }
}
