import Exposition

/// Every metric this program has. Its name, type, unit, labels and help stand here and nowhere else.
///
/// `nodeFamilies` and `viewFamilies` turn a node's state into families. What is not known is left out: never NaN, never 0 for "don't
/// know". There is no registry: a family is built from the state at hand, so a removed member's series end at once.
public enum Catalog {
    /// All definitions, in the order of a scrape: first what every node exports, then what the proven leader adds.
    public static let all: [MetricDefinition] =
        ProgramMetrics.all + ClusterMetrics.all + RaftMetrics.all + StorageMetrics.all + SnapshotMetrics.all + TransportMetrics.all
        + ProbeMetrics.all
        + ViewMetrics.all + MemberMetrics.all + ResourceMetrics.all + MemberRaftMetrics.all + TrackingMetrics.all

    /// All definitions as a Markdown table, for the README; ends in a line feed. Linear in the number of definitions.
    public static func markdownTable() -> String {
        var table = "| metric | type | labels | by | what it says |\n| --- | --- | --- | --- | --- |\n"
        for definition in all {
            let labels = definition.labels.map { "`\($0)`" }.joined(separator: " ")
            let scope =
                switch definition.scope {
                case .everyNode: "every node"
                case .provenLeader: "proven leader"
                }
            table += "| `\(definition.name)` | \(definition.type.rawValue) | \(labels) | \(scope) | \(escaped(definition.help)) |\n"
        }
        return table
    }

    /// A vertical bar would end the cell.
    private static func escaped(_ help: String) -> String {
        help.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
