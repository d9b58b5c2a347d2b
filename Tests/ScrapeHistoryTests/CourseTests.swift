import ScrapeHistory
import Testing

@Suite struct CourseTests {
    private let fixture = HistoryFixture()

    @Test func aSpanReachesFromTheBeginningOfOneDeedToTheEndOfAnother() {
        var course = Course(voters: ["a", "b", "c"])
        course.add("kill", in: fixture, at: 100) { $0.gone = ["a"] }
        course.add("more", in: fixture, at: 200) { $0.frozen = ["b"] }
        course.add("start", in: fixture, at: 300) { $0.gone = [] }
        #expect(course.spans { !$0.runs("a") } == [fixture.at(100)...fixture.at(310)])
        #expect(course.spans { !$0.runs("b") }.first?.lowerBound == fixture.at(200))
        #expect(course.spans { !$0.runs("c") } == [])
    }

    @Test func betweenTheDeedsIsCalm() {
        var course = Course(voters: ["a", "b", "c"])
        course.add("kill", in: fixture, at: 100) { $0.gone = ["a"] }
        course.add("start", in: fixture, at: 300) { $0.gone = [] }
        let calms = course.calms(until: fixture.at(1_000))
        #expect(calms.map(\.from) == [fixture.at(110), fixture.at(310)])
        #expect(calms.map(\.to) == [fixture.at(300), fixture.at(1_000)])
        #expect(calms.map(\.situation.gone) == [["a"], []])
    }

    @Test func whoCanLeadIsSeenFromWhoCanTalk() {
        var situation = Situation(voters: ["a", "b", "c"])
        #expect(situation.quorums == [["a", "b", "c"]])
        situation.cut = cutBothWays("a", "b")
        #expect(situation.quorums == [["a", "c"], ["b", "c"]])
        #expect(!situation.isLost("a") && !situation.isLost("b"))
        situation.cut.insert(Situation.Way(from: "c", to: "a"))
        #expect(situation.quorums == [["b", "c"]])
        #expect(situation.isLost("a"))
        situation.frozen = ["b"]
        #expect(situation.quorums == [])
        #expect(situation.isLost("b"))
    }

    @Test func behindABridgeNobodyIsLost() {
        var situation = Situation(voters: ["a", "b", "c", "d", "e"])
        for (one, other) in [("a", "d"), ("a", "e"), ("b", "d"), ("b", "e")] { situation.cut.formUnion(cutBothWays(one, other)) }
        #expect(situation.quorums == [["a", "b", "c"], ["c", "d", "e"]])
        #expect(!situation.voters.contains { situation.isLost($0) })
    }

    @Test func whoWasTakenOutCountsForNothingUntilItVotesAgain() {
        var course = Course(voters: ["a", "b", "c"])
        course.add("kill", in: fixture, at: 100) { $0.gone = ["c"] }
        #expect(course.situation.isLost("c"))
        course.add("remove", in: fixture, at: 200) { $0.removed = ["c"] }
        #expect(!course.situation.isLost("c"))
        #expect(course.situation.electorate == ["a", "b"] && course.situation.majority == 2)
        #expect(course.situation.quorums == [["a", "b"]])
        course.add("start", in: fixture, at: 300) { $0.gone = [] }
        #expect(course.situation.quorums == [["a", "b"]])
        course.add("voter again", in: fixture, at: 400) { $0.removed = [] }
        #expect(course.situation.quorums == [["a", "b", "c"]])
        #expect(course.removals.map(\.member) == ["c"])
        #expect(course.removals.map(\.during) == [fixture.at(200)...fixture.at(210)])
    }
}
