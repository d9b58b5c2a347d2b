public import ArgumentParser
import StatusDocuments

/// `quorum-exporter members …`.
public struct MembersCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "members", abstract: "Lists the cluster's members, and changes who they are.",
        discussion: """
            Any node's socket will do: a node that does not lead passes the command on to the leader. A command returns once its change \
            is committed. It exits with 1 when the change was refused or its outcome is not known, and says which.
            """,
        subcommands: [List.self, Add.self, Promote.self, Demote.self, Remove.self, Replace.self], defaultSubcommand: List.self)

    public init() {}
}

extension MembersCommand {
    /// `members list`.
    public struct List: ParsableCommand {
        public static let configuration = CommandConfiguration(abstract: "Lists the members as a node has them.")

        @OptionGroup var options: NodeOptions

        @Option(help: ArgumentHelp("Where a node's pages are, over plain HTTP; instead of its socket.", valueName: "url"))
        var url: String?

        public init() {}

        public func run() throws {
            let node = try url.map { try AskedNode.at(url: $0) } ?? options.node()
            let outcomes = HTTPFetch.all(
                ["/api/v1/status", "/api/v1/view"].map { node.request($0) }, within: StatusCommand.budgetSeconds)
            guard let status = DocumentReader.document(StatusDocument.self, outcomes[0]) else {
                throw StatusUnavailable(node: node, outcome: outcomes[0])
            }
            guard !status.members.isEmpty else {
                throw CommandFailure(description: "\(node.name): \(status.node.member.printable) belongs to no cluster yet")
            }
            for line in MembersText.lines(status, view: DocumentReader.document(ViewDocument.self, outcomes[1])) { print(line) }
        }
    }

    /// `members promote`.
    public struct Promote: ParsableCommand {
        public static let configuration = CommandConfiguration(abstract: "Makes a learner that has caught up a voter.")

        @Argument(help: "The member's name.") var member: String
        @OptionGroup var options: NodeOptions
        @OptionGroup var limit: TimeLimit

        public init() {}

        public func run() throws {
            try Administration(node: options.node(), seconds: limit.timeout)
                .perform("POST", "/api/v1/members/promote", [("member", member)])
        }
    }

    /// `members demote`.
    public struct Demote: ParsableCommand {
        public static let configuration = CommandConfiguration(abstract: "Makes a voter a learner, which holds the log and has no vote.")

        @Argument(help: "The member's name.") var member: String
        @OptionGroup var options: NodeOptions
        @OptionGroup var limit: TimeLimit

        public init() {}

        public func run() throws {
            try Administration(node: options.node(), seconds: limit.timeout)
                .perform("POST", "/api/v1/members/demote", [("member", member)])
        }
    }

    /// `members remove`.
    public struct Remove: ParsableCommand {
        public static let configuration = CommandConfiguration(
            abstract: "Removes a member, alive or dead.",
            discussion: "Its process ends by itself. To bring it back, empty its storage path and start it with --cluster.join.")

        @Argument(help: "The member's name.") var member: String
        @OptionGroup var options: NodeOptions
        @OptionGroup var limit: TimeLimit

        public init() {}

        public func run() throws {
            try Administration(node: options.node(), seconds: limit.timeout)
                .perform("DELETE", "/api/v1/members", [("member", member)])
        }
    }
}

extension MembersCommand {
    /// `members add`.
    public struct Add: ParsableCommand {
        public static let configuration = CommandConfiguration(
            abstract: "Takes in a node that waits, as a learner.",
            discussion: """
                The node must run already, with an empty storage path. One that was started with --cluster.join asks for a vote by itself; \
                if it reaches one of the members, it needs no command at all.
                """)

        @Argument(help: "The new member's name, as it has it itself.") var member: String
        @Argument(help: "Where the members dial it, host:port.") var address: String
        @OptionGroup var options: NodeOptions
        @OptionGroup var limit: TimeLimit

        public init() {}

        public func validate() throws { try checkAddress(address) }

        public func run() throws {
            try Administration(node: options.node(), seconds: limit.timeout)
                .perform("POST", "/api/v1/members", [("member", member), ("address", address)])
        }
    }

    /// `members replace`.
    public struct Replace: ParsableCommand {
        public static let configuration = CommandConfiguration(
            abstract: "Removes a member and takes in a node that waits, in one step.",
            discussion: "For a member whose disk was lost: start it with an empty storage path and --cluster.join first.")

        @Argument(help: "The name of the member that goes.") var member: String
        @Argument(help: "Where the new one is dialled, host:port.") var address: String
        @Option(name: .customLong("with"), help: ArgumentHelp("The new one's name. Default: the same.", valueName: "name"))
        var replacement: String?
        @OptionGroup var options: NodeOptions
        @OptionGroup var limit: TimeLimit

        public init() {}

        public func validate() throws { try checkAddress(address) }

        public func run() throws {
            try Administration(node: options.node(), seconds: limit.timeout)
                .perform("POST", "/api/v1/members/replace", [("member", member), ("address", address), ("with", replacement)])
        }
    }
}

/// - Throws: `ValidationError` for what is not `host:port`.
private func checkAddress(_ address: String) throws {
    guard let place = PlainURL("http://" + address), place.path.isEmpty, address.contains(":"), !address.hasSuffix("/") else {
        throw ValidationError("\"\(address)\" is not host:port")
    }
}

/// `quorum-exporter transfer-leadership`.
public struct TransferLeadershipCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "transfer-leadership", abstract: "Hands leadership to another voter.",
        discussion: "Any node's socket will do. Exits with 1 when nobody else leads then, or this is not known.")

    @Option(
        name: .customLong("to"), help: ArgumentHelp("The voter that is to lead. Default: the one with most of the log.", valueName: "name"))
    var target: String?
    @OptionGroup var options: NodeOptions
    @OptionGroup var limit: TimeLimit

    public init() {}

    public func run() throws {
        try Administration(node: options.node(), seconds: limit.timeout).perform("POST", "/api/v1/leadership", [("to", target)])
    }
}

/// The members as text.
enum MembersText {
    /// A head and a line for each member, in columns.
    /// - Parameter view: the proven view; nil where the node does not serve it.
    static func lines(_ status: StatusDocument, view: ViewDocument?) -> [String] {
        let rows = status.members.map { member in
            [
                member.member, (member.role ?? "") + (member.id == status.leader?.id ? ", leads" : ""),
                view?.members.first { $0.id == member.id }?.state ?? link(to: member, status), member.address, member.webURL, member.id,
            ]
        }
        return columns([["MEMBER", "ROLE", view == nil ? "LINK" : "STATE", "ADDRESS", "WEB", "ID"]] + rows.map { $0.map(\.printable) })
    }

    private static func link(to member: MemberDocument, _ status: StatusDocument) -> String {
        if member.id == status.node.id { return "itself" }
        return status.peers.first { $0.id == member.id }.map { $0.isLinkUp ? "up" : "down" } ?? "none"
    }

    private static func columns(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}
