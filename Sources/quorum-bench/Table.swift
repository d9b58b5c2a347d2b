/// Text in columns, each as wide as its widest cell.
struct Table {
    private var rows: [[String]]

    init(_ heads: [String]) { rows = [heads] }

    /// Adds a row; cells it does not name stay empty.
    mutating func add(_ cells: [String]) {
        rows.append(cells + [String](repeating: "", count: max(0, rows[0].count - cells.count)))
    }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ").trimmedAtEnd
        }
        let rule = String(repeating: "-", count: lines.map(\.count).max() ?? 0)
        return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmedAtEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}

/// A number with so many places behind the point.
func decimal(_ value: Double, places: Int) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((value * Double(scale)).rounded())
    guard places > 0 else { return "\(scaled)" }
    let fraction = "\(abs(scaled) % scale)"
    let sign = scaled < 0 ? "-" : ""
    return sign + "\(abs(scaled) / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
}

/// A time as people read it: `0.81 ms`, `152 ms`, `1.35 s`.
func time(_ seconds: Double) -> String {
    switch abs(seconds) {
    case ..<0.01: decimal(seconds * 1_000, places: 2) + " ms"
    case ..<1: decimal(seconds * 1_000, places: 0) + " ms"
    default: decimal(seconds, places: 2) + " s"
    }
}
