import ClusterHealth
import NodeReplica
import RaftCore
import WireFormat

// The network: connections as the transport keeps them, and what becomes of the frames on them.

extension Simulator {
    func position(_ from: Int, _ to: Int) -> Int { from * machines.count + to }

    // MARK: Dialling

    /// Dials a peer after a wait, unless it is connected; a dial on its way is replaced.
    mutating func redial(_ from: Int, _ to: Int, after wait: Int64) {
        let at = position(from, to)
        guard links[at].dialerSees == nil, isPeer(to, of: from) else { return }
        links[at].attempt &+= 1
        heap.push(.dial(from: from, to: to, attempt: links[at].attempt), at: now + wait)
    }

    mutating func dial(_ from: Int, _ to: Int, _ attempt: UInt32) throws(Violation) {
        let at = position(from, to)
        guard links[at].attempt == attempt, links[at].dialerSees == nil, machines[from].hasProcess, isPeer(to, of: from) else { return }
        guard machines[from].isRunning else { return redial(from, to, after: plan.timing.heartbeat) }
        guard links[at].cuts == 0, links[position(to, from)].cuts == 0 else {
            return failed(from, to, after: plan.transport.connectTimeout)
        }
        if links[at].refusals > 0 { return try refused(from, to) }
        switch machines[to].state {
        case .running: try connect(from, to)
        case .frozen: failed(from, to, after: plan.transport.connectTimeout)
        case .down(let answersDials):
            if answersDials { try refused(from, to) } else { failed(from, to, after: plan.transport.connectTimeout) }
        case .lost, .outside: try refused(from, to)
        }
    }

    private mutating func failed(_ from: Int, _ to: Int, after wait: Int64) {
        redial(from, to, after: wait + links[position(from, to)].nextBackoff(plan.transport, jitter: random.next()))
    }

    private mutating func refused(_ from: Int, _ to: Int) throws(Violation) {
        failed(from, to, after: plan.network.latency * 2)
        try feed(.dialRefused(expected(to, by: from) ?? machines[to].identity.id), to: from)
    }

    private mutating func connect(_ from: Int, _ to: Int) throws(Violation) {
        let at = position(from, to)
        guard takes(from, to) else {
            strangersRefused += 1
            return failed(from, to, after: plan.network.latency * 2)
        }
        let dialer = seen(from)
        let acceptor = seen(to)
        let old = links[at].acceptorSees
        greet(from, to)
        links[at].open(acceptor: acceptor, dialer: dialer)
        if let old { try feed(.linkClosed(old.identity.id, boot: BootID(bootNumber(old)), direction: .inbound), to: to) }
        try feed(.linkOpened(dialer.identity.id, boot: BootID(bootNumber(dialer)), direction: .inbound), to: to)
        try feed(.linkOpened(acceptor.identity.id, boot: BootID(bootNumber(acceptor)), direction: .outbound), to: from)
        try greeted(to, by: from)
        try greeted(from, by: to)
        // Whoever dials is there to be dialled.
        redial(to, from, after: 0)
    }

    private func seen(_ slot: Int) -> Link.Seen { Link.Seen(identity: machines[slot].identity, boot: machines[slot].boot) }

    private func bootNumber(_ seen: Link.Seen) -> UInt64 { UInt64(seen.identity.number) << 32 | UInt64(seen.boot) }

    // MARK: Breaking

    /// A connection is broken; its ends learn of it after the waits given, nil for not at all.
    mutating func breakLink(_ from: Int, _ to: Int, dialerAfter: Int64?, acceptorAfter: Int64?) {
        let at = position(from, to)
        guard links[at].isAlive else { return }
        links[at].isAlive = false
        links[at].held = []
        let connection = links[at].connection
        if let dialerAfter { heap.push(.closed(from: from, to: to, connection: connection, atDialer: true), at: now + dialerAfter) }
        if let acceptorAfter { heap.push(.closed(from: from, to: to, connection: connection, atDialer: false), at: now + acceptorAfter) }
    }

