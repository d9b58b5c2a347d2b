/// What the catalogue's source says about each metric: the one place where names stand.
struct CatalogNames {
    struct Entry: Equatable {
        let name: String
        let isHistogram: Bool
        let labels: [String]
    }

    let entries: [Entry]

    /// Reads the definitions from source text: `scope.gauge("name", "label", …, help: …)`.
    init(source: String) {
        let definition = #/\.(gauge|counter|info|seconds)\(\s*"([a-z][a-z0-9_]*)"((?:\s*,\s*"[a-z0-9_]+")*)/#
        entries = source.matches(of: definition).map { match in
            let labels = match.3.matches(of: #/"([a-z0-9_]+)"/#).map { String($0.1) }
            return Entry(name: String(match.2), isHistogram: match.1 == "seconds", labels: labels)
        }
    }

    /// The project's own catalogue.
    static func load() throws -> CatalogNames {
        let paths = Repository.paths(below: "Sources/MetricCatalog", ending: "Definitions.swift")
        return CatalogNames(source: try paths.map(Repository.text).joined(separator: "\n"))
    }

    /// The definition behind a series' name: a histogram's series have three suffixes and never its bare name.
    func entry(ofSeries name: String) -> Entry? {
        entries.first { entry in
            entry.isHistogram ? ["_bucket", "_sum", "_count"].contains { entry.name + $0 == name } : entry.name == name
        }
    }
}

/// A query, taken apart far enough to check the names in it.
struct Query {
    let text: String

    /// Series that Prometheus itself writes for each target.
    static let ofPrometheus: Set = ["up", "scrape_duration_seconds", "scrape_samples_scraped", "ALERTS", "ALERTS_FOR_STATE"]

    /// Labels that targets have, or that recording and histograms add.
    static let targetLabels: Set = ["cluster", "job", "instance", "le", "__name__"]

    private var withoutStrings: String { text.replacing(#/"(?:[^"\\]|\\.)*"/#, with: "\"\"") }

    /// Names of recorded series: those with a colon.
    var records: [String] { names.filter { $0.contains(":") } }

    /// Names of this program's series.
    var metrics: [String] { names.filter { !$0.contains(":") && ($0.hasPrefix("quorum_") || $0.hasPrefix("process_")) } }

    private var names: [String] {
        let plain = withoutStrings.replacing(#/\[[^\]]*\]/#, with: "").replacing(#/\{[^}]*\}/#, with: "")
        return plain.matches(of: #/[a-zA-Z_:][a-zA-Z0-9_:]*/#).map { String($0.0) }
    }

    /// Each series with the labels its matchers name.
    var matched: [(name: String, labels: [String])] {
        withoutStrings.matches(of: #/([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*)\}/#).map { match in
            (String(match.1), match.2.matches(of: #/([a-z_]+)\s*(?:=~|!~|!=|=)/#).map { String($0.1) })
        }
    }

    /// What is wrong with the names in it; empty when nothing is.
    func mistakes(_ catalog: CatalogNames, records known: Set<String>) -> [String] {
        var mistakes = metrics.filter { catalog.entry(ofSeries: $0) == nil }.map { "no metric is called \($0)" }
        mistakes += records.filter { !known.contains($0) }.map { "no rule records \($0)" }
        for (name, labels) in matched {
            guard let entry = catalog.entry(ofSeries: name) else { continue }
            let unknown = labels.filter { !entry.labels.contains($0) && !Query.targetLabels.contains($0) }
            mistakes += unknown.map { "\(name) has no label \($0)" }
        }
        return mistakes
    }
}
