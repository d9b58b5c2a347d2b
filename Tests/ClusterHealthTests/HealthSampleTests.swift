import ClusterHealth
import Testing

@Suite struct HealthSampleTests {
    private static let base: HealthSample = {
        var sample = Fixture.sample(at: 100_000)
        sample.resources.cpuUsageMillionths = 200_000
        sample.resources.load1Thousandths = 1_000
        sample.resources.memoryTotalBytes = 1_000_000
        sample.resources.memoryAvailableBytes = 500_000
        sample.resources.bootTime = WallTime(milliseconds: 1)
        sample.resources.filesystems = [HealthSample.Filesystem(mountpoint: "/data", sizeBytes: 2_000_000, availableBytes: 1_000_000)]
        sample.raft = HealthSample.RaftCounters(term: 3, electionsStarted: 2, electionsWon: 1, appliedIndex: 40)
        return sample
    }()

    private func differs(_ change: (inout HealthSample) -> Void) -> Bool {
        var sample = Self.base
        change(&sample)
        #expect(sample.differsMeaningfully(from: Self.base) == Self.base.differsMeaningfully(from: sample))
        return sample.differsMeaningfully(from: Self.base)
    }

    @Test func `the first sample always differs, the same one never`() {
        #expect(Self.base.differsMeaningfully(from: nil))
        #expect(!differs { _ in })
    }

    @Test func `what does not move does not count, until fifteen seconds have passed`() {
        #expect(!differs { $0.measuredAt = WallTime(milliseconds: 114_999) })
        #expect(differs { $0.measuredAt = WallTime(milliseconds: 115_000) })
        #expect(differs { $0.measuredAt = WallTime(milliseconds: .min) })
        #expect(!differs { $0.raft?.appliedIndex = 10_000 })
    }

    @Test func `numbers count from their threshold on`() {
        #expect(!differs { $0.resources.cpuUsageMillionths = 209_999 })
        #expect(differs { $0.resources.cpuUsageMillionths = 210_000 })
        #expect(!differs { $0.resources.load1Thousandths = 1_099 })
        #expect(differs { $0.resources.load1Thousandths = 900 })
        #expect(!differs { $0.resources.memoryAvailableBytes = 509_999 })
        #expect(differs { $0.resources.memoryAvailableBytes = 490_000 })
        #expect(!differs { $0.resources.filesystems[0].availableBytes = 980_001 })
        #expect(differs { $0.resources.filesystems[0].availableBytes = 980_000 })
    }

    @Test func `what comes, goes or is replaced counts`() {
        #expect(differs { $0.resources.cpuUsageMillionths = nil })
        #expect(differs { $0.resources.memoryTotalBytes = 1_000_001 })
        #expect(differs { $0.resources.memoryTotalBytes = nil })
        #expect(differs { $0.resources.bootTime = nil })
        #expect(differs { $0.resources.filesystems = [] })
        #expect(differs { $0.resources.filesystems[0].mountpoint = "/" })
        #expect(differs { $0.resources.filesystems[0].sizeBytes = 2_000_001 })
        #expect(differs { $0.raft = nil })
        #expect(differs { $0.raft?.term = 4 })
        #expect(differs { $0.raft?.electionsStarted = 3 })
        #expect(differs { $0.raft?.electionsWon = 2 })
        #expect(differs { $0.version = "1.0.1" })
        #expect(differs { $0.stopping = true })
        #expect(differs { $0.degradedReasons = ["storage"] })
    }
}