    mutating func closed(_ from: Int, _ to: Int, _ connection: UInt32, atDialer: Bool) throws(Violation) {
        let at = position(from, to)
        guard links[at].connection == connection else { return }
        if atDialer {
            guard let seen = links[at].dialerSees else { return }
            links[at].dialerSees = nil
            redial(from, to, after: links[at].nextBackoff(plan.transport, jitter: random.next()))
            try feed(.linkClosed(seen.identity.id, boot: BootID(bootNumber(seen)), direction: .outbound), to: from)
        } else {
            guard let seen = links[at].acceptorSees else { return }
            links[at].acceptorSees = nil
            if machines[to].policy.parted(seen.identity.id) { refreshPeers(of: to) }
            try feed(.linkClosed(seen.identity.id, boot: BootID(bootNumber(seen)), direction: .inbound), to: to)
        }
    }

    /// A process has ended: its kernel closes its connections when the machine lives, and nobody says anything when it does not.
    mutating func processGone(_ slot: Int, answersDials: Bool) {
        for peer in machines.indices where peer != slot {
            let out = position(slot, peer)
            let inward = position(peer, slot)
            links[out].dialerSees = nil
            links[inward].acceptorSees = nil
            let reaches = links[out].cuts == 0 && answersDials
            // Until it gives the connection up, nothing that it says arrives here, though a new process may run by then.
            if !reaches, links[inward].isAlive { checkers.detector.disturbed(peer, now + plan.transport.unacknowledgedTimeout) }
            breakLink(slot, peer, dialerAfter: nil, acceptorAfter: reaches ? plan.network.latency : plan.transport.inboundSilence)
            breakLink(peer, slot, dialerAfter: reaches ? plan.network.latency : plan.transport.unacknowledgedTimeout, acceptorAfter: nil)
        }
    }

    /// A path was cut or carries again: on connections, what was held leaves in a burst, or they are given up after a while.
    mutating func pathChanged(_ from: Int, _ to: Int) {
        for (one, two) in [(from, to), (to, from)] {
            let at = position(one, two)
            if links[at].cuts > 0 || links[position(two, one)].cuts > 0 {
                guard plan.network.isStream, links[at].isAlive else { continue }
                let event = SimulatedEvent.unacknowledged(from: one, to: two, connection: links[at].connection)
                heap.push(event, at: now + plan.transport.unacknowledgedTimeout)
            }
            if links[at].cuts == 0, links[at].stalls == 0 { flush(at) }
        }
    }

    mutating func unacknowledged(_ from: Int, _ to: Int, _ connection: UInt32) {
        let at = position(from, to)
        guard links[at].connection == connection, links[at].isAlive else { return }
        guard links[at].cuts > 0 || links[position(to, from)].cuts > 0 else { return }
        breakLink(from, to, dialerAfter: 0, acceptorAfter: plan.transport.inboundSilence)
    }

    private mutating func flush(_ at: Int) {
        let held = links[at].held
        links[at].held = []
        for delivery in held where delivery.connection == links[at].connection {
            schedule(delivery, at: at, arrival: now + plan.network.latency)
        }
    }

    // MARK: Frames

    mutating func send(_ message: Message, _ health: HealthAttachment?, from slot: Int, to peer: NodeID) throws(Violation) {
        guard let target = self.slot(of: peer) else { return }
        if links[position(slot, target)].raftLosses > 0 { return report.faults.count(.drop) }
        transmit(try content(message, health, from: slot), from: slot, to: target)
    }

    private func content(_ message: Message, _ health: HealthAttachment?, from slot: Int) throws(Violation) -> Delivery.Content {
        guard plan.encodesFrames || machines[slot].isLater else { return .message(message, health) }
        let bytes = FrameCoding.encode(.raft(message, health))
        guard machines[slot].isLater else { return .bytes(bytes) }
        let saysMore = LaterVersion.frame(bytes, saying: UInt8(truncatingIfNeeded: report.events))
        do throws(WireFormatError) {
            let known = LaterVersion.known(of: try FrameCoding.decode(saysMore))
            guard known == LaterVersion.known(of: .raft(message, health)) else { throw .malformed(what: "it says something else") }
        } catch {
            throw Violation("later-version", "\(message.body) as a later version sends it: \(error)")
        }
        return .bytes(saysMore)
    }

