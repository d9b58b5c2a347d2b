import Testing

@testable import Exposition

@Suite struct HistogramTests {
    @Test func `the latency bounds double from 50 microseconds to 3.2768 seconds`() {
        let bounds = HistogramBounds.latency.nanoseconds
        #expect(bounds.count == 17)
        #expect(bounds.first == 50_000)
        #expect(bounds.last == 3_276_800_000)
        #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $1 == 2 * $0 })
    }

    @Test func `a bound belongs to its bucket`() throws {
        var histogram = Histogram(try HistogramBounds(nanoseconds: [10, 20]))
        for value: UInt64 in [0, 10, 11, 20, 21, .max - 62] { histogram.observe(nanoseconds: value) }
        #expect(histogram.counts == [2, 2, 2])
        #expect(histogram.count == 6)
        #expect(histogram.sumNanoseconds == .max)
    }

    @Test(arguments: [[], [5, 5], [6, 5], Array(1...65)] as [[UInt64]])
    func `bounds that are none, that do not ascend or are too many are refused`(bounds: [UInt64]) {
        #expect(throws: ExpositionError.invalidBounds(bounds)) { try HistogramBounds(nanoseconds: bounds) }
    }
}
