import ScrapeHistory
import Testing

/// Whether a cluster whose faults have healed is well in time.
@Suite struct LivenessChecksTests {
    private let fixture = HistoryFixture()
    private let timing = HistoryTiming()
    private var healed: Course {
        var course = Course(voters: ["a", "b", "c"])
        course.add("cut", in: fixture, at: 1_000) { $0.cut = cutBothWays("a", "b").union(cutBothWays("a", "c")) }
        course.add("heal", in: fixture, at: 5_000) { $0.cut = [] }
        return course
    }
    private let before = 5

    private func check(_ observations: [Observation], _ course: Course) -> [String] {
        // A last scrape, so that the time after the deed is long enough to judge.
        let all = [fixture.served("b", at: 4_000, index: before)] + observations + [fixture.silent("c", at: 20_000, applied: 99)]
        return HistoryChecks.recoversInTime(all, course: course, timing: timing)
    }

    private var recovered: [Observation] {
        [
            fixture.served("b", at: 6_000, index: before + 2), fixture.silent("a", at: 7_000, applied: before + 2),
            fixture.silent("c", at: 7_000, applied: before + 3),
        ]
    }

    @Test func aClusterThatIsWellInTimeIsFree() { #expect(check(recovered, healed) == []) }

    @Test func oneWithoutAFreshRoundIsFound() {
        #expect(check([fixture.served("b", at: 6_000, index: before + 1)] + recovered.dropFirst(), healed).count == 1)
    }

    @Test func oneWhoseNodeIsNotLevelIsFound() {
        #expect(check([recovered[0], recovered[2]], healed).count == 1)
        #expect(check([recovered[0], fixture.silent("a", at: 7_000, applied: before), recovered[2]], healed).count == 1)
        let lost = fixture.silent("a", at: 7_000, applied: before + 2, hasLeader: false)
        #expect(check([recovered[0], lost, recovered[2]], healed).count == 1)
    }

    @Test func oneThatIsWellTooLateIsFound() {
        let late = [fixture.served("b", at: 13_100, index: before + 2)] + recovered.dropFirst()
        #expect(check(late, healed).count == 1)
    }

    @Test func aMajorityIsWellWhileAFaultLastsAndWithoutOneNothingIsAsked() {
        var course = Course(voters: ["a", "b", "c"])
        course.add("cut a off", in: fixture, at: 5_000) { $0.cut = cutBothWays("a", "b").union(cutBothWays("a", "c")) }
        #expect(check([recovered[0], recovered[2]], course) == [])
        #expect(check([], course).count == 1)
        course = Course(voters: ["a", "b", "c"])
        course.add("kill two", in: fixture, at: 5_000) { $0.gone = ["a", "b"] }
        #expect(check([], course) == [])
    }

    @Test func aShortCalmIsNotJudged() {
        var course = healed
        course.add("kill", in: fixture, at: 12_000) { $0.gone = ["a", "b"] }
        #expect(check([], course) == [])
    }

    @Test func aMemberThatWasTakenOutNeedNotBeLevelAndOneThatVotesAgainMust() {
        var course = healed
        course.add("remove", in: fixture, at: 5_100) { $0.removed = ["c"] }
        let withoutC = Array(recovered.dropLast())
        #expect(check(withoutC, course) == [])
        course.add("voter again", in: fixture, at: 5_200) { $0.removed = [] }
        #expect(check(withoutC, course).count == 1)
        #expect(check(recovered, course) == [])
    }
}
