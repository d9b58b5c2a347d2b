import Testing

@testable import ScrapeHistory

/// One scrape after the other: what is found in a history that is kept is found in one that is not.
@Suite struct ScrapeChecksTests {
    private let fixture = HistoryFixture()

    private func found(_ course: [Observation], _ removals: [Removal] = []) -> [String] {
        var checks = ScrapeChecks(timing: HistoryTiming())
        for removal in removals { checks.note(removal) }
        return course.flatMap { checks.take($0) }
    }

    @Test func whatIsPlantedIsFoundOnce() {
        let first = fixture.served("a", at: 0, term: 2, index: 5, transitions: ["m down": 2])
        #expect(found([first, fixture.served("a", at: 20, term: 2, index: 6, transitions: ["m down": 2])]) == [])
        #expect(found([first, fixture.served("a", at: 20, term: 2, index: 4, transitions: ["m down": 2])]).count == 1)
        #expect(found([first, fixture.served("b", at: 5, term: 2, index: 6)]).count == 1, "another server of the term")
        #expect(found([first, fixture.served("b", at: 5, term: 3, index: 5)]).count == 1, "another view at the index")
        #expect(found([first, fixture.served("a", at: 20, term: 2, index: 6)]).count == 1, "a counter that fell")
        #expect(found([first, fixture.served("a", at: 5_000, term: 2, index: 6, transitions: ["m down": 2], roundAt: 100)]).count == 1)
        #expect(found([fixture.failed("a", at: 0, ScrapeFailure("nonsense", isMalformed: true))]).count == 1)
        #expect(found([fixture.silent("a", at: 0, cluster: "1"), fixture.silent("b", at: 20, cluster: "2")]).count == 1)
    }

    @Test func aCounterMayFallWhileItsMemberIsTakenOut() {
        let course = [
            fixture.served("a", at: 0, index: 5, transitions: ["m down": 2]), fixture.served("a", at: 40, index: 6),
            fixture.served("a", at: 80, index: 7, transitions: ["m down": 1]), fixture.served("a", at: 120, index: 8),
        ]
        let removal = Removal(of: "m", during: fixture.at(15)...fixture.at(30))
        #expect(found(course, [removal]).count == 1, "the second time it was not taken out")
        #expect(found(course).count == 2)
    }

    @Test func aLongHistoryTakesNoMoreThanItsReachAndAnOldViewIsFoundAfterwards() {
        var checks = ScrapeChecks(timing: HistoryTiming())
        var broken: [String] = []
        for number in 1...20_000 { broken += checks.take(fixture.served("a", at: number * 20, term: 1 + number / 100, index: number)) }
        #expect(broken == [])
        // The views of a minute and one before them; and three tables of numbers.
        #expect(checks.remembered <= 3_001 + 3 * 1_024)
        #expect(checks.remembered > 3_000)
        #expect(!checks.take(fixture.served("b", at: 400_100, term: 3, index: 250)).isEmpty)
    }
}
