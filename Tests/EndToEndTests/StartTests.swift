import ClusterHarness
import Foundation
import Glibc
import ScrapeHistory
import Testing

extension EndToEnd {
    /// Starts that must fail, and how they say so.
    @Suite(.serialized) struct Start {
        @Test func aStoreOfAnotherMemberOrClusterIsRefusedByItsFile() async throws {
            try await withCluster(of: 1) { cluster in
                let node = cluster.nodes[0]
                try await cluster.startAll()
                node.kill()
                let before = try contents(of: node.storagePath)
                for flags in [
                    ["--cluster.member=z", "--cluster.initial-members=z=127.0.0.1:\(node.clusterPort)"], ["--cluster.name=other"],
                ] {
                    let refused = try await run(node, flags)
                    #expect(refused.ending != .exited(0))
                    #expect(refused.lines.count == 1, "\(refused.lines)")
                    #expect(refused.lines.first?.contains(node.storagePath + "/") == true, "\(refused.lines)")
                    #expect(try contents(of: node.storagePath) == before)
                }
                try node.start()
                try await cluster.settled()
            }
        }

        @Test func aClusterOfOneIsNotTurnedIntoAnotherByAFlag() async throws {
            try await withCluster(of: 1) { cluster in
                let node = cluster.nodes[0]
                try await cluster.startAll()
                node.kill()
                let members = "\(node.name)=127.0.0.1:\(node.clusterPort),other=127.0.0.1:1"
                let refused = try await run(node, ["--cluster.initial-members=\(members)"])
                #expect(refused.ending == .exited(2))
                let line = refused.lines.first { $0.contains("has been a cluster of its own") }
                #expect(line?.contains("--cluster.join") == true, "\(refused.lines)")
                try node.start()
                try await cluster.settled()
            }
        }

        @Test func allMistakesOfAStartAreListedAtOnce() async throws {
            try await withCluster(of: 1) { cluster in
                let node = cluster.nodes[0]
                let refused = try await run(
                    node, ["--raft.election-timeout=soon", "--web.max-requests=-1", "--no-such-flag=1", "--cluster.listen-address=nowhere"])
                #expect(refused.ending == .exited(2))
                for flag in ["--raft.election-timeout", "--web.max-requests", "--no-such-flag", "--cluster.listen-address"] {
                    #expect(refused.lines.contains { $0.contains(flag) }, "\(flag) in \(refused.lines)")
                }
                #expect(!FileManager.default.fileExists(atPath: node.storagePath), "a start with mistakes makes no folder")
            }
        }

        @Test(arguments: [false, true])
        func aBusyPortEndsTheStartWithALineThatNamesTheAddress(theClusters: Bool) async throws {
            try await withCluster(of: 1) { cluster in
                let node = cluster.nodes[0]
                let port = theClusters ? node.clusterPort : node.webPort
                let listener = try Listener(port: port)
                defer { listener.close() }
                let refused = try await run(node, [])
                #expect(refused.ending != .exited(0))
                let naming = refused.lines.filter { !$0.hasPrefix("ts=") && $0.contains("127.0.0.1:\(port)") }
                #expect(naming.count == 1, "\(refused.lines)")
                #expect(!refused.lines.contains { $0.contains("Cannot schedule tasks") }, "\(refused.lines)")
            }
        }

        @Test func aSocketThatIsTakenEndsTheStartAndStaysItsOwners() async throws {
            try await withCluster(of: 1, spares: 1) { cluster in
                try await cluster.startAll()
                let (owner, other) = (cluster.nodes[0], cluster.nodes[1])
                let path = owner.storagePath + "/admin.sock"
                let refused = try await run(other, ["--admin.socket=\(path)"])
                #expect(refused.ending == .exited(1))
                #expect(refused.lines.last == "Error: cannot listen on \(path): another process listens there", "\(refused.lines)")
                #expect(try await owner.command(["members", "list"]).status == 0)
            }
        }

        @Test func aFileForTLSThatIsNoneEndsTheStartInOneLine() async throws {
            try await withCluster(of: 1) { cluster in
                let node = cluster.nodes[0]
                try Data("no PEM".utf8).write(to: URL(filePath: cluster.folder + "/bad.pem"))
                let flags = ["certificate", "key", "authority"].map { "--cluster.tls-\($0)=\(cluster.folder)/bad.pem" }
                let refused = try await run(node, flags)
                #expect(refused.ending == .exited(1))
                #expect(refused.lines.last?.contains("bad.pem") == true, "\(refused.lines)")
            }
        }

        @Test func aNodeWithAWipedDiskIsRefusedAndDisturbsNobody() async throws {
            try await withWatchedTrio { cluster, watch in
                let leader = try await cluster.leader()
                let victim = cluster.nodes(except: leader)[0]
                let others = cluster.nodes(except: victim).map(\.name)
                let term = try #require(watch.observations.last { $0.view != nil }?.view?.term)
                victim.kill()
                try FileManager.default.removeItem(atPath: victim.storagePath)
                let started = ContinuousClock.now
                try victim.start()
                try await expectRefusals(at: leader)
                #expect(victim.lastLogLines.contains("members remove \(victim.name)"))
                try await Task.sleep(until: started + .seconds(4))
                let after = watch.observations(askedAfter: started)
                expectNone(after.compactMap { $0.node == victim.name && $0.view != nil ? "\(victim.name) served a view" : nil })
                expectNone(after.compactMap { $0.node == victim.name && $0.picture?.clusterID != nil ? "a second cluster" : nil })
                let last = try #require(after.last { $0.view != nil }?.view)
                #expect(last.term == term, "the leader changed")
                #expect(last.members[victim.name]?.isUp == false)
                #expect(last.members.count == 3)
                expectNone(HistoryChecks.neverDown(others, in: after))
                if victim.isRunning { #expect(try await victim.request("/-/ready").status == 503) }
            }
        }

        /// The node counts connections of a member that is not the one it knows by that name.
        private func expectRefusals(at node: HarnessNode) async throws {
            _ = try await eventually("refused connections at \(node.name)", within: .seconds(5)) {
                let samples = try Samples(parsing: try await node.request("/metrics").body)
                let count = samples.value("quorum_transport_rejected_connections_total", ["reason": "incarnation"]) ?? 0
                return count > 0 ? true : nil
            }
        }

        private func run(_ node: HarnessNode, _ flags: [String]) async throws -> (ending: NodeProcess.Ending, lines: [String]) {
            let already = (try? String(contentsOfFile: node.logPath, encoding: .utf8))?.count ?? 0
            let process = try node.start(flags)
            let ending = try await process.waitForEnd(within: .seconds(10))
            return (ending, process.log.dropFirst(already).split(separator: "\n").map { String($0) })
        }

        private func contents(of folder: String) throws -> [String: Data] {
            try FileManager.default.contentsOfDirectory(atPath: folder).reduce(into: [:]) { found, name in
                // What a killed process leaves of its socket is not part of the store.
                guard name != "admin.sock" else { return }
                found[name] = try Data(contentsOf: URL(filePath: folder + "/" + name))
            }
        }
    }
}

/// Somebody who has a port already.
private struct Listener {
    private let descriptor: CInt

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        unsafe inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0, listen(descriptor, 1) == 0 else { throw HarnessError("cannot take port \(port)") }
    }

    func close() { _ = Glibc.close(descriptor) }
}
