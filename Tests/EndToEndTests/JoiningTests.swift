import ClusterHarness
import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// Nodes that are taken in by a leader which cannot make it come about.
    @Suite(.serialized) struct JoiningInVain {
        /// Its election timeout is long, so that a leader that lost its followers leads for a while.
        @Test func aNodeWhoseAdditionIsUndoneIsTakenInByTheNextLeader() async throws {
            try await withCluster(of: 3, spares: 1, flags: ["--raft.election-timeout=4s", "--health.down-after=9s"]) { cluster in
                try await cluster.startAll()
                let (leader, newcomer) = (try await cluster.leader(), cluster.node("d"))
                let others = cluster.nodes(except: leader, newcomer)
                // A frozen one would find the change among what had arrived meanwhile.
                for other in others { other.kill() }
                try newcomer.start(["--cluster.join=\(leader.clusterAddress)"])
                // It holds the log, with the change that nobody but this leader has.
                _ = try await eventually("d in the log of the newcomer", within: .seconds(3)) {
                    newcomer.log.contains("a, b, c, d") ? true : nil
                }
                leader.signal(SIGSTOP)
                for other in others { try other.start() }
                _ = try await eventually("another leader", within: .seconds(30)) {
                    others.contains { $0.log.components(separatedBy: "leading in term").count > 1 } ? true : nil
                }
                leader.signal(SIGCONT)
                _ = try await eventually("the undone change", within: .seconds(20)) {
                    leader.log.contains("are replaced by the leader's") ? true : nil
                }
                _ = try await eventually("d a voter", within: .seconds(30)) {
                    let lines = try await others[0].command(["members", "list"]).text.split(separator: "\n")
                    return lines.contains { $0.split(separator: " ").prefix(2).map(String.init) == ["d", "voter"] } ? true : nil
                }
                #expect(newcomer.isRunning && !newcomer.log.contains("was removed"), "\(newcomer.lastLogLines)")
            }
        }
    }
}
