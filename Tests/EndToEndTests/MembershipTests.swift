import ClusterHarness
import Foundation
import Glibc
import ScrapeHistory
import Testing

extension EndToEnd {
    /// The cluster changes while it runs, as an operator changes it.
    @Suite(.serialized) struct Membership {
        @Test func aFourthNodeJoinsAndBecomesAVoterWhileEverythingGoesOn() async throws {
            try await withWatchedTrio(spares: 1) { cluster, watch in
                let newcomer = cluster.node("d")
                let started = ContinuousClock.now
                try newcomer.start()
                try await watch.first("d up", askedAfter: started, within: .seconds(15)) { $0.shows("d", up: true) }
                try await waitForRole("voter", of: "d", at: cluster.node("a"))
                #expect(newcomer.log.contains("taken in by cluster"))
                #expect(try await newcomer.request("/-/ready").status == 200)
                expectNone(HistoryChecks.neverDown(["a", "b", "c", "d"], in: watch.observations))

                // Three of four voters are a majority only if the newcomer votes.
                let killed = ContinuousClock.now
                let leader = try await cluster.leader()
                leader.kill()
                try await watch.first("another leader", askedAfter: killed, within: .seconds(5)) {
                    $0.view != nil && $0.node != leader.name
                }

                // By its store it is a member now: the flag is not used again.
                newcomer.signal(SIGTERM)
                _ = try await newcomer.current?.waitForEnd(within: .seconds(10))
                try leader.start()
                try newcomer.start()
                let restarted = ContinuousClock.now
                try await watch.first("all up", askedAfter: restarted, within: .seconds(10)) { $0.showsUp(["a", "b", "c", "d"]) }
                #expect(newcomer.log.contains("--cluster.join are not used"))
            }
        }

        @Test func theLeaderIsRemovedAtAFollowersSocket() async throws {
            try await withWatchedTrio { cluster, watch in
                let leader = try await cluster.leader()
                let others = cluster.nodes(except: leader)
                let told = ContinuousClock.now
                watch.willRemove(leader.name)
                let result = try await others[0].command(["members", "remove", leader.name])
                #expect(result.status == 0, "\(result.text)")
                #expect(result.text.contains("\(leader.name) is removed (committed at index "), "\(result.text)")
                let next = try await watch.first("a view without it", askedAfter: told, within: .seconds(5)) {
                    $0.view.map { $0.members[leader.name] == nil } ?? false
                }
                #expect(others.map(\.name).contains(next.node) || next.node == leader.name)
                let ending = try #require(leader.current)
                #expect(try await ending.waitForEnd(within: .seconds(10)) == .exited(3))
                #expect(leader.log.contains("was removed from the cluster and stops"))
                try await cluster.settled()
                expectNone(HistoryChecks.neverDown(others.map(\.name), in: watch.observations))
                let list = try await others[1].command(["members", "list"])
                #expect(list.text.split(separator: "\n").count == 3, "\(list.text)")
            }
        }

        @Test func aDeadMemberIsReplacedAndWhenItComesBackItDisturbsNobody() async throws {
            try await withWatchedTrio(spares: 1) { cluster, watch in
                let leader = try await cluster.leader()
                let victim = cluster.nodes(except: leader, cluster.node("d"))[0]
                victim.kill()
                let started = ContinuousClock.now
                try cluster.node("d").start()
                try await watch.first("d up", askedAfter: started, within: .seconds(15)) { $0.shows("d", up: true) }
                try await waitForRole("voter", of: "d", at: leader)
                watch.willRemove(victim.name)
                let removal = try await leader.command(["members", "remove", victim.name])
                #expect(removal.status == 0, "\(removal.text)")
                let removed = ContinuousClock.now
                let without = try await watch.first("a view without it", askedAfter: removed, within: .seconds(5)) { $0.view != nil }
                #expect(without.view?.members[victim.name] == nil)

                // It was away when it was removed, and does not know.
                let back = try victim.start()
                #expect(try await back.waitForEnd(within: .seconds(20)) == .exited(3))
                #expect(victim.log.contains("was removed from the cluster and stops"), "\(victim.lastLogLines)")
                let last = try #require(watch.observations.last { $0.view != nil })
                #expect(last.node == leader.name, "the leader has changed")
                #expect(last.view?.term == without.view?.term)
                expectNone(HistoryChecks.neverDown([leader.name, "d"], in: watch.observations))
            }
        }

        @Test func aWipedDiskIsRefusedWithTheStepsThatRepairIt() async throws {
            try await withWatchedTrio { cluster, watch in
                let leader = try await cluster.leader()
                let victim = cluster.nodes(except: leader)[0]
                victim.kill()
                try FileManager.default.removeItem(atPath: victim.storagePath)
                try victim.start()
                _ = try await eventually("the refusal", within: .seconds(5)) {
                    victim.log.contains("members remove \(victim.name)") && victim.log.contains("--cluster.join") ? true : nil
                }
                victim.kill()
                try await repair(victim, cluster, watch)
            }
        }

