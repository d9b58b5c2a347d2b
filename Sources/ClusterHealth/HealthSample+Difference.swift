extension HealthSample {
    /// The longest a replicated sample goes unrenewed while newer ones arrive, in milliseconds of the member's own clock.
    ///
    /// It bounds how far `quorum_member_report_timestamp_seconds` of a steady member lags behind.
    public static let maximumAgeMilliseconds: Int64 = 15_000

    /// Whether it is worth replicating after another sample of the same member.
    ///
    /// Numbers of the machine count only when they moved: processor usage by 1 % of all, load by 0.1, free memory and free space by
    /// 1 % of the total. Consensus counters count, but not the applied index, which moves with every round. What a later version says
    /// beside these does not count, for nobody here knows how often it changes. The rest counts as it is, and the time of measurement
    /// when `maximumAgeMilliseconds` have passed, in either direction.
    ///
    /// - Parameter other: what is replicated already; nil for none, from which every sample differs.
    public func differsMeaningfully(from other: HealthSample?) -> Bool {
        guard let other else { return true }
        return version != other.version || stopping != other.stopping || degradedReasons != other.degradedReasons
            || resources.movedMeaningfully(from: other.resources) || RaftCounters.differ(raft, other.raft)
            || distance(measuredAt.milliseconds, other.measuredAt.milliseconds) >= UInt64(HealthSample.maximumAgeMilliseconds)
    }
}

extension HealthSample.RaftCounters {
    fileprivate static func differ(_ one: Self?, _ other: Self?) -> Bool {
        guard let one, let other else { return (one == nil) != (other == nil) }
        return one.term != other.term || one.electionsStarted != other.electionsStarted || one.electionsWon != other.electionsWon
    }
}

extension HealthSample.Resources {
    fileprivate func movedMeaningfully(from other: Self) -> Bool {
        bootTime != other.bootTime || memoryTotalBytes != other.memoryTotalBytes
            || moved(cpuUsageMillionths.map(UInt64.init), other.cpuUsageMillionths.map(UInt64.init), by: 10_000)
            || moved(load1Thousandths, other.load1Thousandths, by: 100)
            || moved(memoryAvailableBytes, other.memoryAvailableBytes, by: (memoryTotalBytes ?? 0) / 100)
            || filesystemsMoved(from: other.filesystems)
    }

    private func filesystemsMoved(from other: [HealthSample.Filesystem]) -> Bool {
        guard filesystems.count == other.count else { return true }
        return zip(filesystems, other).contains { now, before in
            now.mountpoint != before.mountpoint || now.sizeBytes != before.sizeBytes
                || moved(now.availableBytes, before.availableBytes, by: now.sizeBytes / 100)
        }
    }
}

/// Whether a number came, went, or moved by at least a threshold; every change counts against a threshold of zero.
private func moved(_ now: UInt64?, _ before: UInt64?, by threshold: UInt64) -> Bool {
    guard let now, let before else { return (now == nil) != (before == nil) }
    return now != before && max(now, before) - min(now, before) >= threshold
}

private func distance(_ one: Int64, _ other: Int64) -> UInt64 {
    one > other ? UInt64(bitPattern: one &- other) : UInt64(bitPattern: other &- one)
}
