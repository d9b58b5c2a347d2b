import ScrapeHistory
import Testing

/// Whether a member that was called down was healthy.
@Suite struct FalseAlarmsTests {
    private let fixture = HistoryFixture()
    private let timing = HistoryTiming()

    /// A view in which all are up at one time, and one in which `a` is down at another.
    private func calledDown(_ member: String, upAt: Int, downAt: Int) -> [Observation] {
        [fixture.served("b", at: upAt, index: 5), fixture.served("b", at: downAt, index: 6, down: [member])]
    }

    private func grounds(_ observations: [Observation], _ course: Course) -> [DownCall.Ground] {
        HistoryChecks.downCalls(observations, course: course, timing: timing).map(\.ground)
    }

    @Test func aHealthyMemberCalledDownIsFound() {
        let course = Course(voters: ["a", "b", "c"])
        let history = calledDown("a", upAt: 20_000, downAt: 20_100)
        #expect(grounds(history, course) == [.none])
        #expect(HistoryChecks.healthyStayUp(history, course: course, timing: timing).count == 1)
    }

    @Test func aDeadOneIsNoFalseAlarmButTheOthersStayHealthy() {
        var course = Course(voters: ["a", "b", "c"])
        course.add("kill a", in: fixture, at: 18_000) { $0.gone = ["a"] }
        #expect(grounds(calledDown("a", upAt: 18_900, downAt: 19_000), course) == [.fault])
        #expect(grounds(calledDown("c", upAt: 18_900, downAt: 19_000), course) == [.none])
    }

    @Test func aFaultExplainsADecisionForAWhileAndNoLonger() {
        var course = Course(voters: ["a", "b", "c"])
        course.add("freeze a", in: fixture, at: 1_000) { $0.frozen = ["a"] }
        course.add("thaw a", in: fixture, at: 2_000) { $0.frozen = [] }
        #expect(grounds(calledDown("a", upAt: 6_900, downAt: 7_000), course) == [.fault])
        #expect(grounds(calledDown("a", upAt: 7_100, downAt: 7_200), course) == [.none])
    }

    @Test func aBrokenPathToOneObserverOfThreeIsNoReason() {
        var course = Course(voters: ["a", "b", "c"])
        course.add("cut a from b", in: fixture, at: 10_000) { $0.cut = cutBothWays("a", "b") }
        #expect(grounds(calledDown("a", upAt: 14_000, downAt: 14_100), course) == [.none])
        course.add("cut a from c", in: fixture, at: 15_000) { $0.cut.formUnion(cutBothWays("a", "c")) }
        #expect(grounds(calledDown("a", upAt: 19_000, downAt: 19_100), course) == [.fault])
    }

    @Test func aPathBrokenForAMomentIsNoReason() {
        var course = Course(voters: ["a", "b", "c"])
        course.add("cut", in: fixture, at: 10_000) { $0.cut = cutBothWays("a", "b").union(cutBothWays("a", "c")) }
        course.add("heal", in: fixture, at: 11_400) { $0.cut = [] }
        #expect(grounds(calledDown("a", upAt: 12_000, downAt: 12_100), course) == [.none])
    }

    @Test func heavyLossIsToldApartAndLightLossIsNoReason() {
        var heavy = Course(voters: ["a", "b", "c"])
        heavy.add("20 %", in: fixture, at: 10_000) { $0.lossPercent = 20 }
        #expect(grounds(calledDown("a", upAt: 14_000, downAt: 14_100), heavy) == [.heavyLoss])
        var light = Course(voters: ["a", "b", "c"])
        light.add("2 %", in: fixture, at: 10_000) { $0.lossPercent = 2 }
        #expect(grounds(calledDown("a", upAt: 14_000, downAt: 14_100), light) == [.none])
    }
}