        @Test func aDamagedStoreIsRefusedAndRepairedWithoutLosingAnything() async throws {
            try await withWatchedTrio { cluster, watch in
                let leader = try await cluster.leader()
                let victim = cluster.nodes(except: leader)[0]
                let before = try #require(watch.observations.last { $0.view != nil }?.view)
                victim.kill()
                try damage(victim.storagePath + "/quorum.sqlite")
                let refused = try victim.start()
                #expect(try await refused.waitForEnd(within: .seconds(10)) != .exited(0))
                #expect(victim.log.contains("quorum.sqlite: damaged, not used and not changed"), "\(victim.lastLogLines)")
                try await repair(victim, cluster, watch)
                let after = try #require(watch.observations.last { $0.view != nil }?.view)
                #expect(after.index > before.index)
                for (transition, count) in before.transitions where !transition.hasPrefix(victim.name) {
                    #expect(after.transitions[transition, default: 0] >= count, "\(transition)")
                }
            }
        }

        @Test func aNodeThatWasAwayFollowsALeaderThatHasANamesakeInItsStore() async throws {
            try await withWatchedTrio(spares: 1) { cluster, watch in
                let (leader, fourth) = (try await cluster.leader(), cluster.node("d"))
                let (away, renewed) = (cluster.nodes(except: leader, fourth)[0], cluster.nodes(except: leader, fourth)[1])
                try fourth.start()
                try await waitForRole("voter", of: "d", at: leader)
                away.kill()
                watch.willRemove(renewed.name)
                try await expect(0, "\(renewed.name) is removed", at: leader, ["members", "remove", renewed.name])
                _ = try await renewed.current?.waitForEnd(within: .seconds(10))
                try FileManager.default.removeItem(atPath: renewed.storagePath)
                try renewed.start(["--cluster.join=\(leader.clusterAddress)"], without: ["--cluster.initial-members"])
                try await waitForRole("voter", of: renewed.name, at: leader)
                try await expect(0, "\(renewed.name) leads", at: leader, ["transfer-leadership", "--to", renewed.name])

                // In its store the leader's name belongs to another incarnation.
                try away.start()
                let started = ContinuousClock.now
                try await watch.first("\(away.name) up", askedAfter: started, within: .seconds(10)) { $0.shows(away.name, up: true) }
                _ = try await eventually("\(away.name) ready", within: .seconds(5)) {
                    try await away.request("/-/ready").status == 200 ? true : nil
                }
            }
        }

        @Test func commandsAtAFollowerAreDoneByTheLeaderOrRefusedInOneLine() async throws {
            try await withCluster(of: 3) { cluster in
                try await cluster.startAll()
                let leader = try await cluster.leader()
                let (one, other) = (cluster.nodes(except: leader)[0], cluster.nodes(except: leader)[1])
                try await expect(0, "\(other.name) leads", at: one, ["transfer-leadership", "--to", other.name])
                #expect(try await cluster.leader().name == other.name)
                try await expect(0, "\(other.name) leads", at: one, ["transfer-leadership", "--to", other.name])
                try await expect(1, "is a voter already", at: one, ["members", "promote", leader.name])
                try await expect(1, "no member is named nobody", at: one, ["members", "remove", "nobody"])
                try await expect(0, "\(leader.name) is a learner", at: one, ["members", "demote", leader.name])
                try await expect(1, "is a learner already", at: one, ["members", "demote", leader.name])
                try await waitForRole("learner", of: leader.name, at: one)
                try await expect(0, "\(leader.name) is a voter", at: one, ["members", "promote", leader.name])
                try await expect(2, "Missing expected argument", at: one, ["members", "promote"])
                try await expect(0, "member   \(one.name)", at: one, ["status"])
                try await expect(0, "µs, version ", at: one, ["status"])
                try await expect(0, "ADDRESS", at: one, ["members"])
                #expect(try await one.request("/api/v1/members", method: "DELETE").status == 404, "the web takes no commands")
                #expect(try await one.request("/api/v1/leadership", method: "POST").status == 404)

                // A leader that is lost before it answers may have done it.
                let frozen = try await cluster.leader()
                frozen.signal(SIGSTOP)
                let asked = cluster.nodes(except: frozen)[0]
                try await expect(1, "may or may not come about", at: asked, ["members", "demote", cluster.nodes(except: frozen)[1].name])
                frozen.signal(SIGCONT)
                try await cluster.settled()

                // Without a quorum. While one of the dead still counts as reached, a leader would take a change and not know its outcome.
                for node in cluster.nodes(except: one) { node.kill() }
                try await expect(1, "none known", at: one, ["status"], within: .seconds(10))
                try await expect(1, "nothing was changed", at: one, ["members", "remove", other.name])
                one.kill()
                try await expect(1, "no node listens there", at: one, ["members", "list"])
                // The socket file of the killed process is replaced.
                for node in cluster.nodes { try node.start() }
                try await cluster.settled()
                try await expect(0, "ADDRESS", at: one, ["members", "list"])
            }
        }

