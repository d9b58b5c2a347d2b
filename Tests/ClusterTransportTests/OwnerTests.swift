import NIOCore
import RaftCore
import Testing
import WireFormat

@testable import ClusterTransport

struct OwnerTests {
    @Test func `an event is never delivered within a call, and those of one call come in order`() async throws {
        let nodes = try await TestNode.cluster(of: 2)
        let node = nodes[0]
        _ = try await node.awaitOpen(.outbound, to: nodes[1])
        _ = try await node.awaitOpen(.inbound, to: nodes[1])
        let (before, after) = try await node.transport.eventLoop.submit {
            let before = node.events.count
            node.transport.setMembership(["a": NodeID(1), "b": NodeID(20)])
            return (before, node.events.count)
        }.get()
        #expect(before == after)
        try await node.events.await("closed", from: before) {
            $0 == .linkClosed(NodeID(2), boot: nodes[1].hello.boot, direction: .inbound)
        }
        let kinds = node.events.all[before...].compactMap { event -> String? in
            switch event {
            case .rejected(let rejected): "rejected \(rejected.direction)"
            case .linkClosed(_, _, let direction): "closed \(direction)"
            default: nil
            }
        }
        #expect(kinds.prefix(4) == ["rejected outbound", "closed outbound", "rejected inbound", "closed inbound"])
        await TestNode.shutdown(nodes)
    }

    @Test func `sent bytes that stay unacknowledged end a connection, and small frames are not held back`() async throws {
        let nodes = try await TestNode.cluster(of: 2)
        _ = try await nodes[0].awaitOpen(.outbound, to: nodes[1])
        let core = nodes[0].transport.core
        let channel = try await nodes[0].transport.eventLoop.submit { () -> (any Channel)? in
            guard case .open(let connection, _) = core.value.links.first?.state else { return nil }
            return connection.channel
        }.get()
        let open = try #require(channel)
        #expect(try await open.getOption(.tcpOption(unacknowledgedTimeout)).get() == 20_000)
        #expect(try await open.getOption(.tcpOption(.tcp_nodelay)).get() != 0)
        await TestNode.shutdown(nodes)
    }
}
