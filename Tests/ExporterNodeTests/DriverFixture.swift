import ClusterHealth
import Foundation
import LogStorage
import Logging
import NIOCore
import NIOPosix
import NodeReplica
import RaftCore

@testable import ExporterNode

/// The node whose driver is tested.
let testedNode = Membership.Member(id: NodeID(7), name: "a", role: .voter, address: "a:1", webURL: "")

/// A driver with a store and an event loop of its own, and without connections.
///
/// - Parameters:
///   - entries: what its store holds at the start.
///   - joining: set for a node that asks to be taken in.
func withDriver(
    stored entries: [LogEntry] = [], joining: Joining? = nil, _ body: (NodeDriver) async throws -> Void
) async throws {
    let path = FileManager.default.temporaryDirectory.path + "/driver-\(UUID().uuidString)"
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (store, _) = try LogStore.open(path: path, cluster: "test", member: testedNode.name, incarnation: testedNode.id)
    let state = RecoveredState(hardState: HardState(term: entries.last?.term ?? .zero), entries: entries)
    try await store.keep(state)
    let replica = try Replica(
        id: testedNode.id,
        configuration: ReplicaConfiguration(
            raft: try RaftConfiguration(heartbeatInterval: .milliseconds(100), electionTimeout: .seconds(1)), observer: .standard,
            rounds: .standard, verdict: VerdictSettings()),
        recovered: state, seed: 1, at: SystemClock.moment())
    let driver = NodeDriver(
        eventLoop: group.next(), replica: replica, snapshot: replica.currentSnapshot, own: testedNode, store: store, bootstrap: nil,
        joining: joining, peers: [], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await body(driver)
    await driver.shutDown()
    try store.close()
    try await group.shutdownGracefully()
    try FileManager.default.removeItem(atPath: path)
}

extension LogStore {
    fileprivate func keep(_ state: RecoveredState) async throws {
        guard !state.entries.isEmpty else { return }
        _ = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Duration, any Error>) in
            write([StorageWrite(number: WriteNumber(1), hardState: state.hardState, entries: state.entries)]) {
                continuation.resume(with: $0)
            }
        }
    }
}
