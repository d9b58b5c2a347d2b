import FoundationEssentials
import Glibc
import StatusDocuments

@testable import OperatorCommands

/// A folder that is removed when the test is over.
final class Scratch {
    let path: String

    init() throws { path = try TemporaryFolder(in: "/tmp").path }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("cannot remove \(path): \(error)") }
    }

    /// A shell script, to be run as `/bin/sh path`: executed itself, it could still be open for writing in a process that another test
    /// is just starting.
    func script(_ name: String = "node", _ body: String) throws -> String {
        let file = path + "/" + name
        try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file)
        return file
    }

    func file(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(filePath: path + "/" + name)) }

    func text(_ name: String) -> String {
        FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// Waits until the condition holds, ten seconds at most.
func eventually(_ condition: () -> Bool) -> Bool {
    let deadline = SystemCalls.monotonicSeconds() + 10
    while SystemCalls.monotonicSeconds() < deadline {
        if condition() { return true }
        usleep(2_000)
    }
    return condition()
}

/// A base port whose six ports are free, below the range the system picks from.
func freeBasePort() -> Int {
    let start = 12_000 + Int(getpid() % 500) * 30
    return stride(from: start, to: 32_000, by: 30).first { base in DemoPlan(basePort: base).ports.allSatisfy { SystemCalls.isFree($0.port) }
    }
        ?? start
}

func member(_ name: String, state: String = "up", reason: String? = nil, since: Int64? = nil) -> MemberStateDocument {
    MemberStateDocument(
        member: name, id: name, role: "voter", address: "127.0.0.1:1", webURL: "http://127.0.0.1:2", state: state, isUp: state == "up",
        since: since.map { Timestamp(milliseconds: $0) }, downReason: reason, isFlapping: false, observersReaching: 2, transitions: [])
}

func view(leader: String, term: UInt64 = 3, _ members: [MemberStateDocument]) -> ViewDocument {
    ViewDocument(
        cluster: ClusterDocument(name: "demo"), leader: LeaderDocument(member: leader, id: "1", webURL: nil), term: term, index: 120,
        roundAt: nil, members: members, links: [])
}

func status(_ name: String, role: String = "follower", term: UInt64 = 3, leader: String? = "b") -> StatusDocument {
    StatusDocument(
        node: MemberDocument(member: name, id: name, role: "voter", address: "127.0.0.1:1", webURL: "http://127.0.0.1:2"),
        cluster: ClusterDocument(name: "demo"), version: "1.2.3", role: role, term: term,
        leader: leader.map { LeaderDocument(member: $0, id: $0, webURL: nil) }, commitIndex: 119, appliedIndex: 118, lastLogIndex: 120,
        failureTolerance: role == "leader" ? 1 : nil, isReady: true, isServing: role == "leader",
        peers: [PeerDocument(member: "z", id: "9", isLinkUp: true, roundTripSeconds: 0.000_25)], members: [])
}

/// Three nodes that agree on b, changed by `change`.
func picture(_ change: (inout DemoPicture) -> Void = { _ in }) -> DemoPicture {
    let nodes = DemoPlan().members.enumerated().map { index, member in
        DemoPicture.Node(
            member: member, process: .running(Int32(100 + index)),
            status: status(member.name, role: member.name == "b" ? "leader" : "follower"))
    }
    var picture = DemoPicture(nodes: nodes, view: view(leader: "b", [member("a"), member("b"), member("c")]))
    change(&picture)
    return picture
}
