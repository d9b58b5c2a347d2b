import ClusterHarness
import Foundation
import NodeReplica
import RaftCore
import Testing

extension EndToEnd {
    /// What `--debug.record` keeps of a node.
    @Suite(.serialized) struct Recording {
        @Test func aKilledNodesRecordingReplaysWithoutDifference() async throws {
            try await withCluster(of: 3) { cluster in
                for node in cluster.nodes { try node.start(["--debug.record=\(node.storagePath).recording"]) }
                try await cluster.settled()
                try await scrapeAll(of: cluster, times: 20)
                let leader = try await cluster.leader()
                leader.kill()
                try await cluster.settled()
                try leader.start(["--debug.record=\(leader.storagePath).recording"])
                try await cluster.settled()
                try await scrapeAll(of: cluster, times: 5)

                let killed = try replay(leader.storagePath + ".recording.previous")
                #expect(killed.difference == nil, "\(killed)")
                #expect(killed.hasLed)
                #expect(killed.isKilled)
                for node in cluster.nodes {
                    node.kill()
                    let found = try replay(node.storagePath + ".recording")
                    #expect(found.difference == nil, "\(node.name): \(found)")
                    #expect(found.isKilled)
                    #expect(found.inputs > 10, "\(node.name): \(found)")
                }
            }
        }

        @Test func aNodeToldToStopEndsItsRecording() async throws {
            try await withCluster(of: 1) { cluster in
                let node = cluster.nodes[0]
                let path = node.storagePath + ".recording"
                try node.start(["--debug.record=\(path)"])
                try await cluster.settled()
                node.signal(SIGTERM)
                try await eventually("the end of the process", within: .seconds(10)) { node.isRunning ? nil : () }
                let found = try replay(path)
                #expect(found.difference == nil, "\(found)")
                #expect(found.end == .stopped)
            }
        }

        private func scrapeAll(of cluster: HarnessCluster, times: Int) async throws {
            for _ in 0..<times {
                for node in cluster.nodes where node.isRunning { _ = try await node.observe() }
            }
        }

        private struct Found {
            var inputs = 0
            var difference: ReplayDifference?
            var hasLed = false
            var end: RecordingEnd?
            /// Without an end, or cut off within the last record.
            var isKilled = false
        }

        private func replay(_ path: String) throws -> Found {
            var found = Found()
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            do throws(RecordingError) {
                var replay = try RecordingReplay(bytes)
                while let step = try replay.next() {
                    switch step {
                    case .input(let number, _, _, _): found.inputs = number
                    case .effects(_, let effects): if effects.contains(where: Recording.isVictory) { found.hasLed = true }
                    case .difference(let difference):
                        found.difference = difference
                        return found
                    case .ended(let end):
                        found.end = end
                        found.isKilled = end == nil
                    }
                }
            } catch {
                guard error.problem == .cutOff else { throw error }
                found.isKilled = true
            }
            return found
        }

        private static func isVictory(_ effect: ReplicaEffect) -> Bool {
            if case .log(.becameLeader) = effect { return true }
            return false
        }
    }
}
