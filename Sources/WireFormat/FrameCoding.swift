import RaftCore

/// Frames as bytes; the length prefix around them is the transport's.
public enum FrameCoding {
    /// The bytes of a frame: the same frame gives the same bytes.
    public static func encode(_ frame: Frame) -> [UInt8] {
        var wire = WireFrame()
        switch frame {
        case .hello(let hello): wire.hello = wireHello(hello)
        case .rejection(let rejection):
            wire.rejection.reason = wireCase(rejection.reason)
            wire.rejection.text = rejection.text
        case .ping(let ping):
            wire.ping.sequence = ping.sequence
            wire.ping.sentNanoseconds = ping.sentNanoseconds
        case .pong(let pong):
            wire.pong.sequence = pong.sequence
            wire.pong.echoedNanoseconds = pong.echoedNanoseconds
        case .raft(let message, let health):
            wire.raft = wireMessage(message)
            if let health { wire.raft.health = wireAttachment(health) }
        case .joinRequest(let request): wire.joinRequest = wireJoinRequest(request)
        case .joinReply(let reply): wire.joinReply = wireJoinReply(reply)
        case .operatorRequest(let request): wire.operatorRequest = wireOperatorRequest(request)
        case .operatorReply(let reply): wire.operatorReply = wireOperatorReply(reply)
        }
        return serialized(wire)
    }

    /// The frame that bytes from another member hold.
    ///
    /// - Parameter bytes: one whole frame, at most `WireLimits.frameBytes`.
    /// - Throws: `WireFormatError`, naming the field; `unknownKind` for a frame that a later version may have added, which may be skipped.
    public static func decode(_ bytes: [UInt8]) throws(WireFormatError) -> Frame {
        let wire: WireFrame = try parsed(bytes, as: "frame", limit: WireLimits.frameBytes)
        switch wire.body {
        case .hello(let hello): return .hello(try readHello(hello))
        case .rejection(let rejection):
            let text = try checkedText(rejection.text, "rejection.text", limit: WireLimits.textBytes)
            return .rejection(Rejection(reason: try checkedCase(rejection.reason, "rejection.reason"), text: text))
        case .ping(let ping): return .ping(Ping(sequence: ping.sequence, sentNanoseconds: ping.sentNanoseconds))
        case .pong(let pong): return .pong(Pong(sequence: pong.sequence, echoedNanoseconds: pong.echoedNanoseconds))
        case .raft(let message):
            return .raft(try readMessage(message), message.hasHealth ? try readAttachment(message.health, "raft.health") : nil)
        case .joinRequest(let request): return .joinRequest(try readJoinRequest(request))
        case .joinReply(let reply): return .joinReply(try readJoinReply(reply))
        case .operatorRequest(let request): return .operatorRequest(try readOperatorRequest(request))
        case .operatorReply(let reply): return .operatorReply(try readOperatorReply(reply))
        case nil: throw .unknownKind(what: "frame")
        }
    }

    private static func wireHello(_ hello: Hello) -> WireHello {
        var wire = WireHello()
        wire.protocolVersion = hello.protocolVersion
        wire.clusterName = hello.clusterName
        if let clusterID = hello.clusterID { wire.clusterID = wireClusterID(clusterID) }
        wire.memberName = hello.memberName
        wire.incarnation = hello.incarnation.rawValue
        wire.boot = hello.boot.rawValue
        wire.programVersion = hello.programVersion
        wire.listenAddress = hello.listenAddress
        wire.webURL = hello.webURL
        wire.kind = wireCase(hello.kind)
        wire.bootstrapped = hello.bootstrapped
        wire.asksToJoin = hello.asksToJoin
        return wire
    }

    private static func readHello(_ wire: WireHello) throws(WireFormatError) -> Hello {
        guard wire.protocolVersion > 0 else { throw .missing(field: "hello.protocol_version") }
        return Hello(
            protocolVersion: wire.protocolVersion,
            clusterName: try checkedName(wire.clusterName, "hello.cluster_name"),
            clusterID: wire.hasClusterID ? readClusterID(wire.clusterID) : nil,
            memberName: try checkedName(wire.memberName, "hello.member_name"),
            incarnation: NodeID(wire.incarnation),
            boot: BootID(wire.boot),
            programVersion: try checkedText(wire.programVersion, "hello.program_version", limit: WireLimits.nameBytes),
            listenAddress: try checkedText(wire.listenAddress, "hello.listen_address", limit: WireLimits.addressBytes),
            webURL: try checkedText(wire.webURL, "hello.web_url", limit: WireLimits.textBytes),
            kind: try checkedCase(wire.kind, "hello.kind"),
            bootstrapped: wire.bootstrapped, asksToJoin: wire.asksToJoin)
    }
}
