import ClusterHealth
import RaftCore
import Testing

/// An observer of b and c, ticked every 100 ms by a clock in milliseconds.
private struct Bench {
    var observer: Observer
    var now: Int64 = 0

    init(watching members: [NodeID] = [Fixture.b, Fixture.c], dialingIn: [NodeID] = []) {
        observer = Observer(startedAt: Bench.instant(0))
        observer.watch(members: members, dialingIn: dialingIn, at: Bench.instant(0))
    }

    static func instant(_ milliseconds: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: milliseconds * 1_000_000) }

    /// Ticks on time until an instant, with contacts of the members given at each tick.
    mutating func run(until end: Int64, contacts: [NodeID] = []) {
        while now + 100 <= end {
            now += 100
            for member in contacts { observer.contact(member, at: Bench.instant(now)) }
            observer.tick(at: Bench.instant(now))
        }
    }

    func says(of member: NodeID) -> Observation? { observer.report(observer: Fixture.a).observations[member] }
}

@Suite struct ObserverTests {
    let b = Fixture.b
    let c = Fixture.c

    @Test func `a member never heard of is no opinion until down-after, then lost by silence`() {
        var bench = Bench()
        bench.run(until: 2_900)
        #expect(bench.says(of: b) == .noOpinion)
        bench.run(until: 3_000)
        #expect(bench.says(of: b) == .lostBySilence)
    }

    @Test func `the first contact is reported at once`() {
        var bench = Bench()
        bench.run(until: 100)
        bench.observer.contact(b, at: Bench.instant(150))
        #expect(bench.says(of: b) == .reaching)
        #expect(bench.says(of: c) == .noOpinion)
    }

