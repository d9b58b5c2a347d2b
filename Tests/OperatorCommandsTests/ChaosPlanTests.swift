import Testing

@testable import OperatorCommands

@Suite struct ChaosPlanTests {
    /// SplitMix64.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `at most one member is harmed at a time, and every harm is undone`(seed: UInt64) {
        var random = Seeded(state: seed)
        var plan = ChaosPlan()
        var harmed: ChaosPlan.Act?
        var harms = 0
        var healthyAt = 0.0
        for tenth in 0..<20_000 {
            let seconds = Double(tenth) / 10
            let isWell = harmed == nil && seconds >= healthyAt
            guard let act = plan.next(at: seconds, isWell: isWell, leader: 1, count: 3, using: &random) else { continue }
            switch (act, harmed) {
            case (.kill, nil), (.freeze, nil), (.stop, nil):
                #expect(isWell)
                #expect(seconds >= healthyAt + ChaosPlan.calmSeconds.lowerBound)
                harmed = act
                harms += 1
            case (.restart(let index), .kill(let victim)), (.restart(let index), .stop(let victim)),
                (.resume(let index), .freeze(let victim)):
                #expect(index == victim)
                harmed = nil
                healthyAt = seconds + 3
            default:
                Issue.record("\(act) while \(String(describing: harmed))")
            }
        }
        #expect(harms > 80)
    }

    @Test func `everybody is struck in every way, the leader most`() {
        var random = Seeded(state: 1)
        var counts = [0, 0, 0]
        var kinds = Set<String>()
        for _ in 0..<300 {
            var plan = ChaosPlan()
            #expect(plan.next(at: 0, isWell: true, leader: 2, count: 3, using: &random) == nil)
            switch plan.next(at: 100, isWell: true, leader: 2, count: 3, using: &random) {
            case .kill(let index): counts[index] += 1; kinds.insert("kill")
            case .freeze(let index): counts[index] += 1; kinds.insert("freeze")
            case .stop(let index): counts[index] += 1; kinds.insert("stop")
            case .restart, .resume, nil: Issue.record("no harm")
            }
        }
        #expect(kinds.count == 3)
        #expect(counts[0] > 20 && counts[1] > 20 && counts[2] > 150)
    }

    @Test func `nobody is struck while somebody is unwell, and the wait begins anew`() {
        var random = Seeded(state: 1)
        var plan = ChaosPlan()
        #expect(plan.next(at: 0, isWell: true, leader: nil, count: 3, using: &random) == nil)
        #expect(plan.next(at: 100, isWell: false, leader: nil, count: 3, using: &random) == nil)
        #expect(plan.next(at: 101, isWell: true, leader: nil, count: 3, using: &random) == nil)
        #expect(plan.next(at: 101 + ChaosPlan.calmSeconds.upperBound, isWell: true, leader: nil, count: 3, using: &random) != nil)
    }
}
