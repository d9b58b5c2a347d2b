import ClusterHarness
import ScrapeHistory
import Testing

@Suite struct NodePictureTests {
    @Test func aScrapeIsReadAsAPicture() throws {
        let view = """
            quorum_view_term 3
            quorum_view_index 7
            quorum_member_up{member="m"} 0
            quorum_member_state{member="m",state="down"} 1
            quorum_member_state{member="m",state="up"} 0
            quorum_member_down_info{member="m",reason="silent"} 1
            quorum_member_transitions_total{member="m",to="down"} 2

            """
        let picture = try NodePicture(body: Array((own(serving: 1) + view).utf8))
        #expect(picture.roundTimestampSeconds == 12.5)
        let expected = NodePicture.View(
            term: 3, index: 7, members: ["m": .init(isUp: false, state: "down", reason: "silent")], transitions: ["m down": 2])
        #expect(picture.view == expected)
        #expect(try NodePicture(body: Array(own(serving: 0).utf8)).view == nil)
    }

    @Test func halfAViewIsNoPicture() {
        #expect(throws: HarnessError.self) { try NodePicture(body: Array(own(serving: 1).utf8)) }
        #expect(throws: HarnessError.self) { try NodePicture(body: Array((own(serving: 0) + "quorum_view_index 1\n").utf8)) }
    }

    private func own(serving: Int) -> String {
        """
        quorum_raft_term 1
        quorum_raft_applied_index 1
        quorum_raft_has_leader 1
        quorum_raft_is_leader 1
        quorum_round_timestamp_seconds 12.5
        quorum_view_serving \(serving)

        """
    }
}
