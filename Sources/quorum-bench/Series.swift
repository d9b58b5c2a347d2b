/// The outcomes of the runs of one measurement.
struct Series {
    /// Seconds, or another unit of the measurement's choice, in the order of the runs.
    private(set) var values: [Double] = []
    /// Runs in which it did not happen before the deadline.
    private(set) var missed = 0

    var count: Int { values.count }

    init(_ values: [Double] = []) { self.values = values }

    /// A run's outcome; nil for one that missed its deadline.
    mutating func record(_ value: Double?) {
        if let value { values.append(value) } else { missed += 1 }
    }

    mutating func record(_ duration: Duration?) { record(duration.map { $0 / .seconds(1) }) }

    var median: Double? {
        let sorted = values.sorted()
        guard let upper = sorted.dropFirst(sorted.count / 2).first else { return nil }
        return sorted.count % 2 == 1 ? upper : (sorted[sorted.count / 2 - 1] + upper) / 2
    }

    var worst: Double? { values.max() }

    /// The smallest value that at least this share of the values does not exceed.
    func quantile(_ share: Double) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }
}
