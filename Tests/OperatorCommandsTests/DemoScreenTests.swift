import StatusDocuments
import Testing

@testable import OperatorCommands

@Suite struct DemoScreenTests {
    @Test func `the table says who leads and what the view has`() {
        let now = picture { picture in
            picture.nodes[2] = DemoPicture.Node(member: picture.nodes[2].member, process: .ended(.signalled(9)), status: nil)
            picture.view?.members[2] = member("c", state: "down", reason: "refused", since: 5_000)
        }
        #expect(
            DemoScreen(isColoured: false).lines(now, elapsedSeconds: 12.9, nowMilliseconds: 9_500) == [
                "12 s · b leads term 3 and serves the view of index 120",
                "",
                "  node  process  role       term  last index  applied  serves  state in the view       page",
                "  a     pid 100  follower      3         120      118  -       up                      http://127.0.0.1:10310/",
                "  b     pid 101  leader        3         120      118  yes     up                      http://127.0.0.1:10320/",
                "  c     killed   no answer     -           -        -  -       down (refused) for 4 s  http://127.0.0.1:10330/",
            ])
    }

    @Test func `without a proven leader it says so`() {
        let lines = DemoScreen(isColoured: false).lines(picture { $0.view = nil }, elapsedSeconds: 0, nowMilliseconds: 0)
        #expect(lines.first == "0 s · no view: no leader has proved itself to a majority")
    }

    @Test func `colour is put around the padded state`() {
        let lines = DemoScreen(isColoured: true).lines(picture(), elapsedSeconds: 0, nowMilliseconds: 0)
        #expect(lines[3].contains("\u{1B}[32mup               \u{1B}[0m"))
        #expect(!lines[2].contains("\u{1B}"))
    }

    @Test func `without a terminal it is one line`() {
        let now = picture { $0.view = nil }
        #expect(
            DemoScreen(isColoured: false).plainLine(now) == "a: pid 100, follower term 3, state - | "
                + "b: pid 101, leader term 3, state - | c: pid 102, follower term 3, state -")
    }

    @Test func `the block is drawn in place below the events, also after Enter`() {
        var block = TerminalBlock()
        #expect(block.frame(events: ["e"], block: ["1", "2"]) == "\r\u{1B}[J\u{1B}[?7le\n1\n2\n\u{1B}[?7h")
        #expect(block.frame(events: [], block: ["3"]) == "\r\u{1B}[2A\u{1B}[J\u{1B}[?7l3\n\u{1B}[?7h")
        block.noteEnteredLine()
        #expect(block.frame(events: [], block: ["4"]) == "\r\u{1B}[2A\u{1B}[J\u{1B}[?7l4\n\u{1B}[?7h")
    }

    @Test func `agreement needs all three, one term, and everybody up`() {
        #expect(picture().isAgreed)
        #expect(picture().isWell)
        let lacking = [
            picture { $0.view = nil }, picture { $0.view?.term = 4 }, picture { $0.view?.members[0].state = "unknown" },
            picture { $0.view?.members.removeLast() },
        ]
        for each in lacking { #expect(!each.isAgreed) }
        let other = picture { picture in
            picture.nodes[0] = DemoPicture.Node(member: picture.nodes[0].member, process: .running(1), status: status("a", leader: "c"))
        }
        #expect(!other.isAgreed)
        let frozen = picture { picture in
            picture.nodes[0] = DemoPicture.Node(member: picture.nodes[0].member, process: .frozen(1), status: picture.nodes[0].status)
        }
        #expect(frozen.isAgreed && !frozen.isWell)
    }

    @Test func `changes are told once`() {
        #expect(DemoEvents.changes(from: nil, to: picture()) == ["b leads term 3"])
        #expect(DemoEvents.changes(from: picture(), to: picture()) == [])
        let down = picture { $0.view?.members[0] = member("a", state: "down", reason: "silent") }
        #expect(DemoEvents.changes(from: picture(), to: down) == ["a is down (silent), says b"])
        #expect(DemoEvents.changes(from: down, to: picture()) == ["a is up, says b"])
        let none = picture { $0.view = nil }
        let unknown = picture { $0.view?.members[0].state = "unknown" }
        #expect(DemoEvents.changes(from: none, to: unknown) == ["b leads term 3"])
        #expect(DemoEvents.changes(from: unknown, to: picture()) == ["a is up, says b"])
        #expect(DemoEvents.changes(from: picture(), to: none) == ["no view: b no longer serves it"])
        #expect(DemoEvents.changes(from: none, to: down) == ["b leads term 3", "a is down (silent), says b"])
    }

    @Test func `a status in words`() {
        let lines = StatusText.lines(status("b", role: "leader"), view: view(leader: "b", [member("a", state: "down", reason: "closed")]))
        #expect(
            lines == [
                "member   b of cluster demo, version 1.2.3", "role     leader in term 3, ready", "leader   b",
                "log      committed 119, applied 118, last 120", "spare    1 voters may still be lost",
                "peer     z: link up, 250 µs", "view     index 120, term 3", "state    a: down (closed)",
            ])
        let follower = StatusText.lines(status("a", leader: nil), view: nil)
        #expect(follower.contains("leader   none known") && follower.last == "view     not served by this node")
    }

    @Test func `how a process ended`() {
        #expect(ProcessEnd(waitStatus: 0).description == "stopped")
        #expect(ProcessEnd(waitStatus: 2 << 8).description == "exited with 2")
        #expect(ProcessEnd(waitStatus: 9).description == "killed")
        #expect(ProcessEnd(waitStatus: 11 | 0x80) == .signalled(11 | 0x80 & 0x7F))
    }
}
