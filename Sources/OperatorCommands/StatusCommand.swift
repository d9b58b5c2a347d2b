public import ArgumentParser
import StatusDocuments

/// `quorum-exporter status`.
public struct StatusCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Says how a node sees itself and the cluster.",
        discussion: "Exits with 1 when the node does not answer or knows of no leader.")

    @Option(
        help: ArgumentHelp(
            "Where the node's pages are, over HTTP. Default: http://127.0.0.1:\(DemoPlan.standardBasePort), unless a socket is given.",
            valueName: "url"))
    public var url: String?

    @OptionGroup var options: NodeOptions

    /// Within this the answer must be there.
    static let budgetSeconds = 5.0

    public init() {}

    public func run() throws {
        let node = try asked()
        let requests = ["/api/v1/status", "/api/v1/view"].map { node.request($0) }
        let outcomes = HTTPFetch.all(requests, within: StatusCommand.budgetSeconds)
        guard let status = DocumentReader.document(StatusDocument.self, outcomes[0]) else {
            throw StatusUnavailable(node: node, outcome: outcomes[0])
        }
        for line in StatusText.lines(status, view: DocumentReader.document(ViewDocument.self, outcomes[1])) { print(line) }
        if status.leader == nil { throw ExitCode.failure }
    }

    private func asked() throws -> AskedNode {
        if let url {
            guard !options.isGiven else { throw ValidationError("--url and a socket are two ways to the node; give one") }
            return try AskedNode.at(url: url)
        }
        guard !options.isGiven else { return try options.node() }
        return try AskedNode.at(url: "http://127.0.0.1:\(DemoPlan.standardBasePort)")
    }
}

/// The node gave no status.
struct StatusUnavailable: Error, CustomStringConvertible {
    let node: AskedNode
    let outcome: HTTPOutcome

    var description: String {
        switch outcome {
        case .failed(let reason): return node.explanation(of: reason)
        case .answered(200, _): return "\(node.name): answers, but not as a node does"
        case .answered(let status, _): return "\(node.name): answers with \(status)"
        }
    }
}

/// A URL without TLS, taken apart.
struct PlainURL: Equatable {
    let host: String
    let port: UInt16
    /// Empty, or begins with `/` and does not end with one.
    let path: String

    /// Nil for anything but `http://host`, `http://host:port` and a path after them.
    init?(_ text: String) {
        guard text.hasPrefix("http://") else { return nil }
        var rest = text.dropFirst("http://".count)
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !authority.contains("@") else { return nil }
        let portStart = authority.hasSuffix("]") ? nil : authority.lastIndex(of: ":")
        var host = authority[..<(portStart ?? authority.endIndex)]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        let digits = portStart.map { authority[authority.index(after: $0)...] } ?? "80"
        guard !host.isEmpty, let port = UInt16(digits), port > 0 else { return nil }
        self.host = String(host)
        self.port = port
        self.path = String(path)
    }
}

/// A status in words.
enum StatusText {
    /// - Parameter view: the proven view, when this node serves it.
    static func lines(_ status: StatusDocument, view: ViewDocument?) -> [String] {
        var lines = [
            "member   \(status.node.member) of cluster \(status.cluster.name), version \(status.version)",
            "role     \(status.role) in term \(status.term), \(status.isReady ? "ready" : "not ready")",
            "leader   \(status.leader.map { $0.member ?? $0.id } ?? "none known")",
            "log      committed \(status.commitIndex), applied \(status.appliedIndex), last \(status.lastLogIndex)",
        ]
        if let tolerance = status.failureTolerance { lines.append("spare    \(tolerance) voters may still be lost") }
        for peer in status.peers {
            let time = peer.roundTripSeconds.map { ", \(Int(($0 * 1_000_000).rounded())) µs" } ?? ""
            let version = peer.version.map { ", version \($0)" } ?? ""
            lines.append("peer     \(peer.member): link \(peer.isLinkUp ? "up" : "down")\(time)\(version)")
        }
        return (lines + viewLines(view)).map(\.printable)
    }

    private static func viewLines(_ view: ViewDocument?) -> [String] {
        guard let view else { return ["view     not served by this node"] }
        return ["view     index \(view.index), term \(view.term)"]
            + view.members.map { member in
                let reason = member.downReason.map { " (\($0))" } ?? ""
                return "state    \(member.member): \(member.state)\(reason)"
            }
    }
}
