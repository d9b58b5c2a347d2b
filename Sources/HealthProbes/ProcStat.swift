import ClusterHealth

/// When the machine booted, as `/proc/stat` says.
enum ProcStat {
    /// In whole seconds, as the kernel gives it.
    ///
    /// - Throws: `ProbeError.malformed` when there is no credible line `btime`.
    static func bootTime(_ file: ProcFile) throws(ProbeError) -> WallTime {
        let rest = try file.line(startingWith: "btime")
        let words = fields(rest)
        guard let word = words.first, let seconds = decimal(word), seconds > 0, seconds < 1 << 40 else {
            throw .malformed(file.path, expected: "seconds since 1970 after \"btime\"", found: rest)
        }
        return WallTime(milliseconds: Int64(seconds) * 1_000)
    }
}

/// All processors' time since the boot, in clock ticks.
struct CPUTimes: Equatable {
    /// Idle and waiting for disks.
    let idle: UInt64
    /// User, nice, system, interrupts, and stolen by the hypervisor; a guest's time is within user and nice.
    let busy: UInt64

    /// - Throws: `ProbeError.malformed` when the line `cpu` is missing or short.
    init(_ file: ProcFile) throws(ProbeError) {
        let words = fields(try file.line(startingWith: "cpu"))
        guard words.count >= 4 else {
            throw .malformed(file.path, expected: "at least 4 numbers after \"cpu\"", found: words.joined(separator: [0x20]))
        }
        var ticks: [UInt64] = []
        for word in words.prefix(8) { ticks.append(try file.number(word, "processor time")) }
        var idle: UInt64 = 0
        var busy: UInt64 = 0
        for (position, value) in ticks.enumerated() {
            if position == 3 || position == 4 { idle = idle.addingSaturated(value) } else { busy = busy.addingSaturated(value) }
        }
        self.idle = idle
        self.busy = busy
    }

    /// The share of time not idle since an earlier reading, in millionths; nil when no tick has passed.
    ///
    /// The kernel's idle and disk-wait counters may fall by a little; what falls counts as not having moved.
    func usageMillionths(since earlier: CPUTimes) -> UInt32? {
        let idleTicks = idle > earlier.idle ? idle - earlier.idle : 0
        let busyTicks = busy > earlier.busy ? busy - earlier.busy : 0
        let total = idleTicks.addingSaturated(busyTicks)
        if total == 0 { return nil }
        let (high, low) = busyTicks.multipliedFullWidth(by: 1_000_000)
        // The quotient fits: busyTicks is at most total, unless their sum was cut, and then high may still not reach total.
        let share = high < total ? total.dividingFullWidth((high, low)).quotient : 1_000_000
        return UInt32(min(share, 1_000_000))
    }
}

extension UInt64 {
    /// The sum, or the largest number when it does not fit.
    func addingSaturated(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
