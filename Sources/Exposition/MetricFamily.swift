/// One metric with all of its series, as it is at the moment of a scrape.
public struct MetricFamily: Sendable, Equatable {
    /// The full name, counters with `_total`, for instance `quorum_heartbeats_total`.
    public var name: String
    /// The unit that ends the name (before `_total`), for instance `seconds`; `nil` for a number without one.
    public var unit: String?
    /// One sentence for the reader of `# HELP`; may hold anything, it is escaped.
    public var help: String
    /// The type and the series, in the order in which they are written.
    public var points: MetricPoints

    /// Creates a family; nothing is checked here, see `validate()`.
    public init(_ name: String, unit: String? = nil, help: String, _ points: MetricPoints) {
        self.name = name
        self.unit = unit
        self.help = help
        self.points = points
    }

    /// The metric's type.
    public var type: MetricType { points.type }
}

/// What a metric's number means.
public enum MetricType: String, Sendable, Equatable, CaseIterable {
    /// Only grows, and starts again at zero with the process or with what it counts.
    case counter
    /// A current value that goes up and down.
    case gauge
    /// A constant 1 whose labels say something. Written as a gauge in both formats, so that its name and type do not depend on which
    /// format a scrape happened to ask for (OpenMetrics' info type would drop `_info` from the family's name).
    case info
    /// A distribution in buckets.
    case histogram

    /// The word after `# TYPE`.
    public var keyword: String {
        switch self {
        case .counter: "counter"
        case .gauge, .info: "gauge"
        case .histogram: "histogram"
        }
    }
}

/// The series of a family; the case is its type.
public enum MetricPoints: Sendable, Equatable {
    case counter([Sample])
    case gauge([Sample])
    case info([Sample])
    case histogram([HistogramSeries])

    /// The metric's type.
    public var type: MetricType {
        switch self {
        case .counter: .counter
        case .gauge: .gauge
        case .info: .info
        case .histogram: .histogram
        }
    }

    /// How many series there are; a histogram counts each of its lines.
    public var seriesCount: Int {
        switch self {
        case .counter(let samples), .gauge(let samples), .info(let samples): samples.count
        case .histogram(let series): series.reduce(0) { $0 + $1.bounds.count + 3 }
        }
    }
}

/// One value of one series. There are never time stamps: Prometheus takes the time of the scrape.
public struct Sample: Sendable, Equatable {
    /// The labels; unique within the family.
    public var labels: Labels
    /// The value now.
    public var value: MetricValue

    /// Creates the sample of a series without labels.
    public init(_ value: MetricValue) { self.init(.none, value) }

    /// Creates a sample.
    public init(_ labels: Labels, _ value: MetricValue) {
        self.labels = labels
        self.value = value
    }
}
