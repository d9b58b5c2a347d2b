import StatusDocuments
import Testing

@testable import OperatorCommands

@Suite struct AdministrationTests {
    private func socket(_ path: String = "/s") throws -> AskedNode {
        AskedNode(name: path, endpoint: try HTTPEndpoint.socket(path: path), path: "", isSocket: true)
    }

    private func failure(_ outcome: HTTPOutcome) throws -> String {
        do {
            return "done: " + (try Administration.line(outcome, of: try socket()))
        } catch let error as CommandFailure {
            return error.description
        }
    }

    private func answer(_ status: Int, _ json: String) -> HTTPOutcome { .answered(status: status, body: Array(json.utf8)) }

    @Test func `what was done is said with its index`() throws {
        let node = try socket()
        #expect(
            try Administration.line(answer(200, #"{"message":"c is removed","index":7}"#), of: node)
                == "c is removed (committed at index 7)")
        #expect(try Administration.line(answer(200, #"{"message":"b leads"}"#), of: node) == "b leads")
    }

    @Test func `a refusal is the node's own line`() throws {
        #expect(try failure(answer(409, #"{"error":"refused","message":"c is a voter already"}"#)) == "c is a voter already")
        #expect(try failure(answer(404, "not found")).contains("answers with 404"))
    }

    @Test(arguments: [
        "no answer", "the connection ended within the answer", "Connection reset by peer", "Broken pipe",
    ]) func `when the request may have arrived, it is not known whether it was done`(reason: String) throws {
        #expect(try failure(.failed(reason)) == "/s: \(reason); \(Administration.unknown)")
    }

    @Test func `when nobody was there, nothing was done, and it says what to look for`() throws {
        for reason in ["No such file or directory", "Connection refused"] {
            #expect(try failure(.failed(reason)).contains("/s: no node listens there"))
        }
        #expect(try failure(.failed("Permission denied")).contains("only the user that runs the node"))
    }

    @Test func `an answer that is none of a node's leaves it open`() throws {
        #expect(try failure(answer(200, "hello")).contains(Administration.unknown))
    }

    @Test func `names are escaped in the query`() {
        #expect(Administration.escaped("a-b_c.9") == "a-b_c.9")
        #expect(Administration.escaped("a b&c=ä") == "a%20b%26c%3D%C3%A4")
    }

    @Test func `the socket is the one of the flag, of the folder, of the environment, or of the default folder`() {
        func path(_ socket: String?, _ storage: String?, _ environment: [String: String] = [:]) -> String {
            NodeOptions.socketPath(adminSocket: socket, storagePath: storage, environment)
        }
        let both = ["QUORUM_ADMIN_SOCKET": "/e/s", "QUORUM_STORAGE_PATH": "/e"]
        #expect(path("/r/s", "/x", both) == "/r/s")
        #expect(path(nil, "/x/", both) == "/x/admin.sock")
        #expect(path(nil, nil, both) == "/e/s")
        #expect(path(nil, nil, ["QUORUM_ADMIN_SOCKET": "", "QUORUM_STORAGE_PATH": "/e"]) == "/e/admin.sock")
        #expect(path(nil, nil) == "data/admin.sock")
    }

    @Test func `a socket's path must fit`() throws {
        #expect(throws: HTTPEndpoint.Unusable.self) { try HTTPEndpoint.socket(path: String(repeating: "x", count: 108)) }
        #expect(throws: HTTPEndpoint.Unusable.self) { try HTTPEndpoint.socket(path: "") }
        _ = try HTTPEndpoint.socket(path: String(repeating: "x", count: 107))
    }

    @Test func `the members are columns`() {
        var one = status("a", role: "leader", leader: "a")
        one.members = ["a", "longer"].map {
            MemberDocument(member: $0, id: $0, role: "voter", address: "127.0.0.1:1", webURL: "http://\($0)")
        }
        one.peers = [PeerDocument(member: "longer", id: "longer", isLinkUp: false)]
        #expect(
            MembersText.lines(one, view: nil) == [
                "MEMBER  ROLE          LINK    ADDRESS      WEB            ID",
                "a       voter, leads  itself  127.0.0.1:1  http://a       a",
                "longer  voter         down    127.0.0.1:1  http://longer  longer",
            ])
        let states = MembersText.lines(one, view: view(leader: "a", [member("a"), member("longer", state: "down")]))
        #expect(states[0].contains("STATE") && states[2].contains("  down  "))
    }
}
