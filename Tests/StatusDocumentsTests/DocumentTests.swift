import Foundation
import StatusDocuments
import Testing

@Suite struct DocumentTests {
    @Test func `A status is written with exactly these keys and read back`() throws {
        let node = MemberDocument(member: "a", id: "1f", role: "voter", address: "a.example:10311", webURL: "http://a.example:10310")
        let status = StatusDocument(
            node: node, cluster: ClusterDocument(name: "default", id: "00ff"), version: "0.1.0",
            startedAt: Timestamp(milliseconds: 1_772_368_205_250), role: "follower", term: 7,
            leader: LeaderDocument(member: "b", id: "2e", webURL: "http://b.example:10310"), commitIndex: 12, appliedIndex: 11,
            lastLogIndex: 13, failureTolerance: 1, roundAt: Timestamp(milliseconds: 0), isReady: true, isServing: false,
            peers: [PeerDocument(member: "b", id: "2e", isLinkUp: true, version: "0.1.1", roundTripSeconds: 0.0005)], members: [node])
        let memberJSON = #"{"address":"a.example:10311","id":"1f","member":"a","role":"voter","web_url":"http://a.example:10310"}"#
        let expected =
            #"{"applied_index":11,"cluster":{"id":"00ff","name":"default"},"commit_index":12,"failure_tolerance":1,"last_log_index":13,"#
            + #""leader":{"id":"2e","member":"b","web_url":"http://b.example:10310"},"members":["# + memberJSON + #"],"node":"# + memberJSON
            + #","peers":[{"id":"2e","link_up":true,"member":"b","rtt_seconds":0.0005,"version":"0.1.1"}],"ready":true,"role":"follower","#
            + #""round_at":"1970-01-01T00:00:00.000Z","serving":false,"started_at":"2026-03-01T12:30:05.250Z","term":7,"version":"0.1.0"}"#
        try check(status, is: expected)
    }

    @Test func `A view is written with exactly these keys and read back`() throws {
        let sample = SampleDocument(
            measuredAt: Timestamp(milliseconds: 1), version: "0.1.0", isStopping: true, degradedReasons: ["storage"], cpuUsageRatio: 0.25,
            load1: 0.5, memoryTotalBytes: 2, memoryAvailableBytes: 1, bootedAt: Timestamp(milliseconds: 0),
            filesystems: [FilesystemDocument(mountpoint: "/", sizeBytes: 4, availableBytes: 3)],
            raft: RaftCountersDocument(term: 7, electionsStarted: 2, electionsWon: 1, appliedIndex: 11))
        let member = MemberStateDocument(
            member: "a", id: "1f", role: "voter", address: "a:1", webURL: "http://a", state: "down", isUp: false,
            since: Timestamp(milliseconds: 0), downReason: "silent", isFlapping: false, observersReaching: 0,
            transitions: [TransitionCountDocument(to: "down", count: 1)], sample: sample)
        let view = ViewDocument(
            cluster: ClusterDocument(name: "default", id: "00ff"), leader: LeaderDocument(member: "b", id: "2e", webURL: "http://b"),
            term: 7,
            index: 11, roundAt: Timestamp(milliseconds: 0), members: [member],
            links: [LinkDocument(from: "b", to: "a", isUp: false, reason: "silent")])
        let expected =
            #"{"cluster":{"id":"00ff","name":"default"},"index":11,"leader":{"id":"2e","member":"b","web_url":"http://b"},"#
            + #""links":[{"from":"b","reason":"silent","to":"a","up":false}],"members":[{"address":"a:1","flapping":false,"id":"1f","#
            + #""member":"a","observers_reaching":0,"reason":"silent","role":"voter","sample":{"booted_at":"1970-01-01T00:00:00.000Z","#
            + #""cpu_usage_ratio":0.25,"degraded_reasons":["storage"],"#
            + #""filesystems":[{"available_bytes":3,"mountpoint":"/","size_bytes":4}],"#
            + #""load1":0.5,"measured_at":"1970-01-01T00:00:00.001Z","memory_available_bytes":1,"memory_total_bytes":2,"#
            + #""raft":{"applied_index":11,"elections_started":2,"elections_won":1,"term":7},"stopping":true,"version":"0.1.0"},"#
            + #""since":"1970-01-01T00:00:00.000Z","state":"down","#
            + #""transitions":[{"count":1,"to":"down"}],"up":false,"web_url":"http://a"}],"#
            + #""round_at":"1970-01-01T00:00:00.000Z","term":7}"#
        try check(view, is: expected)
    }

    @Test func `Events and errors are written with exactly these keys and read back`() throws {
        let event = TransitionDocument(member: "a", id: "1f", from: "up", to: "down", reason: "silent", at: Timestamp(milliseconds: 0))
        try check(
            EventsDocument(events: [event]),
            is: #"{"events":[{"at":"1970-01-01T00:00:00.000Z","from":"up","id":"1f","member":"a","reason":"silent","to":"down"}]}"#)
        try check(ErrorDocument(error: "stale", message: "why"), is: #"{"error":"stale","message":"why"}"#)
    }

    @Test func `What is not known is left out, not null`() throws {
        let event = TransitionDocument(member: "a", id: "1f", from: "unknown", to: "up", at: Timestamp(milliseconds: 0))
        let text = String(decoding: try JSONEncoder().encode(event), as: UTF8.self)
        #expect(!text.contains("reason") && !text.contains("null"))
    }

    @Test func `A time that is no time is refused with what was found`() {
        let json = Data(#"{"member":"a","id":"1f","from":"up","to":"down","at":"yesterday"}"#.utf8)
        #expect { try JSONDecoder().decode(TransitionDocument.self, from: json) } throws: { String(describing: $0).contains("yesterday") }
    }

    private func check<Document: Codable & Equatable>(_ document: Document, is expected: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let written = try encoder.encode(document)
        #expect(String(decoding: written, as: UTF8.self) == expected)
        #expect(try JSONDecoder().decode(Document.self, from: written) == document)
    }
}