        @Test func aNodeThatWaitsIsAddedAndReplacesAWipedOneByItsAddress() async throws {
            try await withWatchedTrio(spares: 1) { cluster, watch in
                let (leader, fourth) = (try await cluster.leader(), cluster.node("d"))
                let (asked, victim) = (cluster.nodes(except: leader, fourth)[0], cluster.nodes(except: leader, fourth)[1])
                try await expect(1, "connection refused", at: asked, ["members", "add", "d", fourth.clusterAddress])
                // It waits for a cluster that is not there.
                try fourth.start(["--cluster.join=127.0.0.1:1"])
                _ = try await eventually("d listening", within: .seconds(5)) {
                    try? await fourth.request("/-/healthy").status == 200 ? true : nil
                }
                try await expect(1, "calls itself d", at: asked, ["members", "add", "e", fourth.clusterAddress])
                try await expect(0, "d is a learner", at: asked, ["members", "add", "d", fourth.clusterAddress])
                try await waitForRole("voter", of: "d", at: leader)
                try await expect(1, "is where d is dialled", at: asked, ["members", "add", "e", fourth.clusterAddress])

                victim.kill()
                try FileManager.default.removeItem(atPath: victim.storagePath)
                try victim.start(["--cluster.join=\(leader.clusterAddress)"], without: ["--cluster.initial-members"])
                watch.willRemove(victim.name)
                try await expect(
                    0, "\(victim.name) is removed", at: asked, ["members", "replace", victim.name, victim.clusterAddress],
                    within: .seconds(5))
                try await waitForRole("voter", of: victim.name, at: leader)
                try await cluster.settled()
                expectNone(HistoryChecks.neverDown([leader.name, asked.name, "d"], in: watch.observations))
            }
        }

        // MARK: Steps

        /// The steps that the README gives for a member that lost its store.
        private func repair(_ victim: HarnessNode, _ cluster: HarnessCluster, _ watch: Watch) async throws {
            let leader = try await cluster.leader()
            let others = cluster.nodes(except: victim)
            watch.willRemove(victim.name)
            try await expect(0, "\(victim.name) is removed", at: leader, ["members", "remove", victim.name])
            if FileManager.default.fileExists(atPath: victim.storagePath) { try FileManager.default.removeItem(atPath: victim.storagePath) }
            let join = others.map(\.clusterAddress).joined(separator: ",")
            let started = ContinuousClock.now
            try victim.start(["--cluster.join=\(join)"], without: ["--cluster.initial-members"])
            try await watch.first("\(victim.name) up", askedAfter: started, within: .seconds(15)) { $0.shows(victim.name, up: true) }
            try await waitForRole("voter", of: victim.name, at: leader)
            expectNone(HistoryChecks.neverDown(others.map(\.name), in: watch.observations))
        }

        private func waitForRole(_ role: String, of member: String, at node: HarnessNode) async throws {
            _ = try await eventually("\(member) a \(role)", within: .seconds(15)) {
                let lines = try await node.command(["members", "list"]).text.split(separator: "\n")
                return lines.contains { line in
                    let words = line.split(separator: " ")
                    return words.first == member[...] && words.dropFirst().first.map { $0 == role || $0 == role + "," } == true
                } ? true : nil
            }
        }

        private func expect(
            _ status: Int32, _ text: String, at node: HarnessNode, _ command: [String], within limit: Duration = .zero,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let deadline = ContinuousClock.now + limit
            var result = try await node.command(command)
            while ContinuousClock.now < deadline, result.status != status || !result.text.contains(text) {
                result = try await node.command(command)
            }
            #expect(result.status == status, "\(command): \(result.text)", sourceLocation: sourceLocation)
            #expect(result.text.contains(text), "\(command): \(result.text)", sourceLocation: sourceLocation)
        }

        /// Changes a page's worth of bytes in the middle of a file.
        private func damage(_ file: String) throws {
            var bytes = try Data(contentsOf: URL(filePath: file))
            for offset in 0..<4_096 where bytes.count / 2 + offset < bytes.count { bytes[bytes.count / 2 + offset] ^= 0x40 }
            try bytes.write(to: URL(filePath: file))
        }
    }
}
