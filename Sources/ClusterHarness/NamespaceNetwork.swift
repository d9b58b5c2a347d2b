import Foundation
import Glibc
import Synchronization

/// A network namespace for each node, with two links: one to be scraped over, one to the other nodes, which can be cut.
///
/// Needs root. Addresses are of 198.18.0.0/15, which is set aside for tests of networks.
public final class NamespaceNetwork: Sendable {
    let names: [String]
    /// Begins the names of the namespaces and links of this one.
    let prefix: String
    /// The third byte of the addresses; different ones may be there at the same time.
    private let part: Int
    /// The rules in force, in the order in which they were imposed.
    let rules = Mutex<[NetworkRule]>([])

    public init(names: [String]) {
        self.names = names
        prefix = "qx\(getpid() % 100_000)"
        part = Int.random(in: 1...250)
    }

    /// Whether this user may make namespaces here, and filter packets in them.
    public static var isAvailable: Bool {
        guard getuid() == 0, unsafe access(tool, X_OK) == 0 else { return false }
        let name = "qxprobe\(getpid())"
        let isMade =
            (try? shell(
                "ip netns add \(name) && ip link add \(name)b type bridge && ip link del \(name)b "
                    + "&& ip netns exec \(name) nft add table inet probe")) != nil
        _ = try? shell("ip netns del \(name)")
        return isMade
    }

    /// Where the node is scraped, from outside of all namespaces.
    func webHost(_ name: String) -> String { "198.18.\(part).\(number(name))" }

    /// Where the other nodes find it.
    func clusterHost(_ name: String) -> String { "198.19.\(part).\(number(name))" }

    /// Starts what follows inside the node's namespace.
    func launcher(_ name: String) -> [String] { [NamespaceNetwork.tool, "netns", "exec", "\(prefix)\(name)"] }

    /// Shell commands that remove everything, whether it is there or not.
    var removal: String {
        let namespaces = names.map { "ip netns del \(prefix)\($0) 2>/dev/null" }
        let links = names.flatMap { ["\(prefix)w\($0)", "\(prefix)c\($0)"] } + ["\(prefix)w", "\(prefix)c"]
        return (namespaces + links.map { "ip link del \($0) 2>/dev/null" } + ["true"]).joined(separator: "; ")
    }

    /// Makes the bridges, namespaces and links.
    public func build() async throws {
        var lines = [
            "ip link add \(prefix)w type bridge", "ip addr add 198.18.\(part).254/24 dev \(prefix)w", "ip link set \(prefix)w up",
            "ip link add \(prefix)c type bridge", "ip link set \(prefix)c up",
        ]
        for name in names {
            let space = prefix + name
            lines += ["ip netns add \(space)", "ip -n \(space) link set lo up"]
            for (kind, host) in [("w", webHost(name)), ("c", clusterHost(name))] {
                lines += [
                    "ip link add \(prefix)\(kind)\(name) type veth peer name \(kind)0 netns \(space)",
                    "ip link set \(prefix)\(kind)\(name) master \(prefix)\(kind) up",
                    "ip -n \(space) addr add \(host)/24 dev \(kind)0", "ip -n \(space) link set \(kind)0 up",
                ]
            }
        }
        let script = lines.joined(separator: " && ")
        try await run(script)
    }

    /// No packet passes between this node and the others any more; it can still be scraped.
    public func cut(_ name: String) async throws { try await set(name, "nomaster") }

    /// Joins it to the others again.
    public func heal(_ name: String) async throws { try await set(name, "master \(prefix)c") }

    /// The node's own end of its link to the others is taken down: it learns at once that it has no network there.
    public func takeLinkDown(_ name: String) async throws {
        try await run("ip -n \(prefix)\(name) link set c0 down")
        let state = try await run("ip -n \(prefix)\(name) -br link show c0")
        guard state.contains("DOWN") else { throw HarnessError("the link of \(name) is not down: \(state)") }
    }

    /// And up again.
    public func bringLinkUp(_ name: String) async throws { try await run("ip -n \(prefix)\(name) link set c0 up") }

    /// Removes everything.
    public func remove() { _ = try? NamespaceNetwork.shell(removal) }

    private func set(_ name: String, _ what: String) async throws { try await run("ip link set \(prefix)c\(name) \(what)") }

    /// Runs a script of the shell.
    /// - Returns: what it wrote.
    @discardableResult
    func run(_ script: String) async throws -> String { try await offload { try NamespaceNetwork.shell(script) } }

    private func number(_ name: String) -> Int { (names.firstIndex(of: name) ?? 0) + 1 }

    private static let tool = "/usr/sbin/ip"

    @discardableResult
    private static func shell(_ script: String) throws -> String {
        let folder = try TemporaryFolder.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = try NodeProcess(executable: "/bin/sh", arguments: ["-c", script], logPath: folder + "/log")
        while process.ending == nil { usleep(1_000) }
        guard process.ending == .exited(0) else { throw HarnessError("\(script): \(process.log)") }
        return process.log
    }
}
