import RaftCore
import WireFormat

/// Whether a connection's other side may take part, judged by its hello alone.
struct HelloCheck {
    /// What this node says of itself.
    let own: Hello
    /// The incarnation of each name, once a membership is known.
    let membership: [String: NodeID]
    /// The name of the member at each address, once a leader vouches for that.
    var addresses: [String: String] = [:]
    /// Whether nobody belongs who is not in it, as far as anybody can know.
    var isComplete = false
    /// Incarnations that this node has seen removed.
    var removed: [NodeID] = []
    /// Whom this node believes to have dialled; nil on an inbound connection.
    let expected: PeerEndpoint?

    /// Checks in the order in which the causes explain each other: a stranger to the protocol first, a wiped member last.
    ///
    /// A member without a cluster identity is let in: it is about to be founded or joined with, and its hello is what its owner waits for.
    func verdict(on hello: Hello) -> Refusal? {
        protocolRefusal(hello) ?? clusterRefusal(hello) ?? nameRefusal(hello) ?? incarnationRefusal(hello) ?? addressRefusal(hello)
    }

    private func protocolRefusal(_ hello: Hello) -> Refusal? {
        let supported = TransportConfiguration.supportedProtocolVersions
        if supported.contains(hello.protocolVersion) { return nil }
        return Refusal(
            cause: .protocolVersion,
            text: "protocol version \(hello.protocolVersion), supported are \(supported.lowerBound) to \(supported.upperBound)")
    }

    private func clusterRefusal(_ hello: Hello) -> Refusal? {
        if hello.clusterName != own.clusterName {
            return Refusal(cause: .clusterName, text: "member of cluster \"\(hello.clusterName)\", this is \"\(own.clusterName)\"")
        }
        if hello.boot == own.boot { return Refusal(cause: .selfConnection, text: "the node reached itself") }
        if let theirs = hello.clusterID, let ours = own.clusterID, theirs != ours {
            return Refusal(cause: .clusterID, text: "cluster \"\(own.clusterName)\" with identity \(theirs), this one has \(ours)")
        }
        return nil
    }

    private func nameRefusal(_ hello: Hello) -> Refusal? {
        if hello.kind == .agent { return Refusal(cause: .memberName, text: "\"\(hello.memberName)\" is an agent, nodes only are taken") }
        if hello.memberName == own.memberName {
            return Refusal(cause: .memberName, text: "\"\(hello.memberName)\" is this node's own name, two processes use it")
        }
        if let name = expected?.name, name != hello.memberName {
            return Refusal(cause: .memberName, text: "\"\(hello.memberName)\" answers where \"\(name)\" was dialled")
        }
        return nil
    }

    private func incarnationRefusal(_ hello: Hello) -> Refusal? {
        let known = membership[hello.memberName] ?? expected?.id
        if let known, known != hello.incarnation {
            return Refusal(
                cause: .incarnation,
                text:
                    "\"\(hello.memberName)\" is known as incarnation \(known), this one is \(hello.incarnation): its store was wiped or is "
                    + "another one. To take it in anew: 'quorum-exporter members remove \(hello.memberName)' at a node of the cluster, "
                    + "then start this one with --cluster.join and an empty --storage.path")
        }
        if known == nil, let other = membership.first(where: { $0.value == hello.incarnation })?.key {
            return Refusal(cause: .memberName, text: "\"\(hello.memberName)\" shows the incarnation of member \"\(other)\"")
        }
        // One that asks to join may have entries of a leader whose change came to nothing.
        let hasBelonged = (hello.clusterID != nil && !hello.asksToJoin) || removed.contains(hello.incarnation)
        if known == nil, isComplete, hasBelonged, !membership.isEmpty {
            return Refusal(
                cause: .removed,
                text: "\"\(hello.memberName)\" was removed from the cluster. To bring it back, start it with --cluster.join and an empty "
                    + "--storage.path")
        }
        return nil
    }

    /// A dialled node is where it was dialled; one that dials and is no member yet says where it wants to be dialled.
    private func addressRefusal(_ hello: Hello) -> Refusal? {
        guard expected == nil, membership[hello.memberName] == nil, let holder = addresses[hello.listenAddress] else { return nil }
        guard holder != hello.memberName else { return nil }
        return Refusal(
            cause: .address,
            text:
                "\"\(hello.memberName)\" would be dialled at \(hello.listenAddress), where member \"\(holder)\" is. Give it an address of "
                + "its own with --cluster.advertise-address; if \"\(holder)\" is gone for good, 'quorum-exporter members remove \(holder)' "
                + "at a node of the cluster first")
    }
}
