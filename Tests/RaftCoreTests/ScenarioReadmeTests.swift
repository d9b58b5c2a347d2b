import Foundation
import Testing

/// The table of what went wrong elsewhere names what holds it off here: all of it must be there.
@Suite struct ScenarioReadmeTests {
    @Test func everyScenarioIsListedAndEveryOneListedExists() throws {
        let named = Set(try spans().filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) })
        #expect(named == Set(try ScenarioTests.names()))
    }

    @Test func everyTestNamedExists() throws {
        let named = try spans().compactMap(TestName.init)
        #expect(named.count > 30)
        let sources = try sources()
        for name in named { #expect(Self.exists(name, in: sources), "\(name) is named and nowhere to be found") }
    }

    @Test func everyBugHasSomethingThatHoldsItOff() throws {
        let rows = try text().split(separator: "\n").compactMap { row in
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return cells.count == 3 ? Int(cells[0]).map { (number: $0, names: Self.spans(in: cells[2])) } : nil
        }
        #expect(rows.map(\.number) == Array(1...22))
        for row in rows { #expect(row.names.contains { $0.hasSuffix(".txt") || TestName($0) != nil }, "nothing for \(row.number)") }
    }

    @Test func everyCommandIsDescribed() throws {
        let described = try spans().compactMap { $0.split(separator: " ").first.map(String.init) }
        let used = try ScenarioTests.names().flatMap { name in
            try ScenarioText(String(contentsOf: ScenarioTests.folder.appending(path: name + ".txt"), encoding: .utf8)).commands.map(\.text)
        }
        let verbs = Set(used.compactMap { $0.split(separator: " ").first.map(String.init) })
        #expect(verbs.subtracting(described) == [])
    }

    @Test func aNameThatIsNowhereIsSeen() throws {
        let sources = try sources()
        #expect(!Self.exists(TestName(suite: "PreVoteTests", function: "aPreVoteIsForgotten"), in: sources))
        #expect(!Self.exists(TestName(suite: "NoSuchTests", function: "aRefusalCarriesTheHigherTerm"), in: sources))
        #expect(TestName("quorum-lost.txt") == nil)
    }

    // MARK: Reading

    /// A test as the table names it: the file's name, a dot, and the function's.
    private struct TestName: CustomStringConvertible {
        var suite: String
        var function: String

        init(suite: String, function: String) {
            self.suite = suite
            self.function = function
        }

        init?(_ span: String) {
            guard let dot = span.firstIndex(of: "."), span[..<dot].hasSuffix("Tests") else { return nil }
            self.init(suite: String(span[..<dot]), function: String(span[span.index(after: dot)...]))
        }

        var description: String { "\(suite).\(function)" }
    }

    private static func exists(_ name: TestName, in sources: [(name: String, text: String)]) -> Bool {
        sources.contains { source in
            source.name == name.suite + ".swift"
                && ["func \(name.function)(", "func `\(name.function)`("].contains { source.text.contains($0) }
        }
    }

    private func text() throws -> String {
        try String(contentsOf: ScenarioTests.folder.appending(path: "README.md"), encoding: .utf8)
    }

    private func spans() throws -> [String] { Self.spans(in: try text()) }

    /// What stands between back quotes.
    private static func spans(in text: String) -> [String] {
        text.split(separator: "\n").flatMap { line in
            line.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
                String($0.element)
            }
        }
    }

    private func sources() throws -> [(name: String, text: String)] {
        let folder = ScenarioTests.folder.deletingLastPathComponent().deletingLastPathComponent()
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix("Tests.swift") }.map {
            (URL(fileURLWithPath: $0).lastPathComponent, try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
        }
    }
}
