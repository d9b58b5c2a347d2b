import Testing

/// A checker of the simulator that nobody has seen object shows nothing: each meets a planted bug, by the table of `Tests/Mutants`,
/// or what a test of the simulator made for it.
@Suite struct CheckerNameTests {
    private static let table = "Tests/Mutants/README.md"

    @Test func everyCheckerIsShownToObject() throws {
        let thrown = try CheckerNameTests.thrown()
        #expect(thrown.count > 30)
        let rows = CheckerNameTests.rows(of: try Repository.text(CheckerNameTests.table))
        let tests = try Repository.paths(below: "Tests/ClusterSimulatorTests", ending: ".swift").map { try Repository.text($0) }
        for checker in thrown {
            let isSeen = rows.contains { $0.checker == checker } || tests.contains { $0.contains("\"\(checker)\"") }
            #expect(isSeen, "\(checker) meets no planted bug and no test")
        }
    }

    @Test func everyPlantedBugHasItsRow() throws {
        let rows = CheckerNameTests.rows(of: try Repository.text(CheckerNameTests.table))
        // Beside them, the product's own invariants may see a bug.
        let checkers = try CheckerNameTests.thrown() + ["invariant"]
        let patches = Repository.paths(below: "Tests/Mutants", ending: ".patch")
        #expect(rows.map(\.number) == patches.map { String($0.dropFirst("Tests/Mutants/".count).prefix { $0 != "-" }) })
        for (row, path) in zip(rows, patches) {
            #expect(try Repository.text(path).hasPrefix(row.bug + "\n"), "row \(row.number) says something else than its patch")
            #expect(checkers.contains(row.checker), "row \(row.number) names \(row.checker), which is no checker")
        }
    }

    @Test func namesAndRowsAreRead() {
        let source = "guard x else { throw Violation(\"a-b\", \"w\") }\n// Violation(\"no\", \"\")\nreturn Violation(\n    \"c\", \"\")"
        #expect(CheckerNameTests.names(in: source) == ["a-b", "c"])
        let rows = CheckerNameTests.rows(of: "| | bug | seen by | first seed |\n|---|---|---|---|\n| 07 | It leads. | a-b | 7 (late) |\n")
        #expect(rows.map { [$0.number, $0.bug, $0.checker] } == [["07", "It leads.", "a-b"]])
    }

    // MARK: Reading

    private struct Row {
        let number: String
        let bug: String
        let checker: String
    }

    /// The lines of the table that are numbered.
    private static func rows(of text: String) -> [Row] {
        text.matches(of: /\| (\d+) \| (.+) \| (\S+) \| \d+ ?.* \|/).map { match in
            Row(number: String(match.output.1), bug: String(match.output.2), checker: String(match.output.3))
        }
    }

    /// The checkers that the simulator's sources name in a violation.
    private static func thrown() throws -> [String] {
        let files = ["Sources/ClusterSimulator", "Sources/RealStoreSimulation"].flatMap { Repository.paths(below: $0, ending: ".swift") }
        return try files.flatMap { names(in: try Repository.text($0)) }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func names(in source: String) -> [String] {
        let code = source.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
        return code.matches(of: /Violation\(\s*"([^"]+)"/).map { String($0.output.1) }
    }
}
