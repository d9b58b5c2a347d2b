import ExporterConfiguration
import Foundation
import Testing

@Suite struct ReadmeTests {
    /// Rewrite the table with `QUORUM_WRITE_README=1`.
    @Test func theReadmeHoldsTheOptionTableAsItIs() throws {
        let readme = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
        let text = try String(contentsOf: readme, encoding: .utf8)
        let parts = text.components(separatedBy: "<!-- options -->")
        let rest = try #require(parts.last?.components(separatedBy: "<!-- /options -->"))
        try #require(parts.count == 2 && rest.count == 2, "the README has no place for the options")
        let expected = "\n" + OptionTable.markdownTable + "\n"
        if ProcessInfo.processInfo.environment["QUORUM_WRITE_README"] == "1" {
            let whole = parts[0] + "<!-- options -->" + expected + "<!-- /options -->" + rest[1]
            try whole.write(to: readme, atomically: true, encoding: .utf8)
        } else {
            #expect(rest[0] == expected)
        }
    }
}
