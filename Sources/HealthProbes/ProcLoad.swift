/// The one-minute load average of `/proc/loadavg`.
enum ProcLoad {
    /// In thousandths; digits beyond the third are cut.
    ///
    /// - Throws: `ProbeError` naming the file.
    static func oneMinuteThousandths(procRoot: String) throws(ProbeError) -> UInt64 {
        let file = try ProcFile(procRoot + "/loadavg")
        guard let word = fields(file.bytes[...]).first, let load = thousandths(word) else {
            throw .malformed(file.path, expected: "a load such as 0.42", found: file.bytes)
        }
        return load
    }

    private static func thousandths(_ word: ArraySlice<UInt8>) -> UInt64? {
        let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let whole = decimal(parts[0]), whole < 1 << 40, decimal(parts[1].prefix(18)) != nil else { return nil }
        let digits = Array((parts[1] + [UInt8](repeating: UInt8(ascii: "0"), count: 3)).prefix(3))
        guard let fraction = decimal(digits[...]) else { return nil }
        return whole * 1_000 + fraction
    }
}
