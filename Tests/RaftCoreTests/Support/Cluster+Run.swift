@testable import RaftCore

extension Cluster {
    /// Delivers messages and confirms writes until nothing is on its way. Time stands still, so no deadline fires.
    mutating func settle(limit: Int = 10_000) {
        for _ in 0..<limit {
            if !messages.isEmpty {
                deliver(at: 0)
            } else if let host = hosts.first(where: { $0.node != nil && !$0.writes.isEmpty }) {
                confirm(host.id.rawValue)
            } else {
                return
            }
        }
        fatalError("the cluster does not come to rest")
    }

    /// Lets the cluster run undisturbed: messages arrive and writes end when they are due, deadlines fire.
    ///
    /// - Returns: false when the condition, looked at after every event, did not come to hold in time.
    @discardableResult
    mutating func run(for duration: Duration, until condition: (Cluster) -> Bool = { _ in false }) -> Bool {
        let end = now + duration
        while !condition(self) {
            guard let (instant, event) = nextEvent(), instant <= end else {
                advance(to: end)
                return condition(self)
            }
            advance(to: instant)
            switch event {
            case .message(let place): deliver(at: place)
            case .write(let number): confirm(number, 1)
            case .deadline(let number): fireDeadline(number)
            }
        }
        return true
    }

    private enum Event {
        case message(Int)
        case write(UInt64)
        case deadline(UInt64)
    }

    private func nextEvent() -> (MonotonicInstant, Event)? {
        var best: (at: MonotonicInstant, event: Event)?
        func consider(_ instant: MonotonicInstant, _ event: @autoclosure () -> Event) {
            if best.map({ instant < $0.at }) ?? (instant != .never) { best = (instant, event()) }
        }
        for place in messages.indices { consider(messages[place].due, .message(place)) }
        for host in hosts {
            guard let node = host.node else { continue }
            if let write = host.writes.first { consider(write.due, .write(host.id.rawValue)) }
            if node.nextDeadline != .never { consider(node.nextDeadline + host.ahead * -1, .deadline(host.id.rawValue)) }
        }
        return best.map { ($0.at, $0.event) }
    }

    /// The node that leads the highest term anyone leads, if anyone does.
    var leader: UInt64? {
        let leading = hosts.filter { $0.node?.isLeader == true }
        return leading.max { ($0.node?.currentTerm ?? .zero) < ($1.node?.currentTerm ?? .zero) }?.id.rawValue
    }

    /// Whether there is a leader of everyone's term and every log, commit index and state machine stands where its own does.
    var isLevel: Bool {
        guard let leader, let leading = hosts[position(leader)].node, leading.commitIndex == leading.lastLogIndex else { return false }
        return hosts.allSatisfy { host in
            guard leading.membership?.member(host.id) != nil else { return true }
            guard let node = host.node else { return false }
            return node.currentTerm == leading.currentTerm && node.currentLeader == leading.id && node.lastLogIndex == leading.lastLogIndex
                && node.commitIndex == leading.commitIndex && host.applied == Int(leading.commitIndex.rawValue)
                && host.disk.entries == hosts[position(leader)].disk.entries
        }
    }

    /// Makes a node campaign and win, everything delivered and, unless told otherwise, every node level.
    mutating func elect(_ number: UInt64, level: Bool = true) {
        for _ in 0..<20 {
            if leader == number, isLevel || !level { return }
            let deadline = hosts[position(number)].node?.nextDeadline ?? now
            advance(to: deadline)
            fireDeadline(number)
            settle()
        }
        fatalError("node \(number) could not be elected")
    }

    /// As the heartbeat of its leader tells every node what is committed.
    mutating func beat(_ times: Int = 1) {
        for _ in 0..<times {
            guard let leader else { return }
            advance(by: heartbeatInterval)
            fireDeadline(leader)
            settle()
        }
    }
}
