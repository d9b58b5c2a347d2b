import ClusterHealth
import ClusterTransport
public import ExporterConfiguration
import HealthProbes
import LogStorage
import Logging
import MetricsServer
import NIOCore
import NIOPosix
import NodeReplica
import RaftCore
import ServiceLifecycle
import UnixSignals
import WireFormat

/// Puts a node together and runs it.
public enum Exporter {
    /// Runs a node until SIGTERM or SIGINT, or until it can no longer go on.
    ///
    /// - Throws: what kept it from starting or ended it; one line that names the file, address or value.
    public static func run(_ configuration: NodeConfiguration) async throws {
        let logger = makeLogger(configuration.log)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let node = try await assemble(configuration, eventLoop: group.next(), logger: logger)
            try await node.run()
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private static func makeLogger(_ log: NodeConfiguration.Log) -> Logger {
        Logger(label: "quorum-exporter") { _ in
            LineLogHandler(level: Logger.Level(rawValue: log.level.rawValue) ?? .info, isJSON: log.format == .json)
        }
    }

    private static func assemble(_ configuration: NodeConfiguration, eventLoop: any EventLoop, logger: Logger) async throws -> ServiceGroup
    {
        var random = SystemRandomNumberGenerator()
        let cluster = configuration.cluster
        let (store, recovered) = try LogStore.open(
            path: configuration.storagePath, cluster: cluster.name, member: cluster.member, incarnation: NodeID(random.next()))
        try refuseToOutgrow(cluster, recovered)
        let own = ownMember(configuration, id: recovered.incarnation)
        let startingPoint = startingPoint(recovered, cluster, own: own, logger: logger)
        let head = RecordingHead(
            programVersion: BuildInfo.version, id: recovered.incarnation, configuration: try replicaConfiguration(configuration),
            recovered: recovered.state, seed: random.next(), moment: SystemClock.moment())
        let replica = try head.replica()
        let recorder = try configuration.recordingPath.map { try FlightRecorder(path: $0, head: head, logger: logger) }
        let driver = NodeDriver(
            eventLoop: eventLoop, replica: replica, snapshot: replica.currentSnapshot, own: own, store: store,
            bootstrap: startingPoint == .founding ? Bootstrap(own: own, initialNames: initialNames(cluster)) : nil,
            joining: startingPoint == .joining ? Joining(own: own) : nil, peers: startingPoint.peers(cluster),
            recorder: recorder, logger: logger)
        let transport = try ClusterTransport(
            configuration: try transportConfiguration(configuration, own: own),
            hello: hello(configuration, own: own, recovered: recovered, boot: BootID(random.next())), eventLoop: eventLoop, logger: logger,
            onEvent: { driver.handle($0) })
        // The driver first: what the transport reports must find it ready to answer.
        transport.setPeers(startingPoint.peers(cluster))
        await driver.start(transport: transport)
        await driver.join(through: cluster.joinAddresses.map(\.description))
        do {
            _ = try await transport.start()
            return try services(
                configuration, own: own, driver: driver, transport: transport, store: store, recorder: recorder,
                startedAt: head.moment.wall, logger: logger)
        } catch {
            // What has begun ends before the loop it runs on does.
            await driver.shutDown()
            recorder?.finish()
            await transport.shutdown()
            try store.close()
            throw error
        }
    }

    // MARK: Parts of the configuration

    private static func replicaConfiguration(_ configuration: NodeConfiguration) throws -> ReplicaConfiguration {
        let raft = configuration.raft
        let health = configuration.health
        var limits = RaftConfiguration.Limits()
        limits.compactEntries = raft.snapshotEntries
        limits.tailEntries = raft.snapshotEntries / 5
        return ReplicaConfiguration(
            raft: try RaftConfiguration(
                heartbeatInterval: raft.heartbeatInterval, electionTimeout: raft.electionTimeout, limits: limits),
            observer: try ObserverConfiguration(downAfter: health.downAfter),
            rounds: try RoundPlanner.Configuration(
                interval: health.interval, reportFreshness: max(.milliseconds(500), min(raft.electionTimeout * 3 / 2, health.downAfter))),
            verdict: VerdictSettings(upAfterMilliseconds: UInt32(clamping: health.upAfter.wholeNanoseconds / 1_000_000)))
    }

    private static func transportConfiguration(_ configuration: NodeConfiguration, own: Membership.Member) throws -> TransportConfiguration
    {
        let cluster = configuration.cluster
        let security: TransportSecurity =
            if let tls = cluster.tls {
                .mutualTLS(.init(certificate: tls.certificatePath, key: tls.keyPath, authority: tls.authorityPath))
            } else {
                .plaintext(beyondLoopback: cluster.allowsPlaintext)
            }
        var timing = TransportConfiguration.Timing()
        let patience = configuration.health.downAfter / 2
        timing.maximumBackoff = .nanoseconds(patience.wholeNanoseconds)
        timing.ping = .nanoseconds(min(.milliseconds(200), patience / 4).wholeNanoseconds)
        timing.unacknowledged = .nanoseconds(patience.wholeNanoseconds)
        return try TransportConfiguration(
            listenAddress: cluster.listenAddress.description, advertiseAddress: own.address, security: security, timing: timing)
    }

    private static func initialNames(_ cluster: NodeConfiguration.Cluster) -> [String] {
        cluster.initialMembers.isEmpty ? [cluster.member] : cluster.initialMembers.map(\.name)
    }

    private static func ownMember(_ configuration: NodeConfiguration, id: NodeID) -> Membership.Member {
        let cluster = configuration.cluster
        let listed = cluster.initialMembers.first { $0.name == cluster.member }
        return Membership.Member(
            id: id, name: cluster.member, role: .voter, address: (listed?.address ?? cluster.advertiseAddress).description,
            webURL: configuration.web.externalURL)
    }

    private static func hello(
        _ configuration: NodeConfiguration, own: Membership.Member, recovered: RecoveredStore, boot: BootID
    ) -> Hello {
        Hello(
            protocolVersion: TransportConfiguration.supportedProtocolVersions.upperBound, clusterName: configuration.cluster.name,
            clusterID: recovered.clusterID, memberName: own.name, incarnation: own.id, boot: boot, programVersion: BuildInfo.version,
            listenAddress: own.address, webURL: own.webURL, kind: .node, bootstrapped: recovered.clusterID != nil)
    }

    /// A node that founded a cluster of its own does not become part of another by a flag: its log and theirs would contradict.
    private static func refuseToOutgrow(_ cluster: NodeConfiguration.Cluster, _ recovered: RecoveredStore) throws {
        guard let last = recovered.membership, last.members.count == 1, cluster.initialMembers.count > 1 else { return }
        let given = cluster.initialMembers.map(\.name).joined(separator: ",")
        throw ConfigurationMistakes(lines: [
            "--cluster.initial-members: \(given): \(cluster.member) has been a cluster of its own since its first start (cluster "
                + "\(last.clusterID)); allowed is none; to make it part of another cluster, start it with an empty --storage.path and "
                + "--cluster.join"
        ])
    }

    /// Says whether the store or the flags tell who the members are.
    private static func startingPoint(
        _ recovered: RecoveredStore, _ cluster: NodeConfiguration.Cluster, own: Membership.Member, logger: Logger
    ) -> StartingPoint {
        guard let clusterID = recovered.clusterID else { return cluster.joinAddresses.isEmpty ? .founding : .joining }
        logger.notice("member of cluster \(clusterID) by its store; --cluster.initial-members and --cluster.join are not used")
        if recovered.membership?.member(own.id)?.role == .learner {
            logger.notice("this node is a learner, without a vote; 'quorum-exporter members promote \(own.name)' makes it a voter")
        }
        return .member
    }

    private enum StartingPoint {
        case founding, joining, member

        /// Whom to dial before a membership is known.
        func peers(_ cluster: NodeConfiguration.Cluster) -> [PeerEndpoint] {
            switch self {
            case .member: []
            case .joining: cluster.joinAddresses.map { PeerEndpoint(name: nil, address: $0.description) }
            case .founding:
                cluster.initialMembers.filter { $0.name != cluster.member }.map {
                    PeerEndpoint(name: $0.name, address: $0.address.description)
                }
            }
        }
    }

    // MARK: Services

    /// In order of their start; they stop in reverse: leadership first, then the web, the connections, and the driver last.
    private static func services(
        _ configuration: NodeConfiguration, own: Membership.Member, driver: NodeDriver, transport: ClusterTransport, store: LogStore,
        recorder: FlightRecorder?, startedAt: WallTime, logger: Logger
    ) throws -> ServiceGroup {
        let telemetry = NodeTelemetry()
        let board = ProbeBoard()
        let isStopping = StopFlag()
        let facts = NodeFactsSource(
            clusterName: configuration.cluster.name, store: store, transport: transport, telemetry: telemetry, probes: board,
            startedAt: startedAt)
        let documents = Documents(own: own, clusterName: configuration.cluster.name, startedAt: startedAt)
        let routes = WebRoutes(
            driver: driver, facts: facts, renderer: ScrapeRenderer(), documents: documents, telemetry: telemetry,
            telemetryPath: configuration.web.telemetryPath, proofBudget: configuration.raft.electionTimeout, isStopping: isStopping)
        var limits = WebLimits()
        limits.requests = configuration.web.maximumRequests
        // What the HTTP library says of its listeners is said once more, and better, below.
        var webLogger = logger
        webLogger.logLevel = max(logger.logLevel, .warning)
        let web = try MetricsServer(
            listenAddresses: configuration.web.listenAddresses.map(\.description), routes: routes.routes, limits: limits, logger: webLogger,
            onListening: { addresses in logger.notice("listening on \(addresses.map(\.description).joined(separator: ", "))") },
            onRequest: { telemetry.requestAnswered($0) })
        let admin = try MetricsServer(
            socketPath: configuration.adminSocketPath, routes: routes.routes + AdminRoutes(driver: driver).routes, logger: webLogger,
            onListening: { logger.info("operators' commands are taken at \(configuration.adminSocketPath)") })
        let sampling = SamplingService(
            driver: driver, runner: ProbeRunner(folder: configuration.storagePath), board: board, interval: configuration.health.interval,
            measuresResources: configuration.health.reportsResources)
        let all: [any Service] = [
            DriverService(driver: driver, store: store, recorder: recorder), TransportService(transport: transport), sampling, web, admin,
            HandoverService(driver: driver, isStopping: isStopping, logger: logger),
        ]
        var group = ServiceGroupConfiguration(
            services: all.map { .init(service: $0, failureTerminationBehavior: afterFailure(of: $0)) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = maximumStop
        return ServiceGroup(configuration: group)
    }

    /// Hand-over and last requests together take less; whatever hangs longer is cut off.
    private static let maximumStop = Duration.seconds(15)

    /// A driver that failed may not go on for a moment; when anything else fails, such as a web address in use, the node stops in order.
    private static func afterFailure(of service: any Service) -> ServiceGroupConfiguration.ServiceConfiguration.TerminationBehavior {
        service is DriverService ? .cancelGroup : .gracefullyShutdownGroup
    }
}