    mutating func ping(_ slot: Int, _ boot: UInt32) {
        guard machines[slot].boot == boot, machines[slot].hasProcess else { return }
        heap.push(.ping(slot: slot, boot: boot), at: now + plan.timing.pingInterval)
        guard machines[slot].isRunning else { return }
        let local = machines[slot].clock.monotonic(at: now)
        for peer in machines[slot].peers { transmit(.ping(sentLocal: local), from: slot, to: peer.slot) }
    }

    private mutating func transmit(_ content: Delivery.Content, from: Int, to: Int) {
        let at = position(from, to)
        guard links[at].isAlive, links[at].dialerSees != nil else { return }
        let delivery = Delivery(
            from: from, sender: machines[from].identity.id, to: to, connection: links[at].connection, content: content)
        plan.network.isStream ? stream(delivery, at) : scatter(delivery, at)
    }

    /// As a connection does: in order, and late rather than lost.
    private mutating func stream(_ delivery: Delivery, _ at: Int) {
        if links[at].cuts > 0 || links[at].stalls > 0 {
            if links[at].held.count < Link.maximumHeld { links[at].held.append(delivery) }
            return
        }
        var arrival = now + latency()
        if weather.isLossy, random.happens(inMillion: plan.network.lossRate) {
            report.faults.count(.drop)
            arrival += plan.transport.retransmission
        }
        schedule(delivery, at: at, arrival: arrival)
    }

    private mutating func schedule(_ delivery: Delivery, at: Int, arrival: Int64) {
        let ordered = max(arrival, links[at].lastArrival + 1)
        links[at].lastArrival = ordered
        heap.push(.deliver(delivery), at: ordered)
    }

    /// Harsher than a connection: each frame by itself, lost, doubled or overtaken.
    private mutating func scatter(_ delivery: Delivery, _ at: Int) {
        guard links[at].cuts == 0 else { return report.faults.count(.drop) }
        if links[at].stalls > 0 {
            if links[at].held.count < Link.maximumHeld { links[at].held.append(delivery) }
            return
        }
        if weather.isLossy, random.happens(inMillion: plan.network.lossRate) { return report.faults.count(.drop) }
        var wait = latency()
        if weather.isReordering, random.happens(inMillion: plan.network.reorderRate) {
            report.faults.count(.reorder)
            wait += random.number(from: 0, to: plan.timing.electionTimeout)
        } else {
            links[at].lastArrival = max(links[at].lastArrival + 1, now + wait)
            wait = links[at].lastArrival - now
        }
        heap.push(.deliver(delivery), at: now + wait)
        if weather.isDoubling, random.happens(inMillion: plan.network.duplicateRate) {
            report.faults.count(.duplicate)
            heap.push(.deliver(delivery), at: now + wait + random.number(from: 0, to: plan.timing.electionTimeout))
        }
    }

    private mutating func latency() -> Int64 {
        plan.network.latency + random.number(from: 0, to: plan.network.jitter + 1) + (weather.isSlow ? random.around(weather.slowness) : 0)
    }

    mutating func arrived(_ delivery: Delivery) throws(Violation) {
        let link = links[position(delivery.from, delivery.to)]
        guard link.connection == delivery.connection, link.isAlive, link.acceptorSees != nil else { return }
        switch delivery.content {
        case .message(let message, let health):
            try feed(.received(message, health: health, from: delivery.sender), to: delivery.to)
        case .bytes(let bytes):
            let frame: Frame
            do throws(WireFormatError) {
                frame = try FrameCoding.decode(bytes)
            } catch {
                throw Violation("wire-format", "a frame of \(delivery.sender) cannot be read: \(error)")
            }
            if case .raft(let message, let health) = frame {
                try feed(.received(message, health: health, from: delivery.sender), to: delivery.to)
            }
        case .ping(let sent):
            if machines[delivery.to].isRunning { transmit(.pong(echoedLocal: sent), from: delivery.to, to: delivery.from) }
            try feed(.contact(delivery.sender, roundTrip: nil), to: delivery.to)
        case .pong(let echoed):
            let elapsed = machines[delivery.to].clock.monotonic(at: now) - echoed
            try feed(.contact(delivery.sender, roundTrip: .nanoseconds(max(0, elapsed))), to: delivery.to)
        }
    }
}
