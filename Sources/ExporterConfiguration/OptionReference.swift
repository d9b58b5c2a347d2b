extension OptionTable {
    /// All options for a terminal of `width` columns, one paragraph each.
    public static func helpText(width: Int = 100) -> String {
        all.map { option in
            let example =
                option.shape == .boolean ? option.flag.replacingPrefix("--", by: "--[no-]") : option.flag + " " + option.placeholder
            let words = [option.help, "Default: \(option.defaultText)."].joined(separator: " ")
            return "  " + example + "\n" + wrapped(words, width: max(width, 40), indent: 10)
        }.joined(separator: "\n")
    }

    /// All options as a table for the README, one row each.
    public static var markdownTable: String {
        let head = ["| flag, and key in the file | variable | default | |", "| --- | --- | --- | --- |"]
        let rows = all.map { option in
            let isDerived = option.defaultText.contains(" ") || option.defaultText == "none"
            let shown = isDerived ? option.defaultText : "`\(option.defaultText)`"
            let repeated = option.shape == .repeatable ? " (repeatable)" : ""
            return "| `\(option.flag)`\(repeated) | `\(option.variable)` | \(shown) | \(option.help) |"
        }
        return (head + rows).joined(separator: "\n")
    }

    private static func wrapped(_ text: String, width: Int, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(margin + word)
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, by other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
