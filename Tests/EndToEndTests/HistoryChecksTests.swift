import ClusterHarness
import Testing

/// The checks find what is planted for them, and nothing where nothing is.
@Suite struct HistoryChecksTests {
    private let start = ContinuousClock.now

    @Test func aCourseWithoutFaultIsFree() throws {
        let course = [
            try observe("a", from: 0, to: 10, term: 1, index: 5), try observe("b", from: 20, to: 30, term: 2, index: 6),
            try observe("b", from: 40, to: 50, term: 2, index: 6), try silent("a", from: 60, to: 70),
        ]
        #expect(HistoryChecks.all(course) == [])
        #expect(HistoryChecks.neverDown(["m"], in: course) == [])
    }

    @Test func anOlderViewAfterANewerOneIsFound() throws {
        let newer = try observe("b", from: 0, to: 10, term: 2, index: 6)
        #expect(HistoryChecks.viewsNeverGoBack([newer, try observe("a", from: 11, to: 20, term: 2, index: 5)]).count == 1)
        #expect(HistoryChecks.viewsNeverGoBack([newer, try observe("a", from: 11, to: 20, term: 1, index: 7)]).count == 1)
    }

    @Test func scrapesThatOverlapMayComeInAnyOrder() throws {
        let newer = try observe("b", from: 0, to: 10, term: 2, index: 6)
        #expect(HistoryChecks.viewsNeverGoBack([newer, try observe("a", from: 9, to: 20, term: 1, index: 5)]) == [])
    }

    @Test func aScrapeThatAnswersLateIsComparedWithWhatWasKnownWhenItWasAsked() throws {
        // Asked before the newer one was shown, answered long after: it overlaps. A third, asked in between, does not.
        let late = try observe("a", from: 0, to: 90, term: 1, index: 5)
        let newer = try observe("b", from: 10, to: 20, term: 2, index: 6)
        #expect(HistoryChecks.viewsNeverGoBack([newer, late]) == [])
        #expect(HistoryChecks.viewsNeverGoBack([newer, late, try observe("a", from: 30, to: 40, term: 1, index: 5)]).count == 1)
    }

    @Test func aFallenCounterIsFound() throws {
        let course = [
            try observe("a", from: 0, to: 10, term: 1, index: 5, downs: 2), try observe("b", from: 20, to: 30, term: 2, index: 6, downs: 1),
        ]
        #expect(HistoryChecks.viewsNeverGoBack(course).count == 1)
    }

    @Test func twoViewsAtOneIndexAreFound() throws {
        let course = [
            try observe("a", from: 0, to: 10, term: 1, index: 5), try observe("b", from: 0, to: 10, term: 1, index: 5, state: "down"),
        ]
        #expect(HistoryChecks.oneIndexIsOneView(course).count == 1)
    }

    @Test func aMemberShownDownIsFound() throws {
        let course = [try observe("a", from: 0, to: 10, term: 1, index: 5, state: "down")]
        #expect(HistoryChecks.neverDown(["m"], in: course).count == 1)
        #expect(HistoryChecks.neverDown(["n"], in: course) == [])
    }

    @Test func aScrapeThatCannotBeReadIsFoundAndOneThatNeverCameIsNot() {
        let broken = observation("a", 0, 1, .failure(HarnessError("a scrape without quorum_raft_term")))
        let absent = observation("a", 0, 1, .failure(HarnessError("connect: Connection refused")))
        #expect(HistoryChecks.malformed([broken, absent]).count == 1)
    }

    @Test func halfAViewIsNoPicture() {
        #expect(throws: HarnessError.self) { try NodePicture(body: Array((own(serving: 1)).utf8)) }
        #expect(throws: HarnessError.self) { try NodePicture(body: Array((own(serving: 0) + "quorum_view_index 1\n").utf8)) }
    }

    private func observe(
        _ node: String, from: Int, to: Int, term: Int, index: Int, state: String = "up", downs: Int = 0
    ) throws -> Observation {
        let view = """
            quorum_view_term \(term)
            quorum_view_index \(index)
            quorum_member_up{member="m"} \(state == "down" ? 0 : 1)
            quorum_member_state{member="m",state="\(state)"} 1
            quorum_member_transitions_total{member="m",to="down"} \(downs)

            """
        return observation(node, from, to, .success(try NodePicture(body: Array((own(serving: 1) + view).utf8))))
    }

    private func silent(_ node: String, from: Int, to: Int) throws -> Observation {
        observation(node, from, to, .success(try NodePicture(body: Array(own(serving: 0).utf8))))
    }

    private func observation(_ node: String, _ from: Int, _ to: Int, _ outcome: Result<NodePicture, HarnessError>) -> Observation {
        Observation(node: node, began: start + .milliseconds(from), ended: start + .milliseconds(to), outcome: outcome)
    }

    private func own(serving: Int) -> String {
        """
        quorum_raft_term 1
        quorum_raft_applied_index 1
        quorum_raft_has_leader 1
        quorum_raft_is_leader 1
        quorum_view_serving \(serving)

        """
    }
}
