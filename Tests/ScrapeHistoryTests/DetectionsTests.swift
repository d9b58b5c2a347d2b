import ScrapeHistory
import Testing

/// Whether and when a member that is gone is shown so.
@Suite struct DetectionsTests {
    private let fixture = HistoryFixture()
    private let timing = HistoryTiming()
    private var killed: Course {
        var course = Course(voters: ["a", "b", "c"])
        course.add("kill a", in: fixture, at: 10_000) { $0.gone = ["a"] }
        return course
    }

    @Test func theTimeFromTheDeedToTheFirstScrapeIsTold() {
        let history = [
            fixture.served("b", at: 9_900, index: 5), fixture.served("b", at: 11_000, index: 6),
            fixture.served("b", at: 11_100, index: 7, down: ["a"]), fixture.served("b", at: 11_200, index: 7, down: ["a"]),
        ]
        let found = HistoryChecks.detections(history, course: killed, until: fixture.at(12_000))
        #expect(found == [Detection(member: "a", deed: "kill a", after: .milliseconds(1_110), lasted: .seconds(2))])
    }

    @Test func oneThatIsNotSeenIsToldToo() {
        let history = [fixture.served("b", at: 9_900, index: 5), fixture.served("b", at: 11_000, index: 6)]
        let found = HistoryChecks.detections(history, course: killed, until: fixture.at(12_000))
        #expect(found == [Detection(member: "a", deed: "kill a", after: nil, lasted: .seconds(2))])
    }

    @Test func oneThatWasDownAlreadyIsNotCounted() {
        let history = [fixture.served("b", at: 9_900, index: 5, down: ["a"]), fixture.served("b", at: 11_000, index: 6, down: ["a"])]
        #expect(HistoryChecks.detections(history, course: killed, until: fixture.at(12_000)) == [])
    }

    @Test func aDeadMemberStillShownUpAfterTheBoundIsFound() {
        let intime = [fixture.served("b", at: 10_200, index: 5), fixture.served("b", at: 13_900, index: 6)]
        #expect(HistoryChecks.lostAreShownDown(intime, course: killed, timing: timing) == [])
        let late = intime + [fixture.served("b", at: 14_100, index: 7)]
        #expect(HistoryChecks.lostAreShownDown(late, course: killed, timing: timing).count == 1)
        let shown = intime + [fixture.served("b", at: 14_100, index: 7, down: ["a"])]
        #expect(HistoryChecks.lostAreShownDown(shown, course: killed, timing: timing) == [])
    }

    @Test func theBoundRunsAnewFromAnotherDeedAndALeaderHasASecond() {
        var course = killed
        course.add("kill b", in: fixture, at: 13_000) { $0.gone.insert("b") }
        course.add("start b", in: fixture, at: 13_500) { $0.gone.remove("b") }
        let history = [fixture.served("c", at: 13_900, index: 5), fixture.served("c", at: 17_000, index: 6)]
        #expect(HistoryChecks.lostAreShownDown(history, course: course, timing: timing) == [])
        let newLeader = history + [fixture.served("b", at: 18_000, term: 2, index: 7), fixture.served("b", at: 18_900, term: 2, index: 8)]
        #expect(HistoryChecks.lostAreShownDown(newLeader, course: course, timing: timing) == [])
        let late = newLeader + [fixture.served("b", at: 19_100, term: 2, index: 9)]
        #expect(HistoryChecks.lostAreShownDown(late, course: course, timing: timing).count == 1)
    }
}
