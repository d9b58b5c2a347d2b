import ClusterHarness

/// Durations as a Prometheus histogram keeps them, added up over processes.
struct Histogram {
    /// Upper bounds in seconds, rising, the last one infinite; how many durations are at most that.
    private(set) var buckets: [(bound: Double, count: Double)] = []
    private(set) var seconds = 0.0

    var count: Int { Int(buckets.last?.count ?? 0) }

    /// The mean in seconds; nil of nothing.
    var mean: Double? { count > 0 ? seconds / Double(count) : nil }

    /// Adds what one process has counted since its start.
    mutating func add(_ name: String, from samples: Samples) {
        let found = samples.matching(name + "_bucket").compactMap { sample -> (bound: Double, count: Double)? in
            let label = sample.labels["le"] ?? ""
            return (label == "+Inf" ? .infinity : Double(label)).map { ($0, sample.value) }
        }
        seconds += samples.value(name + "_sum") ?? 0
        guard !buckets.isEmpty else {
            buckets = found.sorted { $0.bound < $1.bound }
            return
        }
        for at in buckets.indices { buckets[at].count += found.first { $0.bound == buckets[at].bound }?.count ?? 0 }
    }

    /// Between which bounds, in seconds, a quantile lies; nil of nothing.
    func bounds(of quantile: Double) -> ClosedRange<Double>? {
        let rank = quantile * Double(count)
        guard count > 0, let at = buckets.firstIndex(where: { $0.count >= rank }) else { return nil }
        return (at == 0 ? 0 : buckets[at - 1].bound)...buckets[at].bound
    }
}
