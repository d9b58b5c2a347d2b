import ClusterTransport
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import RaftCore
import WireFormat

/// One transport on loopback, with an address of its own so that tests that run side by side share no port.
final class TestNode: Sendable {
    let hello: Hello
    let transport: ClusterTransport
    let events = EventRecorder()
    let log: LogLines
    let listenAddress: String

    private let endpoint = NIOLockedValueBox<PeerEndpoint?>(nil)
    private static let lastAddress = NIOLockedValueBox(1)
    private static let lastBoot = NIOLockedValueBox<UInt64>(0)

    /// An address of the loopback network that no other test uses.
    static func freshHost() -> String {
        let number = lastAddress.withLockedValue { last -> Int in
            last += 1
            return last
        }
        return "127.0.\(1 + number / 250).\(1 + number % 250)"
    }

    static func hello(
        _ name: String, incarnation: UInt64, cluster: String = "test", clusterID: ClusterID? = nil, version: UInt32 = 1
    ) -> Hello {
        let boot = lastBoot.withLockedValue { last -> UInt64 in
            last += 1
            return last
        }
        return Hello(
            protocolVersion: version, clusterName: cluster, clusterID: clusterID, memberName: name, incarnation: NodeID(incarnation),
            boot: BootID(boot), programVersion: "0", listenAddress: "", webURL: "", kind: .node, bootstrapped: clusterID != nil)
    }

    init(
        hello: Hello, listen: String? = nil, security: TransportSecurity = .plaintext(beyondLoopback: false),
        limits: TransportConfiguration.Limits = .init(), timing: TransportConfiguration.Timing = TestNode.fastTiming
    ) throws {
        self.hello = hello
        let address = listen ?? "\(TestNode.freshHost()):0"
        listenAddress = address
        let log = LogLines()
        self.log = log
        let configuration = try TransportConfiguration(listenAddress: address, security: security, limits: limits, timing: timing)
        transport = try ClusterTransport(
            configuration: configuration, hello: hello, eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            logger: Logger(label: "test") { _ in log }, onEvent: { [events] in events.record($0) })
    }

    static var fastTiming: TransportConfiguration.Timing {
        var timing = TransportConfiguration.Timing()
        timing.ping = .milliseconds(20)
        timing.maximumBackoff = .milliseconds(200)
        // Bounds that a loaded machine keeps.
        timing.connect = .seconds(20)
        timing.hello = .seconds(20)
        timing.unacknowledged = .seconds(20)
        return timing
    }

    static var impatientTiming: TransportConfiguration.Timing {
        var timing = fastTiming
        timing.hello = .milliseconds(300)
        return timing
    }

    /// Starts and gives the endpoint under which others dial it.
    func start() async throws -> PeerEndpoint {
        let address = try await transport.start()
        let endpoint = PeerEndpoint(
            id: hello.incarnation, name: hello.memberName, address: "\(address.ipAddress ?? ""):\(address.port ?? 0)")
        self.endpoint.withLockedValue { $0 = endpoint }
        return endpoint
    }

    /// Where it is dialled, once started.
    var address: String { endpoint.withLockedValue { $0?.address ?? "" } }

    func awaitOpen(_ direction: ConnectionDirection, to peer: TestNode, from: Int = 0) async throws -> Int {
        try await events.await("link \(direction) of \(hello.memberName) to \(peer.hello.memberName)", from: from) {
            $0 == .linkOpened(peer.hello.incarnation, boot: peer.hello.boot, direction: direction)
        }
    }

    @discardableResult
    func awaitRejection(_ cause: RejectionCause, from: Int = 0) async throws -> Int {
        try await events.await("rejection \(cause)", from: from) {
            if case .rejected(let rejected) = $0 { return rejected.cause == cause }
            return false
        }
    }

    /// Nodes that know and dial each other, started; named a, b, c… with incarnations 1, 2, 3….
    static func cluster(of count: Int, security: (String) -> TransportSecurity = { _ in .plaintext(beyondLoopback: false) }) async throws
        -> [TestNode]
    {
        let names = ["a", "b", "c", "d", "e"].prefix(count)
        var nodes: [TestNode] = []
        for (position, name) in names.enumerated() {
            nodes.append(try TestNode(hello: hello(name, incarnation: UInt64(position + 1)), security: security(name)))
        }
        var endpoints: [PeerEndpoint] = []
        for node in nodes { endpoints.append(try await node.start()) }
        for node in nodes { node.transport.setPeers(endpoints) }
        return nodes
    }

    static func shutdown(_ nodes: [TestNode]) async {
        for node in nodes { await node.transport.shutdown() }
    }
}

/// A log handler that keeps its lines.
final class LogLines: LogHandler, Sendable {
    private let lines = NIOLockedValueBox<[(level: Logger.Level, text: String)]>([])

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let text = "\(event.message) \(event.metadata ?? [:])"
        let level = event.level
        lines.withLockedValue { $0.append((level, text)) }
    }

    func warnings(containing text: String) -> Int {
        lines.withLockedValue { $0.filter { $0.level == .warning && $0.text.contains(text) }.count }
    }
}

/// A consensus frame that carries a number.
func numbered(_ number: UInt64) -> Frame {
    .raft(Message(term: Term(1), body: .appendReply(.accepted(match: LogIndex(number)))), nil)
}

/// A consensus frame of about `size` bytes.
func bulky(_ size: Int) -> Frame {
    let entry = LogEntry(index: LogIndex(1), term: Term(1), content: .command(Array(repeating: 7, count: size)))
    let request = AppendRequest(previousIndex: .zero, previousTerm: .zero, entries: [entry], commit: .zero)
    return .raft(Message(term: Term(1), body: .append(request)), nil)
}
