import Exposition
import MetricCatalog
import Testing

@Suite struct CatalogTests {
    private let families = Catalog.nodeFamilies(ExampleFacts.leader()) + Catalog.viewFamilies(ExampleFacts.view())

    @Test func `Every metric is defined once`() {
        let names = Catalog.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func `Every definition has its series where everything is known, and nothing else has`() {
        #expect(families.map(\.name).sorted() == Catalog.all.map(\.name).sorted())
        #expect(families.filter { $0.points.seriesCount == 0 }.map(\.name) == [])
    }

    @Test func `A family is as its definition says, its labels in the order defined`() throws {
        for family in families {
            let definition = try #require(Catalog.all.first { $0.name == family.name })
            #expect(family.type == definition.type && family.unit == definition.unit && family.help == definition.help)
            for labels in family.labelSets { #expect(labels == definition.labels, "\(family.name)") }
        }
    }

    @Test func `Every node's families and the leader's are told apart`() {
        let node = Catalog.all.filter { $0.scope == .everyNode }.map(\.name)
        let view = Catalog.all.filter { $0.scope == .provenLeader }.map(\.name)
        #expect(Catalog.nodeFamilies(ExampleFacts.leader()).map(\.name).sorted() == node.sorted())
        #expect(Catalog.viewFamilies(ExampleFacts.view()).map(\.name).sorted() == view.sorted())
    }

    @Test func `The committed and the tracked families are the view's, each once`() {
        let facts = ExampleFacts.view()
        #expect(Catalog.committedFamilies(facts) + Catalog.trackedFamilies(facts) == Catalog.viewFamilies(facts))
    }

    @Test(arguments: Catalog.all)
    func `A name follows the naming rules`(definition: MetricDefinition) {
        let name = definition.name
        #expect(name.hasPrefix("quorum_") || name.hasPrefix("process_"))
        #expect(name.hasSuffix("_total") == (definition.type == .counter))
        #expect(name.hasSuffix("_info") == (definition.type == .info))
        let base = definition.type == .counter ? String(name.dropLast("_total".count)) : name
        let unit = ["seconds", "bytes", "ratio"].first { base.hasSuffix("_" + $0) }
        #expect(definition.unit == unit)
        #expect(!definition.help.isEmpty && !definition.help.hasSuffix(".") && !definition.help.contains("\n"))
        #expect(definition.help.first?.isUppercase == true || definition.help.first?.isNumber == true)
        // These collide with what a scrape or an operator adds, or say nothing.
        for label in definition.labels {
            #expect(!["type", "cluster", "instance", "job", "service", "env", "region", "zone", "node", "host", "le"].contains(label))
        }
        #expect(Set(definition.labels).count == definition.labels.count)
    }

    @Test func `The table for the README has a row for each definition`() {
        let rows = Catalog.markdownTable().split(separator: "\n")
        #expect(rows.count == Catalog.all.count + 2)
        for (row, definition) in zip(rows.dropFirst(2), Catalog.all) {
            #expect(row.hasPrefix("| `\(definition.name)` | \(definition.type.rawValue) | "))
            #expect(row.hasSuffix(" | \(definition.help) |"))
        }
        #expect(rows.contains { $0.contains("| `member` `state` | proven leader |") })
    }
}

extension MetricFamily {
    /// The label names of each series.
    fileprivate var labelSets: [[String]] {
        switch points {
        case .counter(let samples), .gauge(let samples), .info(let samples): samples.map { $0.labels.pairs.map(\.name) }
        case .histogram(let series): series.map { $0.labels.pairs.map(\.name) }
        }
    }
}
