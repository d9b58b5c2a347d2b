/// Durations as Prometheus writes them: `100ms`, `1s`, `1m30s`, `2h`.
enum DurationText {
    /// The units, the greatest first, in milliseconds.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// At most this many digits a number.
    private static let maximumDigits = 9

    /// Reads whole numbers with units, each unit at most once and the greatest first. Nil for anything else.
    static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        var total: Int64 = 0
        var nextUnit = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { ("a"..."z").contains($0) }
            rest = rest.dropFirst(name.count)
            guard (1...maximumDigits).contains(digits.count), let number = Int64(digits),
                let unit = units.firstIndex(where: { $0.name == name }), unit >= nextUnit
            else { return nil }
            total += number * units[unit].milliseconds
            nextUnit = unit + 1
        }
        return .milliseconds(total)
    }

    /// Writes what `parse` reads; what is below a millisecond is cut off.
    static func format(_ duration: Duration) -> String {
        var rest = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        guard rest > 0 else { return "0s" }
        var text = ""
        for unit in units {
            if rest >= unit.milliseconds { text += "\(rest / unit.milliseconds)\(unit.name)" }
            rest %= unit.milliseconds
        }
        return text
    }
}
