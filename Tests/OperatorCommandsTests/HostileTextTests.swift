import StatusDocuments
import Testing

@testable import OperatorCommands

/// What others say reaches the operator's terminal as text, whatever is in it.
@Suite struct HostileTextTests {
    private let hostile = "1\u{1B}]0;x\u{7}\u{9B}2J\n\u{202E}"

    private func isText(_ lines: [String]) -> Bool { lines.allSatisfy { !$0.unicodeScalars.contains(where: \.isControl) } }

    @Test func `a peer's version and a member's state are text`() {
        var shown = status(hostile)
        shown.peers = [PeerDocument(member: hostile, id: "9", isLinkUp: true, version: hostile)]
        let lines = StatusText.lines(shown, view: view(leader: hostile, [member(hostile, state: hostile, reason: hostile)]))
        #expect(isText(lines) && lines.contains { $0.contains(#"version 1\u001b]0;x\u0007\u009b2J\u000a\u202e"#) }, "\(lines)")
    }

    @Test func `the members' names and addresses are text, and still in columns`() {
        var shown = status("a")
        shown.members = [hostile, "b"].map { MemberDocument(member: $0, id: $0, role: hostile, address: hostile, webURL: hostile) }
        let lines = MembersText.lines(shown, view: nil)
        #expect(isText(lines), "\(lines)")
        let second = lines[0].firstRange(of: "ROLE").map { lines[0].distance(from: lines[0].startIndex, to: $0.lowerBound) }
        #expect(second == hostile.printable.count + 2)
    }

    @Test func `what a node answers to a command is text`() throws {
        let node = AskedNode(name: "/s", endpoint: try HTTPEndpoint.socket(path: "/s"), path: "", isSocket: true)
        let json = #"{"error":"refused","message":"1\u001b[2J\u009b\n"}"#
        #expect(try Administration.line(.answered(status: 200, body: Array(json.utf8)), of: node) == #"1\u001b[2J\u009b\u000a"#)
        let failure = #expect(throws: CommandFailure.self) {
            try Administration.line(.answered(status: 409, body: Array(json.utf8)), of: node)
        }
        #expect(failure?.description == #"1\u001b[2J\u009b\u000a"#)
    }

    @Test func `the demo shows text beside its own colours`() {
        let shown = picture {
            $0.view = view(leader: hostile, [member("a", state: hostile, reason: hostile), member("b"), member("c")])
            $0.nodes[0] = DemoPicture.Node(
                member: $0.nodes[0].member, process: .running(1), status: status("a", role: hostile))
        }
        let screen = DemoScreen(isColoured: false)
        let lines = screen.lines(shown, elapsedSeconds: 1, nowMilliseconds: 0) + [screen.plainLine(shown)]
        #expect(isText(lines + DemoEvents.changes(from: picture(), to: shown)), "\(lines)")
    }
}
