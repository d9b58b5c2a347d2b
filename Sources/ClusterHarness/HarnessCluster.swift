import Foundation
import Glibc
public import ScrapeHistory
import Synchronization

/// Processes of the program under test on loopback, with their ports and a temporary folder of their own.
public final class HarnessCluster: Sendable {
    /// The nodes, in the order of their names: a, b, c, …
    public let nodes: [HarnessNode]
    /// The temporary folder: a folder and a log for each node.
    public let folder: String

    private let founders: Int
    private let watchdog: Watchdog
    private let disks = Mutex<[SmallDisk]>([])
    private let freezableDisks = Mutex<[FreezableDisk]>([])

    /// How the nodes are started.
    public struct Settings: Sendable {
        public var binary: String
        /// Those that found the cluster.
        public var count: Int
        /// Further ones that `startAll` leaves alone; each asks the founders to be taken in.
        public var spares = 0
        public var clusterName = "test"
        /// Flags of every node, beside names, addresses and the storage path. The timing is the program's default but for the interval,
        /// which is halved so that much happens in a short time.
        public var flags = ["--health.interval=500ms"]
        /// Further flags of one node, by its name.
        public var ownFlags: [String: [String]] = [:]

        /// - Throws: `HarnessError` when no binary is found.
        public init(count: Int, binary: String? = nil) throws {
            self.count = count
            self.binary = try binary ?? Binary.locate()
        }
    }

    /// Chooses ports and makes the folder; starts nothing.
    /// - Parameter network: the namespaces to start the nodes in; nil for loopback.
    public init(_ settings: Settings, network: NamespaceNetwork? = nil) throws {
        let folder = try TemporaryFolder.make()
        self.folder = folder
        let watchdog = try Watchdog(folder: folder)
        self.watchdog = watchdog
        founders = settings.count
        let ports = try FreePorts.take(2 * (settings.count + settings.spares))
        let names = "abcdefg".prefix(settings.count + settings.spares).map { String($0) }
        let addresses = names.indices.map { "\(network?.clusterHost(names[$0]) ?? "127.0.0.1"):\(ports[2 * $0 + 1])" }
        let initial = zip(names, addresses).prefix(settings.count).map { "\($0)=\($1)" }.joined(separator: ",")
        let join = addresses.prefix(settings.count).joined(separator: ",")
        nodes = names.indices.map { at in
            let start = at < settings.count ? "--cluster.initial-members=\(initial)" : "--cluster.join=\(join)"
            let fixed = ["--cluster.name=\(settings.clusterName)", start, "--cluster.member=\(names[at])"]
            let flags = fixed + settings.flags + (settings.ownFlags[names[at]] ?? [])
            return HarnessNode(
                name: names[at], binary: settings.binary, host: network?.webHost(names[at]) ?? "127.0.0.1",
                clusterHost: network?.clusterHost(names[at]), webPort: ports[2 * at], clusterPort: ports[2 * at + 1],
                storagePath: "\(folder)/\(names[at])", flags: flags, launcher: network?.launcher(names[at]) ?? [],
                watchdog: watchdog)
        }
        if let network { watchdog.afterwards(network.removal) }
    }

    /// Starts all founders, waits until one serves the view with every member up.
    /// - Returns: when that was first seen.
    /// - Throws: `HarnessError` with what the nodes said.
    @discardableResult
    public func startAll(within limit: Duration = .seconds(20)) async throws -> ContinuousClock.Instant {
        for node in nodes.prefix(founders) { try node.start() }
        let at = try await settled(within: limit)
        guard nodes.prefix(founders).allSatisfy(\.isRunning) else { throw HarnessError("a node ended after its start; \(logs)") }
        return at
    }

    /// Waits until one node serves the view and every running node's member is up in it.
    @discardableResult
    public func settled(within limit: Duration = .seconds(20)) async throws -> ContinuousClock.Instant {
        do {
            return try await eventually("a view with every running member up", within: limit) {
                guard nodes.contains(where: \.isRunning) else { throw HarnessError("no node runs") }
                guard let view = try await serving()?.view else { return nil }
                let running = nodes.filter(\.isRunning)
                return running.allSatisfy { view.members[$0.name]?.state == "up" } ? .now : nil
            }
        } catch {
            throw HarnessError("\(error); \(logs)")
        }
    }

    /// The last lines of every node's log, for an error.
    public var logs: String { "logs:\n" + nodes.map { "\($0.name):\n\($0.lastLogLines)" }.joined(separator: "\n") }

    /// One scrape of every running node, at the same time.
    public func observe() async throws -> [Observation] {
        let targets = nodes.filter(\.isRunning).map(\.target)
        return try await withThrowingTaskGroup(of: Observation.self) { group in
            for target in targets { group.addTask { try await offload { Watch.observe(target) } } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// The scrape that has the view, if one has.
    public func serving() async throws -> Observation? { try await observe().first { $0.view != nil } }

    /// The node that serves the view.
    /// - Throws: `HarnessError` when nobody does for the given time.
    public func leader(within limit: Duration = .seconds(10)) async throws -> HarnessNode {
        try await eventually("a node that serves the view", within: limit) { try await serving().map { node($0.node) } }
    }

    public func node(_ name: String) -> HarnessNode {
        guard let found = nodes.first(where: { $0.name == name }) else { preconditionFailure("no node \(name)") }
        return found
    }

    /// All but the given ones.
    public func nodes(except others: HarnessNode...) -> [HarnessNode] {
        nodes.filter { node in !others.contains { $0.name == node.name } }
    }

    /// Watches all nodes until it is stopped.
    public func watch(every period: Duration = .milliseconds(100)) -> Watch { Watch(nodes.map(\.target), every: period) }

    /// Gives a node that was not started yet a file system of its own that is soon full.
    public func giveSmallDisk(_ node: HarnessNode, kibibytes: Int) throws -> SmallDisk {
        watchdog.afterwards(SmallDisk.removal(of: node.storagePath))
        let disk = try SmallDisk(mountedAt: node.storagePath, kibibytes: kibibytes)
        disks.withLock { $0.append(disk) }
        return disk
    }

    /// Gives a node that was not started yet a file system of its own that can hang.
    public func giveFreezableDisk(_ node: HarnessNode) throws -> FreezableDisk {
        watchdog.afterwards(FreezableDisk.removal(of: node.storagePath))
        let disk = try FreezableDisk(mountedAt: node.storagePath)
        freezableDisks.withLock { $0.append(disk) }
        return disk
    }

    /// Kills what runs and removes the folder.
    public func tearDown() {
        // Whoever waits for a frozen disk cannot be killed; one that is not frozen says so, which is as well.
        let freezable = freezableDisks.withLock { $0 }
        for disk in freezable { try? disk.thaw() }
        defer { for disk in freezable { disk.unmount() } }
        for node in nodes { node.kill() }
        for disk in disks.withLock({ $0 }) { disk.unmount() }
        try? FileManager.default.removeItem(atPath: folder)
        watchdog.dismiss()
    }
}
