/// A rules file, read by its layout: enough for ours, which is written by hand in one way.
struct RulesFile {
    struct Rule: Equatable {
        /// `alert` or `record`.
        var kind: String
        var name: String
        var expression = ""
        /// Everything else on one line: `for`, `severity`, `summary`, …
        var fields: [String: String] = [:]
    }

    let rules: [Rule]

    var records: Set<String> { Set(rules.filter { $0.kind == "record" }.map(\.name)) }
    var alerts: [Rule] { rules.filter { $0.kind == "alert" } }

    init(_ text: String) {
        var rules: [Rule] = []
        var block: (key: String, indent: Int)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == " " }.count
            let content = line.dropFirst(indent)
            if let open = block {
                if content.isEmpty || indent > open.indent {
                    if open.key == "expr", !rules.isEmpty { rules[rules.count - 1].expression += content + "\n" }
                    if open.key != "expr", !rules.isEmpty { rules[rules.count - 1].fields[open.key, default: ""] += content + " " }
                    continue
                }
                block = nil
            }
            if let match = content.firstMatch(of: #/^- (alert|record): (\S+)/#) {
                rules.append(Rule(kind: String(match.1), name: String(match.2)))
            } else if let match = content.firstMatch(of: #/^([a-z_]+): (.+)$/#), !rules.isEmpty {
                let (key, value) = (String(match.1), String(match.2))
                if ["|", ">-", ">"].contains(value) {
                    block = (key, indent)
                } else if key == "expr" {
                    rules[rules.count - 1].expression = value
                } else {
                    rules[rules.count - 1].fields[key] = value
                }
            }
        }
        self.rules = rules
    }
}