    @Test func `silence counts from the last contact`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b, c])
        bench.run(until: 7_900, contacts: [c])
        #expect(bench.says(of: b) == .reaching)
        bench.run(until: 8_000, contacts: [c])
        #expect(bench.says(of: b) == .lostBySilence)
        #expect(bench.says(of: c) == .reaching)
        bench.observer.contact(b, at: Bench.instant(8_010))
        #expect(bench.says(of: b) == .reaching)
    }

    @Test func `a refused redial loses a member one second after the break`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        bench.observer.disconnected(b, at: Bench.instant(5_000))
        bench.observer.dialRefused(b, at: Bench.instant(5_001))
        bench.run(until: 5_900)
        #expect(bench.says(of: b) == .reaching)
        bench.run(until: 6_000)
        #expect(bench.says(of: b) == .lostByRefusal)
        bench.run(until: 60_000)
        #expect(bench.says(of: b) == .lostByRefusal)
    }

    @Test func `a late refusal loses a member at once when the second has passed`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        bench.observer.disconnected(b, at: Bench.instant(5_000))
        bench.run(until: 7_000)
        #expect(bench.says(of: b) == .reaching)
        bench.observer.dialRefused(b, at: Bench.instant(7_010))
        #expect(bench.says(of: b) == .lostByRefusal)
    }

    @Test func `a refusal without a break, or before it, loses nobody`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        bench.observer.dialRefused(b, at: Bench.instant(5_000))
        bench.run(until: 7_000)
        #expect(bench.says(of: b) == .reaching)
        bench.observer.disconnected(b, at: Bench.instant(7_000))
        bench.run(until: 7_900)
        #expect(bench.says(of: b) == .reaching)
        bench.run(until: 8_000)
        #expect(bench.says(of: b) == .lostBySilence)
    }

    @Test(arguments: [true, false]) func `a contact or a new connection cancels a refusal`(connects: Bool) {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        bench.observer.disconnected(b, at: Bench.instant(5_000))
        bench.observer.dialRefused(b, at: Bench.instant(5_000))
        bench.run(until: 5_500)
        if connects {
            bench.observer.connected(b, at: Bench.instant(5_550))
        } else {
            bench.observer.contact(b, at: Bench.instant(5_550))
        }
        bench.run(until: 8_500)
        #expect(bench.says(of: b) == .reaching)
        bench.run(until: 8_600)
        #expect(bench.says(of: b) == .lostBySilence)
    }

    @Test func `a refusal after an earlier break says nothing of a later one`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        bench.observer.disconnected(b, at: Bench.instant(5_000))
        bench.observer.dialRefused(b, at: Bench.instant(5_001))
        bench.observer.connected(b, at: Bench.instant(5_050))
        bench.run(until: 6_000, contacts: [b])
        bench.observer.disconnected(b, at: Bench.instant(6_000))
        bench.run(until: 8_000)
        #expect(bench.says(of: b) == .reaching)
    }

    @Test func `a contact made before the break does not mend it`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        bench.observer.disconnected(b, at: Bench.instant(5_050))
        bench.observer.dialRefused(b, at: Bench.instant(5_051))
        bench.observer.contact(b, at: Bench.instant(5_049))
        bench.run(until: 6_100)
        #expect(bench.says(of: b) == .lostByRefusal)
    }

    @Test func `within down-after of the start a refusal is no opinion yet`() {
        var bench = Bench()
        bench.observer.connected(b, at: Bench.instant(50))
        bench.observer.disconnected(b, at: Bench.instant(60))
        bench.observer.dialRefused(b, at: Bench.instant(61))
        bench.run(until: 1_000)
        #expect(bench.says(of: b) == .reaching)
        bench.run(until: 2_900)
        #expect(bench.says(of: b) == .noOpinion)
        bench.run(until: 3_000)
        #expect(bench.says(of: b) == .lostByRefusal)
    }

    @Test func `one that dials in is lost two seconds after its connection closed`() {
        var bench = Bench(dialingIn: [Fixture.b])
        bench.run(until: 5_000, contacts: [b, c])
        bench.observer.disconnected(b, at: Bench.instant(5_000))
        bench.observer.disconnected(c, at: Bench.instant(5_000))
        bench.run(until: 6_900)
        #expect(bench.says(of: b) == .reaching)
        bench.run(until: 7_000)
        #expect(bench.says(of: b) == .lostByClosing)
        #expect(bench.says(of: c) == .reaching)
    }

    @Test func `a process frozen for an hour calls nobody dead when it wakes`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b, c])
        bench.now = 3_605_000
        bench.observer.tick(at: Bench.instant(bench.now))
        #expect(bench.says(of: b) == .reaching)
        bench.run(until: bench.now + 2_900)
        #expect(bench.says(of: b) == .reaching)
        bench.run(until: bench.now + 3_000)
        #expect(bench.says(of: b) == .lostBySilence)
    }

    @Test func `a freeze counts against a refusal as one interval too`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        bench.observer.disconnected(b, at: Bench.instant(5_000))
        bench.observer.dialRefused(b, at: Bench.instant(5_001))
        bench.observer.tick(at: Bench.instant(15_000))
        #expect(bench.says(of: b) == .reaching)
    }

    @Test func `missed deadlines stretch patience to its double at most, and it fades`() {
        var bench = Bench()
        #expect(bench.observer.patienceThousandths == 1_000)
        bench.observer.tick(at: Bench.instant(200))
        #expect(bench.observer.patienceThousandths == 1_100)
        var last: UInt32 = 1_100
        for turn in 2...40 {
            bench.observer.tick(at: Bench.instant(Int64(turn) * 200))
            #expect(bench.observer.patienceThousandths >= last)
            last = bench.observer.patienceThousandths
        }
        #expect(last == 2_000)
        bench.now = 8_000
        bench.run(until: 11_000)
        #expect((1_300...1_450).contains(bench.observer.patienceThousandths))
        bench.run(until: 80_000)
        #expect(bench.observer.patienceThousandths == 1_000)
    }

    @Test func `a stretched patience postpones a loss`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        bench.observer.tick(at: Bench.instant(25_000))
        bench.now = 25_000
        bench.run(until: 28_000)
        #expect(bench.observer.patienceThousandths > 1_300)
        #expect(bench.says(of: b) == .reaching)
        bench.run(until: 31_000)
        #expect(bench.says(of: b) == .lostBySilence)
    }

    @Test func `new members start without an opinion, those who stay keep theirs, those who left vanish`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        #expect(bench.says(of: c) == .lostBySilence)
        bench.observer.watch(members: [Fixture.c, Fixture.d], at: Bench.instant(5_000))
        #expect(bench.says(of: b) == nil)
        #expect(bench.says(of: c) == .lostBySilence)
        #expect(bench.says(of: Fixture.d) == .noOpinion)
        bench.run(until: 8_000)
        #expect(bench.says(of: Fixture.d) == .lostBySilence)
    }

    @Test func `a report never names its observer, and events of strangers change nothing`() {
        var bench = Bench(watching: [Fixture.a, Fixture.b])
        bench.observer.contact(Fixture.e, at: Bench.instant(10))
        bench.observer.disconnected(Fixture.e, at: Bench.instant(10))
        bench.observer.dialRefused(Fixture.e, at: Bench.instant(10))
        #expect(bench.observer.report(observer: Fixture.a).observations.nodes == [Fixture.b])
    }

    @Test func `the next tick is due when a report changes, not only once an interval`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b, c])
        #expect(bench.observer.nextTick == Bench.instant(5_100))
        #expect(bench.observer.nextChange == Bench.instant(8_000))
        bench.observer.disconnected(b, at: Bench.instant(5_040))
        bench.observer.dialRefused(b, at: Bench.instant(5_041))
        #expect(bench.observer.nextChange == Bench.instant(6_040))
        bench.run(until: 6_000)
        #expect(bench.observer.nextTick == Bench.instant(6_040))
        #expect(bench.says(of: b) == .reaching)
        bench.observer.tick(at: Bench.instant(6_040))
        #expect(bench.says(of: b) == .lostByRefusal)
        #expect(bench.observer.nextTick == Bench.instant(6_140))
    }

    @Test func `an instant that goes backwards changes nothing`() {
        var bench = Bench()
        bench.run(until: 5_000, contacts: [b])
        let before = bench.observer.report(observer: Fixture.a)
        bench.observer.tick(at: Bench.instant(10))
        bench.observer.contact(c, at: Bench.instant(20))
        #expect(bench.observer.report(observer: Fixture.a).observations[b] == before.observations[b])
    }

    @Test func `a configuration out of range is refused by name`() throws {
        #expect(
            throws: HealthConfigurationError.outOfRange(
                setting: "down-after", found: .milliseconds(150), minimum: .milliseconds(200), maximum: .seconds(3_600))
        ) { try ObserverConfiguration(downAfter: .milliseconds(150)) }
        #expect(throws: HealthConfigurationError.self) { try ObserverConfiguration(downAfter: .seconds(3), tickInterval: .zero) }
        #expect(throws: HealthConfigurationError.self) { try ObserverConfiguration(downAfter: .seconds(3), refusalDelay: .seconds(-1)) }
        #expect(throws: HealthConfigurationError.self) { try ObserverConfiguration(downAfter: .seconds(3), closingDelay: .seconds(3_601)) }
        #expect(try ObserverConfiguration(downAfter: .seconds(3)) == .standard)
    }

    @Test(arguments: 1...40) func `nextChange never comes after the change it announces`(seed: UInt64) {
        var dice = Dice(seed: seed)
        var bench = Bench(dialingIn: [Fixture.c])
        for _ in 0..<400 {
            let announced = bench.observer.nextChange ?? .never
            let before = bench.observer.report(observer: Fixture.a)
            bench.now += Int64(dice.roll(100)) + 1
            bench.observer.tick(at: Bench.instant(bench.now))
            if bench.observer.report(observer: Fixture.a) != before { #expect(announced <= Bench.instant(bench.now)) }
            let member = dice.roll(2) == 0 ? b : c
            switch dice.roll(60) {
            case 0: bench.observer.contact(member, at: Bench.instant(bench.now))
            case 1: bench.observer.disconnected(member, at: Bench.instant(bench.now))
            case 2: bench.observer.dialRefused(member, at: Bench.instant(bench.now))
            default: break
            }
        }
    }
}
