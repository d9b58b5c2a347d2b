@testable import RaftCore

// Messages, links and what is learned of processes from them.

extension ScenarioWorld {
    mutating func network(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) {
        switch words.verb {
        case "deliver": try deliver(try words.selection())
        case "drop": try drop(try words.selection())
        case "settle": try settle(among: words.nodes().map(NodeID.init))
        case "cut": try cut(words.words())
        case "isolate": cluster.isolate(try words.node())
        case "heal": cluster.cut = []
        case "connected": try connected(try link(&words))
        default: try gone(try link(&words))
        }
    }

    // MARK: Messages

    /// Delivers those on their way now; what they cause waits.
    private mutating func deliver(_ selection: MessageSelection) throws(ScenarioWords.Mistake) {
        let numbers = selection.numbers(of: cluster.messages)
        if numbers.isEmpty { throw ScenarioWords.Mistake("no such message is on its way") }
        if selection.isDamaged { damage(numbers) }
        for number in numbers { deliver(number, keeping: selection.isCopy) }
    }

    private mutating func damage(_ numbers: [Int]) {
        for place in cluster.messages.indices where numbers.contains(cluster.messages[place].number) {
            guard case .snapshotChunk(var chunk) = cluster.messages[place].message.body, !chunk.bytes.isEmpty else { continue }
            chunk.bytes[0] ^= 1
            cluster.messages[place].message.body = .snapshotChunk(chunk)
        }
    }

    private mutating func drop(_ selection: MessageSelection) throws(ScenarioWords.Mistake) {
        let numbers = selection.numbers(of: cluster.messages)
        if numbers.isEmpty { throw ScenarioWords.Mistake("no such message is on its way") }
        for envelope in cluster.messages where numbers.contains(envelope.number) { say("\(Wording.envelope(envelope)) is lost") }
        cluster.messages.removeAll { numbers.contains($0.number) }
    }

    private mutating func deliver(_ number: Int, keeping: Bool = false) {
        guard let place = cluster.messages.firstIndex(where: { $0.number == number }) else { return }
        let envelope = cluster.messages[place]
        let link = Cluster.Link(from: envelope.from, to: envelope.to)
        let position = cluster.position(envelope.to.rawValue)
        let isLost = cluster.cut.contains(link) || position >= cluster.hosts.count || cluster.hosts[position].node == nil
        act(Wording.envelope(envelope) + (isLost ? " is lost" : "")) {
            $0.deliver(at: place, keeping: keeping)
            return nil
        }
    }

    /// Delivers everything to these nodes, or to all, until nothing is on its way; time stands still.
    mutating func settle(among nodes: [NodeID]?) throws(ScenarioWords.Mistake) {
        for _ in 0..<5_000 {
            let meant = cluster.messages.first { nodes?.isEmpty != false || nodes?.contains($0.to) == true }
            guard let next = meant else { return }
            deliver(next.number)
        }
        throw ScenarioWords.Mistake("the cluster does not come to rest")
    }

    // MARK: Links

    private mutating func cut(_ words: [String]) throws(ScenarioWords.Mistake) {
        for word in words {
            guard let link = ScenarioLink(word), let from = link.from, let to = link.to else {
                throw ScenarioWords.Mistake("\(word) is no link")
            }
            cluster.cut.append(Cluster.Link(from: from, to: to))
            if link.isBothWays { cluster.cut.append(Cluster.Link(from: to, to: from)) }
        }
    }

    private func link(_ words: inout ScenarioWords) throws(ScenarioWords.Mistake) -> (observer: UInt64, peer: UInt64) {
        let link = ScenarioLink(words.word() ?? "")
        guard let link, let observer = link.from, let peer = link.to else { throw ScenarioWords.Mistake("\(words.verb) needs a link") }
        _ = try running(observer.rawValue)
        return (observer.rawValue, peer.rawValue)
    }

    /// `connected 1>2`: node 1 is told that a connection to node 2 came up.
    private mutating func connected(_ link: (observer: UInt64, peer: UInt64)) throws(ScenarioWords.Mistake) {
        act("n\(link.observer) is told: connected to n\(link.peer)") {
            $0.peerConnected(link.peer, at: link.observer)
            return nil
        }
    }

    /// `gone 2>1`: node 2 is told that the process of node 1 is gone.
    private mutating func gone(_ link: (observer: UInt64, peer: UInt64)) throws(ScenarioWords.Mistake) {
        act("n\(link.observer) is told: the process of n\(link.peer) is gone") {
            $0.processGone(link.peer, at: link.observer)
            return nil
        }
    }
}
