@testable import RaftCore

/// One seeded run: everything that can go wrong does, in an order and at rates the seed draws; then everything heals.
struct Chaos {
    private(set) var cluster: Cluster
    private var random: RandomSource
    private let rates: Rates
    private(set) var faults = Faults()
    private let size: UInt64

    /// Chances in a thousand, one draw a run, so that some runs never see a kind of fault and others hardly anything else.
    struct Rates {
        var drop: UInt64
        var duplicate: UInt64
        var reorder: UInt64
        var crash: UInt64
        var restart: UInt64
        var cut: UInt64
        var heal: UInt64
        var evidence: UInt64
        var slowDisk: UInt64
        var transfer: UInt64
    }

    /// What was done, so that a run that did nothing is noticed.
    struct Faults {
        var crashes = 0
        var lostWrites = 0
        var drops = 0
        var duplicates = 0
        var cuts = 0
        var proposals = 0
        var proofs = 0
        var transfers = 0
        var commits = 0
        var leaders = 0

        static func += (all: inout Faults, more: Faults) {
            all.crashes += more.crashes
            all.lostWrites += more.lostWrites
            all.drops += more.drops
            all.duplicates += more.duplicates
            all.cuts += more.cuts
            all.proposals += more.proposals
            all.proofs += more.proofs
            all.transfers += more.transfers
            all.commits += more.commits
            all.leaders += more.leaders
        }
    }

    init(seed: UInt64) {
        var source = RandomSource(seed: seed)
        func draw(_ values: [UInt64]) -> UInt64 { values[Int(source.number(below: UInt64(values.count)))] }
        let voters = draw([1, 2, 3, 3, 3, 4, 5, 5])
        let learners = draw([0, 0, 0, 1])
        size = voters + learners
        rates = Rates(
            drop: draw([0, 5, 50, 200]), duplicate: draw([0, 10, 100]), reorder: draw([0, 50, 500]), crash: draw([0, 1, 3, 10]),
            restart: draw([5, 20, 50]), cut: draw([0, 2, 10]), heal: draw([5, 30]), evidence: draw([0, 2, 10]),
            slowDisk: draw([0, 300, 800]), transfer: draw([0, 3, 10]))
        let small = raftConfiguration {
            $0.appendEntries = 3
            $0.inflightMessages = 3
        }
        cluster = Cluster(
            voters: Int(voters), learners: Int(learners), configuration: draw([0, 1]) == 0 ? raftConfiguration() : small,
            seed: source.next())
        random = source
    }

    /// Runs so many events of disturbance.
    mutating func disturb(events: Int) {
        for _ in 0..<events where cluster.checker.violations.isEmpty { step() }
        faults.commits = cluster.checker.committed.count
        faults.leaders = cluster.checker.leaders.count
    }

    /// Ends every fault and lets the cluster find together.
    ///
    /// - Returns: how long it took; nil when it took longer than it may.
    mutating func heal() -> Duration? {
        cluster.cut = []
        for host in cluster.hosts where host.node == nil { cluster.restart(host.id.rawValue) }
        let healed = cluster.now
        // What was lost must be noticed also where no connection broke.
        if happens(500) { reconnect() }
        let bound = electionTimeout * 2 * 3 + .seconds(2)
        return cluster.run(for: bound, until: \.isLevel) ? cluster.now - healed : nil
    }

    private mutating func reconnect() {
        for one in cluster.hosts {
            for other in cluster.hosts where one.id != other.id { cluster.peerConnected(other.id.rawValue, at: one.id.rawValue) }
        }
    }

    private mutating func step() {
        if happens(rates.crash) { crash() }
        if happens(rates.restart) { restart() }
        if happens(rates.cut) { cut() }
        if happens(rates.heal) { cluster.cut = [] }
        if happens(rates.evidence) { evidence() }
        if happens(rates.transfer), cluster.transfer(cluster.leader ?? anyone(), to: happens(500) ? nil : anyone()) {
            faults.transfers += 1
        }
        switch random.number(below: 100) {
        case 0..<4: propose()
        case 4..<6: if cluster.requestProof(cluster.leader ?? anyone()) { faults.proofs += 1 }
        case 6..<7: if cluster.requestProof(anyone()) { faults.proofs += 1 }
        case 7..<30: confirm()
        case 30..<40: tick()
        default: deliver()
        }
        if cluster.messages.count > 400 { cluster.messages.removeFirst(100) }
    }

    // MARK: What happens

    private mutating func propose() {
        let bytes = [UInt8(truncatingIfNeeded: random.next()), UInt8(truncatingIfNeeded: random.next())]
        if cluster.propose(happens(800) ? cluster.leader ?? anyone() : anyone(), bytes) != nil { faults.proposals += 1 }
    }

    private mutating func deliver() {
        guard !cluster.messages.isEmpty else { return tick() }
        let place = happens(rates.reorder) ? Int(random.number(below: UInt64(cluster.messages.count))) : 0
        if happens(rates.drop) {
            cluster.messages.remove(at: place)
            faults.drops += 1
        } else {
            let keeps = happens(rates.duplicate)
            if keeps { faults.duplicates += 1 }
            cluster.deliver(at: place, keeping: keeps)
        }
    }

    private mutating func confirm() {
        let number = anyone()
        if happens(rates.slowDisk) { return }
        cluster.confirm(number, 1 + Int(random.number(below: 3)))
    }

    /// Time goes on: to the next deadline, or by some milliseconds; a node may notice late.
    private mutating func tick() {
        if happens(700) { cluster.advance(by: .milliseconds(Int64(random.number(below: 40)))) }
        let number = anyone()
        guard let deadline = cluster.hosts[Int(number) - 1].node?.nextDeadline else { return }
        if deadline <= cluster.now {
            cluster.fireDeadline(number)
        } else if happens(100), deadline < cluster.now + .seconds(3) {
            cluster.advance(to: deadline)
            cluster.fireDeadline(number)
        }
    }

    private mutating func crash() {
        let number = anyone()
        guard cluster.hosts[Int(number) - 1].node != nil else { return }
        let outstanding = cluster.hosts[Int(number) - 1].writes.count
        let kept = happens(500) ? 0 : Int(random.number(below: UInt64(outstanding) + 1))
        cluster.crash(number, keeping: kept)
        faults.crashes += 1
        faults.lostWrites += outstanding - kept
    }

    private mutating func restart() {
        let number = anyone()
        if cluster.hosts[Int(number) - 1].node == nil { cluster.restart(number) }
    }

    private mutating func cut() {
        faults.cuts += 1
        let number = anyone()
        if happens(300) { return cluster.isolate(number) }
        let link = Cluster.Link(from: NodeID(number), to: NodeID(anyone()))
        cluster.cut.append(link)
        if happens(500) { cluster.cut.append(Cluster.Link(from: link.to, to: link.from)) }
    }

    /// Somebody is told, rightly or wrongly, that a process is gone, or that a connection came up.
    private mutating func evidence() {
        let (peer, observer) = (anyone(), anyone())
        guard peer != observer else { return }
        if happens(500) { cluster.processGone(peer, at: observer) } else { cluster.peerConnected(peer, at: observer) }
    }

    private mutating func anyone() -> UInt64 { 1 + random.number(below: size) }

    private mutating func happens(_ perMille: UInt64) -> Bool { random.number(below: 1_000) < perMille }
}
