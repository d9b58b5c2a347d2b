import ClusterHealth
import NodeReplica
import RaftCore
import WireFormat

/// One run: a cluster of the same replicas as production, over a virtual clock, network and disks, in one thread, from one seed.
///
/// Everything that happens is an event of the heap, every choice is drawn from the seed, and the checkers are called after every input.
struct Simulator {
    let plan: RunPlan
    let configuration: ReplicaConfiguration
    var random: RandomSource
    /// True virtual time, in nanoseconds.
    var now: Int64 = 0
    var heap = EventHeap<SimulatedEvent>()
    var machines: [Machine] = []
    /// By from × machines + to.
    var links: [Link] = []
    var checkers: Checkers
    var report: RunReport
    var hash = Digest()
    /// Given each event's line, when a trace is wanted.
    var trace: ((String) -> Void)?
    /// Called before each input with its number.
    var announce: ((Int) -> Void)?
    /// Whose inputs are recorded.
    var recording: RecordingRequest?

    var founding: Membership
    var phase = Phase.forming
    var phaseNumber = 0
    var weather = Weather()
    var activeFaults: [Int: ActiveFault] = [:]
    var lastFault = 0
    var lastTicket: UInt64 = 0
    /// The view at the newest index anybody has applied, against which transitions are told.
    var newestStates: NodeMap<MemberState> = NodeMap()
    var newestApplied = LogIndex.zero
    var isOver = false
    /// In calm, whom nobody may take leadership from: only others ended, froze or came back.
    var undisturbedLeader: NodeID?
    /// The machine whose view is changed by hand, and when it noticed.
    var planted: (slot: Int, noticedAt: Int64?)?
    var restarts = 0
    var refusedStores = 0
    var wipedRefused = 0
    var removedStopped = 0
    var strangersRefused = 0
    var realOpenings = 0
    let makeStore: StoreMaker

    /// - Throws: when the plan's settings are no valid configuration, which is a mistake of the plan.
    init(
        plan: RunPlan, makeStore: @escaping StoreMaker = RunRequest.makeModelledStore, trace: ((String) -> Void)? = nil,
        announce: ((Int) -> Void)? = nil
    ) throws {
        self.plan = plan
        self.makeStore = makeStore
        self.trace = trace
        self.announce = announce
        configuration = try plan.replicaConfiguration()
        random = RandomSource(seed: plan.seed)
        report = RunReport(seed: plan.seed, plan: plan.summary)
        let inside = plan.voters + plan.learners
        let count = inside + plan.spares
        var members: [Membership.Member] = []
        for slot in 0..<count {
            let identity = Identity(number: slot, salt: random.next() >> 24)
            let name = "m\(slot)"
            let store = makeStore(name, identity.id)
            var machine = Machine(
                slot: slot, name: name, identity: identity, store: store, clock: VirtualClock(origin: random.number(from: 0, to: 1 << 50)),
                policy: PeerPolicy(id: identity.id))
            if slot >= inside { machine.state = .outside }
            machines.append(machine)
            guard slot < inside else { continue }
            members.append(
                Membership.Member(
                    id: identity.id, name: name, role: slot < plan.voters ? .voter : .learner, address: "\(name):1",
                    webURL: "http://\(name)", extra: plan.isMixed ? LaterVersion.field(UInt8(truncatingIfNeeded: slot)) : []))
        }
        links = Array(repeating: Link(), count: count * count)
        founding = Membership(
            clusterID: ClusterID(high: random.next(), low: random.next()), members: members,
            extra: plan.isMixed ? LaterVersion.field(100) : [])
        checkers = Checkers(
            founding: founding, configuration, members: count, plan)
        for _ in machines { checkers.ledger.addDisk() }
    }

    /// Runs to the end of the plan, or to the first violation.
    mutating func run() -> RunReport {
        do throws(Violation) {
            try begin()
            while !isOver, let (at, event) = heap.pop() {
                now = max(now, at)
                try take(event)
            }
        } catch {
            report.violation = error
        }
        finishReport()
        return report
    }

    private mutating func finishReport() {
        report.virtualMilliseconds = now / RunPlan.millisecond
        report.hash = hash.value
        report.outcomes = [
            checkers.electionSafety.leaders.count, checkers.ledger.committed.count, checkers.scrapes.served, checkers.scrapes.refused,
            restarts, refusedStores, checkers.snapshots.taken, checkers.snapshots.installed, checkers.detector.transitions,
            checkers.detector.alarmsAmidFaults, wipedRefused, removedStopped, strangersRefused, realOpenings,
        ]
        for time in checkers.liveness.times { report.recoveryDelays.add(time / RunPlan.millisecond) }
        for time in checkers.detector.falseDownTimes { report.falseDownDurations.add(time / RunPlan.millisecond) }
        for time in checkers.detector.detectionTimes { report.detectionDelays.add(time / RunPlan.millisecond) }
    }

    private mutating func begin() throws(Violation) {
        for slot in machines.indices {
            if machines[slot].state == .outside { checkers.detector.faultBegan(at: slot, now) } else { try start(slot) }
        }
        heap.push(.scrape, at: plan.timing.scrapeInterval)
        for position in plan.faults.indices { scheduleFault(position) }
        beginPhase(.forming)
    }

    private mutating func take(_ event: SimulatedEvent) throws(Violation) {
        switch event {
        case .deliver(let delivery): try arrived(delivery)
        case .timer(let slot, let boot): try timerFired(slot, boot)
        case .written(let slot, let boot): try writeEnded(slot, boot)
        case .sample(let slot, let boot): try sample(slot, boot)
        case .ping(let slot, let boot): ping(slot, boot)
        case .dial(let from, let to, let attempt): try dial(from, to, attempt)
        case .closed(let from, let to, let connection, let atDialer): try closed(from, to, connection, atDialer: atDialer)
        case .unacknowledged(let from, let to, let connection): unacknowledged(from, to, connection)
        case .start(let slot): try restart(slot)
        case .thaw(let slot, let boot): try thaw(slot, boot)
        case .stopWaited(let slot, let boot): try stopWaited(slot, boot)
        case .encoded(let slot, let boot, let request):
            if machines[slot].boot == boot { try feed(.snapshotEncoded(request.encoded()), to: slot) }
        case .fault(let position): try faultDue(position)
        case .faultEnds(let number): try endFault(number)
        case .scrape: try scrape()
        case .abandon(let slot, let boot, let ticket): try abandon(slot, boot, ticket)
        case .phaseEnds(let number): try phaseEnded(number)
        case .askToJoin(let slot, let boot): askToJoin(slot, boot)
        case .joinArrives(let newcomer, let slot, let boot): try joinArrived(newcomer, at: slot, boot)
        case .hastyChange(let slot, let boot): try askInHaste(slot, boot)
        case .abandonRequest(let slot, let boot, let ticket): try abandonRequest(slot, boot, ticket)
        }
    }

    /// The machine that holds an incarnation's store; nil when none does any more.
    func slot(of id: NodeID) -> Int? { machines.firstIndex { $0.identity.id == id } }
}
