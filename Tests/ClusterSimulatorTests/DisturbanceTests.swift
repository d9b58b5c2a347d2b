import ClusterHealth
import NodeReplica
import RaftCore
import Testing

@testable import ClusterSimulator

/// What the simulator must not hold against a cluster that is right. Each was held against one once, by a long run.
@Suite struct DisturbanceTests {
    /// Until it is given up, nothing that is said on a half-open connection arrives, though a new process may run by then: whoever believes
    /// in one to a machine that has lost power is disturbed for as long.
    @Test func aHalfOpenConnectionIsADisturbance() throws {
        let plan = Forged.plan
        let now = 100 * plan.settlingTime
        func disturbedUntil(isConnected: Bool, answersDials: Bool) throws -> Int64? {
            var simulator = try Forged.simulator()
            simulator.now = now
            if isConnected { connect(1, to: 0, in: &simulator) }
            try simulator.endProcess(0, nil, answersDials: answersDials)
            let detector = simulator.checkers.detector
            #expect(!detector.isSettled(0, now * 2), "its own end is another fault")
            return [0, now, now + plan.transport.unacknowledgedTimeout].first { instant in
                !detector.isSettled(1, instant + plan.settlingTime) && detector.isSettled(1, instant + plan.settlingTime + 1)
            }
        }
        #expect(try disturbedUntil(isConnected: true, answersDials: false) == now + plan.transport.unacknowledgedTimeout)
        #expect(try disturbedUntil(isConnected: true, answersDials: true) == 0, "the kernel of a machine that lives closes it")
        #expect(try disturbedUntil(isConnected: false, answersDials: false) == 0)
    }

    /// In calm one process ends, and is to be called down in time: unless it is called down still, as one that flapped may be.
    @Test func aMemberThatIsDownStillIsNotExpectedToBeCalledDownAgain() throws {
        func isMeasured(_ seed: UInt64, _ state: MemberState) throws -> Bool {
            var simulator = try Forged.simulator()
            simulator.random = RandomSource(seed: seed)
            simulator.machines[0].standing.isLeader = true
            for machine in simulator.machines { simulator.newestStates[machine.identity.id] = state }
            simulator.phase = .calm(isSettled: false)
            try simulator.phaseEnded(simulator.phaseNumber)
            #expect(simulator.phase == .calm(isSettled: true))
            let detector = simulator.checkers.detector
            return try simulator.machines.contains { machine in
                try objection { try detector.ended(machine.slot, machine.name, simulator.now) } == "detection"
            }
        }
        // Half of the ends are measured: a process may freeze for a moment only, or stop in good order.
        let seeds = UInt64(1)...40
        #expect((10...30).contains(try seeds.count { try isMeasured($0, .up) }))
        #expect(try seeds.count { try isMeasured($0, .down) } == 0)
    }

    /// Permanent faults leave a majority of one configuration: a request that is still on its way must not make it another one.
    @Test(arguments: [
        (Phase.forming, false), (.chaos, true), (.permanent, false), (.healing, true), (.calm(isSettled: false), false),
        (.calm(isSettled: true), false),
    ])
    func aRequestToJoinIsLeftWhereTheConfigurationStays(phase: Phase, isTaken: Bool) throws {
        var simulator = try Forged.simulator()
        simulator.phase = phase
        let newcomer = Membership.Member(
            id: simulator.machines[1].identity.id, name: "m1", role: .voter, address: "m1:1", webURL: "http://m1")
        try simulator.joinArrived(newcomer, at: 0, simulator.machines[0].boot)
        #expect((simulator.lastTicket > 0) == isTaken)
    }

    /// Entries that are sent one at a time take their round trips and writes, beside the bound for a cluster to come to life.
    @Test func whoIsFarBehindHasTheTimeToCatchUp() throws {
        func wait(entriesAtOnce: ClosedRange<Int>, behind: UInt64) throws -> (extra: Int64, least: Int64) {
            let seed = try #require(
                (UInt64(1)...1_000).first { seed in
                    let limits = RunPlan(seed: seed, eventBudget: 0, isCalm: true).limits
                    return entriesAtOnce.contains(limits.appendEntries * limits.inflightMessages)
                })
            var simulator = try Forged.simulator(seed: seed)
            simulator.machines[0].standing.last = LogIndex(behind)
            simulator.beginPhase(.healing)
            let plan = simulator.plan
            let least = Int64(behind) * (2 * plan.network.latency + plan.disk.latency)
            return (try end(of: &simulator) - simulator.now - plan.livenessBound, least)
        }
        let oneByOne = try wait(entriesAtOnce: 1...1, behind: 940)
        #expect(oneByOne.extra >= oneByOne.least)
        #expect(try wait(entriesAtOnce: 1...1, behind: 0).extra == 0)
        let piped = try wait(entriesAtOnce: 1_000...1_000_000, behind: 940)
        #expect(piped.extra < piped.least / 100)
    }

    // MARK: Helpers

    private func connect(_ from: Int, to: Int, in simulator: inout Simulator) {
        let (dialer, acceptor) = (simulator.machines[from], simulator.machines[to])
        simulator.links[simulator.position(from, to)].open(
            acceptor: Link.Seen(identity: acceptor.identity, boot: acceptor.boot),
            dialer: Link.Seen(identity: dialer.identity, boot: dialer.boot))
    }

    /// When the phase that has begun last ends.
    private func end(of simulator: inout Simulator) throws -> Int64 {
        while let (at, event) = simulator.heap.pop() {
            if case .phaseEnds(simulator.phaseNumber) = event { return at }
        }
        throw Violation("phase", "has no end")
    }
}
