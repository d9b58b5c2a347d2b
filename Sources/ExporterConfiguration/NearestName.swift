/// Finds what somebody probably meant.
enum NearestName {
    /// The candidate with the fewest edits from `name`, nil when all are too far for a useful guess.
    static func of(_ name: String, among candidates: [String]) -> String? {
        let limit = max(2, name.count / 3)
        let byTail = candidates.filter { $0.hasSuffix("." + name) || $0.hasSuffix("-" + name) }
        if byTail.count == 1 { return byTail.first }
        let nearest = candidates.map { (candidate: $0, edits: edits(from: name, to: $0)) }.min { $0.edits < $1.edits }
        return nearest.flatMap { $0.edits <= limit ? $0.candidate : nil }
    }

    /// `; did you mean X?`, or nothing.
    static func suggestion(_ name: String, among candidates: [String]) -> String {
        of(name, among: candidates).map { "; did you mean \($0)?" } ?? ""
    }

    /// Levenshtein's distance, over at most 128 characters of each.
    static func edits(from first: String, to second: String) -> Int {
        let first = Array(first.prefix(128))
        let second = Array(second.prefix(128))
        var previous = Array(0...second.count)
        for (row, character) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                let replaced = previous[column] + (character == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous.last ?? 0
    }
}
