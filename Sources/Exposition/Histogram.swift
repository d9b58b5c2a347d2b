/// The upper bounds of a histogram's buckets, ascending, with their text rendered once. The last bucket, `+Inf`, is implied.
public struct HistogramBounds: Sendable, Equatable {
    /// The upper bounds, inclusive, in nanoseconds.
    public let nanoseconds: [UInt64]
    /// The value of the `le` label of each bucket, `+Inf` included, as text 0.0.4 and as OpenMetrics write it.
    private let plainText: [[UInt8]]
    private let openMetricsText: [[UInt8]]

    /// Latencies: 0.05 ms × 2ⁿ, n from 0 to 16, that is 50 µs to 3.2768 s.
    public static let latency = HistogramBounds(ascending: (0...16).map { 50_000 << UInt64($0) })

    /// The most bounds a histogram may have: every bucket is a series on every scrape.
    public static let maximumCount = 64

    /// Creates bounds.
    /// - Parameter nanoseconds: upper bounds, inclusive; strictly ascending, 1 to 64 of them.
    /// - Throws: `ExpositionError.invalidBounds` when they are not.
    public init(nanoseconds: [UInt64]) throws(ExpositionError) {
        let ascending = zip(nanoseconds, nanoseconds.dropFirst()).allSatisfy { $0 < $1 }
        guard ascending, !nanoseconds.isEmpty, nanoseconds.count <= Self.maximumCount else { throw .invalidBounds(nanoseconds) }
        self.init(ascending: nanoseconds)
    }

    private init(ascending: [UInt64]) {
        nanoseconds = ascending
        let seconds = ascending.map { Double($0) / 1e9 }
        plainText = (seconds + [.infinity]).map { Self.text(of: $0, wholeWithPoint: false) }
        openMetricsText = (seconds + [.infinity]).map { Self.text(of: $0, wholeWithPoint: true) }
    }

    /// The number of bounds, `+Inf` not counted.
    public var count: Int { nanoseconds.count }

    func text(in format: TextFormat) -> [[UInt8]] {
        switch format {
        case .text: plainText
        case .openMetrics: openMetricsText
        }
    }

    /// OpenMetrics wants bounds to look like floating-point numbers: `1.0`, where text 0.0.4 says `1`.
    private static func text(of seconds: Double, wholeWithPoint: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(.double(seconds))
        if wholeWithPoint, seconds.isFinite, !bytes.contains(0x2E), !bytes.contains(0x65) { bytes.append(contentsOf: ".0".utf8) }
        return bytes
    }
}

/// Counts durations into buckets. A value: whoever owns it observes, a scrape reads a copy.
public struct Histogram: Sendable, Equatable {
    /// The buckets.
    public let bounds: HistogramBounds
    /// Observations of each bucket alone, not cumulated; one more than there are bounds, the last for what is above all of them.
    public private(set) var counts: [UInt64]
    /// The sum of all observations, in nanoseconds; wraps around after 584 years of observed time.
    public private(set) var sumNanoseconds: UInt64 = 0

    /// Creates an empty histogram.
    public init(_ bounds: HistogramBounds = .latency) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// A histogram counted elsewhere; nil when the counts are not one more than the bounds.
    public init?(_ bounds: HistogramBounds = .latency, counts: [UInt64], sumNanoseconds: UInt64) {
        guard counts.count == bounds.count + 1 else { return nil }
        self.bounds = bounds
        self.counts = counts
        self.sumNanoseconds = sumNanoseconds
    }

    /// How many observations there were.
    public var count: UInt64 { counts.reduce(0, &+) }

    /// Counts one duration. Linear in the number of bounds.
    public mutating func observe(nanoseconds: UInt64) {
        let bucket = bounds.nanoseconds.firstIndex { nanoseconds <= $0 } ?? bounds.count
        counts[bucket] &+= 1
        sumNanoseconds &+= nanoseconds
    }
}

/// One histogram with its labels, within a family.
public struct HistogramSeries: Sendable, Equatable {
    /// The labels, without `le`; unique within the family.
    public var labels: Labels
    /// What was counted.
    public var histogram: Histogram

    /// Creates a series without labels.
    public init(_ histogram: Histogram) { self.init(.none, histogram) }

    /// Creates a series.
    public init(_ labels: Labels, _ histogram: Histogram) {
        self.labels = labels
        self.histogram = histogram
    }

    var bounds: HistogramBounds { histogram.bounds }
}
