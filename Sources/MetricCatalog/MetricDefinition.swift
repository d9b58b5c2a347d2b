public import Exposition

/// What is fixed about one metric: everything but its series.
public struct MetricDefinition: Equatable, Sendable {
    /// The full name as Prometheus stores it.
    public let name: String
    public let type: MetricType
    /// The base unit that the name ends in (before `_total`); nil for a number without one.
    public let unit: String?
    /// The labels' names, in the order they are written.
    public let labels: [String]
    /// Who exports it.
    public let scope: Scope
    /// One sentence, without a full stop.
    public let help: String

    /// Who exports a metric.
    public enum Scope: Equatable, Sendable, CaseIterable {
        /// Every node, always.
        case everyNode
        /// The leader alone, and only after a proof that it still leads.
        case provenLeader
    }

    init(_ type: MetricType, _ name: String, unit: String?, labels: [String], scope: Scope, help: String) {
        self.name = name
        self.type = type
        self.unit = unit
        self.labels = labels
        self.scope = scope
        self.help = help
    }
}

/// A group of definitions of one scope, written as a table.
struct DefinitionScope {
    static let node = DefinitionScope(scope: .everyNode)
    static let view = DefinitionScope(scope: .provenLeader)

    let scope: MetricDefinition.Scope

    func gauge(_ name: String, _ labels: String..., unit: String? = nil, help: String) -> MetricDefinition {
        MetricDefinition(.gauge, name, unit: unit, labels: labels, scope: scope, help: help)
    }

    func counter(_ name: String, _ labels: String..., unit: String? = nil, help: String) -> MetricDefinition {
        MetricDefinition(.counter, name, unit: unit, labels: labels, scope: scope, help: help)
    }

    func info(_ name: String, _ labels: String..., help: String) -> MetricDefinition {
        MetricDefinition(.info, name, unit: nil, labels: labels, scope: scope, help: help)
    }

    func seconds(_ name: String, _ labels: String..., help: String) -> MetricDefinition {
        MetricDefinition(.histogram, name, unit: "seconds", labels: labels, scope: scope, help: help)
    }
}

extension MetricDefinition {
    /// A family of these samples; an empty one leaves no trace in a scrape.
    func family(_ samples: [Sample]) -> MetricFamily {
        let points: MetricPoints =
            switch type {
            case .counter: .counter(samples)
            case .gauge: .gauge(samples)
            case .info: .info(samples)
            case .histogram: .histogram([])
            }
        return MetricFamily(name, unit: unit, help: help, points)
    }

    /// A family of one sample without labels, or of none when the value is not known.
    func family(_ value: MetricValue?) -> MetricFamily { family(value.map { [Sample(.none, $0)] } ?? []) }

    /// A family of one distribution without labels, or of none when it is not known.
    func family(_ histogram: Histogram?) -> MetricFamily {
        MetricFamily(name, unit: unit, help: help, .histogram(histogram.map { [HistogramSeries(.none, $0)] } ?? []))
    }
}
