/// Counts of durations in whole milliseconds, exact below 16 and within a sixteenth above, so that those of many runs add up.
public struct Distribution: Equatable, Sendable {
    /// By bucket; as long as the greatest value needs.
    public private(set) var counts: [Int] = []

    public init() {}

    /// Counts as they stand in a worker's line or a state file.
    public init(counts: [Int]) { self.counts = counts }

    public var count: Int { counts.reduce(0, +) }

    public mutating func add(_ milliseconds: Int64) {
        let bucket = Distribution.bucket(of: max(0, milliseconds))
        while counts.count <= bucket { counts.append(0) }
        counts[bucket] += 1
    }

    public mutating func add(_ other: Distribution) {
        while counts.count < other.counts.count { counts.append(0) }
        for position in other.counts.indices { counts[position] += other.counts[position] }
    }

    /// The value at or below which so many thousandths of all lie, in milliseconds; nil when there is none.
    public func quantile(thousandths: Int) -> Int64? {
        let total = count
        guard total > 0 else { return nil }
        var seen = 0
        for (bucket, count) in counts.enumerated() {
            seen += count
            if seen * 1_000 >= total * thousandths, seen > 0 { return Distribution.upperBound(of: bucket) }
        }
        return nil
    }

    /// Such as `n 40, median 120 ms, 95 % 300 ms, worst 410 ms`.
    public var summary: String {
        guard let median = quantile(thousandths: 500), let high = quantile(thousandths: 950), let worst = quantile(thousandths: 1_000)
        else {
            return "none"
        }
        return "n \(count), median \(median) ms, 95 % \(high) ms, worst \(worst) ms"
    }

    private static let perDoubling: Int64 = 16

    private static func bucket(of value: Int64) -> Int {
        guard value >= perDoubling else { return Int(value) }
        let doublings = Int64(63 - value.leadingZeroBitCount) - 4
        return Int(perDoubling * (doublings + 1) + (value >> doublings) - perDoubling)
    }

    private static func upperBound(of bucket: Int) -> Int64 {
        guard bucket >= Int(perDoubling) else { return Int64(bucket) }
        let doublings = Int64(bucket) / perDoubling - 1
        return ((Int64(bucket) % perDoubling + perDoubling + 1) << doublings) - 1
    }
}
