import ScrapeHistory
import Testing

/// The checks find what is planted for them, and nothing where nothing is.
@Suite struct HistoryChecksTests {
    private let fixture = HistoryFixture()

    @Test func aCourseWithoutFaultIsFree() {
        let course = [
            fixture.served("a", at: 0, term: 1, index: 5), fixture.served("b", at: 20, term: 2, index: 6),
            fixture.served("b", at: 40, term: 2, index: 6), fixture.silent("a", at: 60),
        ]
        #expect(HistoryChecks.all(course) == [])
        #expect(HistoryChecks.neverDown(["a"], in: course) == [])
        #expect(HistoryChecks.leaderChanges(course) == 1)
        #expect(HistoryChecks.entriesCommitted(course) == 1)
    }

    @Test func anOlderViewAfterANewerOneIsFound() {
        let newer = fixture.served("b", at: 0, term: 2, index: 6)
        #expect(HistoryChecks.viewsNeverGoBack([newer, fixture.served("a", at: 11, term: 2, index: 5)]).count == 1)
        #expect(HistoryChecks.viewsNeverGoBack([newer, fixture.served("a", at: 11, term: 1, index: 7)]).count == 1)
    }

    @Test func scrapesThatOverlapMayComeInAnyOrder() {
        let newer = fixture.served("b", at: 0, term: 2, index: 6)
        #expect(HistoryChecks.viewsNeverGoBack([newer, fixture.served("a", at: 9, term: 1, index: 5)]) == [])
    }

    @Test func aScrapeThatAnswersLateIsComparedWithWhatWasKnownWhenItWasAsked() {
        // Asked before the newer one was shown, answered long after: it overlaps. A third, asked in between, does not.
        let late = fixture.served("a", at: 0, until: 90, term: 1, index: 5)
        let newer = fixture.served("b", at: 10, term: 2, index: 6)
        #expect(HistoryChecks.viewsNeverGoBack([newer, late]) == [])
        #expect(HistoryChecks.viewsNeverGoBack([newer, late, fixture.served("a", at: 30, term: 1, index: 5)]).count == 1)
    }

    @Test func aFallenCounterIsFound() {
        let course = [
            fixture.served("a", at: 0, index: 5, transitions: ["m down": 2]),
            fixture.served("b", at: 20, term: 2, index: 6, transitions: ["m down": 1]),
        ]
        #expect(HistoryChecks.viewsNeverGoBack(course).count == 1)
    }

    @Test func aCounterMayFallOnlyWhileItsMemberIsTakenOut() {
        let course = [
            fixture.served("a", at: 0, index: 5, transitions: ["m down": 2]),
            fixture.served("b", at: 20, term: 2, index: 6, transitions: ["m down": 1]),
        ]
        func found(_ member: String, _ from: Int, _ to: Int) -> Int {
            let removal = Removal(of: member, during: fixture.at(from)...fixture.at(to))
            return HistoryChecks.viewsNeverGoBack(course, removals: [removal]).count
        }
        #expect(found("m", 12, 18) == 0)
        #expect(found("m", 29, 40) == 0)
        #expect(found("m", 31, 40) == 1)
        #expect(found("m", -20, -1) == 1)
        #expect(found("mm", 12, 18) == 1)
    }

    @Test func aSecondClusterIsFound() {
        let course = [
            fixture.silent("a", at: 0), fixture.silent("a", at: 20, cluster: "1"), fixture.silent("b", at: 40, cluster: "1"),
        ]
        #expect(HistoryChecks.allAreOfOneCluster(course) == [])
        #expect(HistoryChecks.allAreOfOneCluster(course + [fixture.silent("b", at: 60, cluster: "2")]).count == 1)
    }

    @Test func twoViewsAtOneIndexAreFound() {
        let course = [fixture.served("a", at: 0, index: 5), fixture.served("b", at: 0, index: 5, down: ["c"])]
        #expect(HistoryChecks.oneIndexIsOneView(course).count == 1)
    }

    @Test func twoNodesThatServeOneTermAreFound() {
        let course = [fixture.served("a", at: 0, term: 3, index: 5), fixture.served("b", at: 20, term: 3, index: 6)]
        #expect(HistoryChecks.oneNodeServesATerm(course).count == 1)
        #expect(HistoryChecks.oneNodeServesATerm([course[0], fixture.served("b", at: 20, term: 4, index: 6)]) == [])
    }

    @Test func aMemberShownDownIsFound() {
        let course = [fixture.served("a", at: 0, index: 5, down: ["b"])]
        #expect(HistoryChecks.neverDown(["b"], in: course).count == 1)
        #expect(HistoryChecks.neverDown(["c"], in: course) == [])
    }

    @Test func aScrapeThatCannotBeReadIsFoundAndOneThatNeverCameIsNot() {
        let broken = fixture.failed("a", at: 0, ScrapeFailure("a scrape without quorum_raft_term", isMalformed: true))
        let absent = fixture.failed("a", at: 0, ScrapeFailure("connect: Connection refused", isMalformed: false))
        #expect(HistoryChecks.malformed([broken, absent]).count == 1)
    }

    @Test func aViewServedLongAfterItsRoundIsFoundByTheClockAndByItsIndex() {
        let timing = HistoryTiming()
        let fresh = fixture.served("a", at: 5_000, index: 5, roundAt: 2_100)
        #expect(HistoryChecks.noViewIsOld([fresh], timing: timing) == [])
        let old = fixture.served("a", at: 5_000, index: 5, roundAt: 1_900)
        #expect(HistoryChecks.noViewIsOld([old], timing: timing).count == 1)
        let frozen = [fixture.served("a", at: 0, index: 5), fixture.served("a", at: 3_050, index: 5)]
        #expect(HistoryChecks.noViewIsOld(frozen, timing: timing).count == 1)
    }
}
