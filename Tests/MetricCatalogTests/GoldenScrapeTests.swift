import Exposition
import Foundation
import MetricCatalog
import Testing

/// Whole scrapes of fixed facts, byte for byte. `QUORUM_WRITE_GOLDEN=1 swift test …` writes them anew, for a diff to be read.
@Suite struct GoldenScrapeTests {
    @Test(arguments: [TextFormat.text, .openMetrics])
    func `The proven leader's scrape is as committed`(format: TextFormat) throws {
        let families = Catalog.nodeFamilies(ExampleFacts.leader()) + Catalog.viewFamilies(ExampleFacts.view())
        try families.validate()
        try expect(format.render(families), isGolden: "leader.\(format.rawValue)")
    }

    @Test func `A newcomer's scrape leaves out what it does not know`() throws {
        let families = Catalog.nodeFamilies(ExampleFacts.newcomer())
        try families.validate()
        try expect(TextFormat.text.render(families), isGolden: "newcomer.text")
    }

    @Test(arguments: ["leader.text", "newcomer.text"])
    func `promtool accepts the scrape without a complaint`(name: String) throws {
        let answer = try promtoolCheck(try golden(name))
        #expect(answer.status == 0 && answer.output.isEmpty, "\(answer.output)")
    }

    @Test(arguments: [
        "# HELP quorum_things Things\n# TYPE quorum_things counter\nquorum_things 1\n",
        "# TYPE quorum_a gauge\nquorum_a 1\n", "quorum_a{member=\"un\"escaped\"} 1\n",
    ])
    func `promtool would complain`(scrape: String) throws {
        #expect(try promtoolCheck(Array(scrape.utf8)).status != 0)
    }

    private func expect(_ scrape: [UInt8], isGolden name: String) throws {
        #expect(ScrapeText.repeatedSeries(in: scrape) == [])
        if ProcessInfo.processInfo.environment["QUORUM_WRITE_GOLDEN"] == "1" { try Data(scrape).write(to: url(name)) }
        let found = String(decoding: scrape, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let expected = String(decoding: try golden(name), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (line, (one, other)) in zip(found, expected).enumerated() where one != other {
            Issue.record("\(name):\(line + 1): expected \(other), found \(one)")
            return
        }
        #expect(found.count == expected.count)
    }

    private func golden(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }

    private func url(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
    }
}

/// What the real promtool says of a scrape.
func promtoolCheck(_ scrape: [UInt8]) throws -> (status: Int32, output: String) {
    let promtool = Process()
    promtool.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    promtool.arguments = ["promtool", "check", "metrics"]
    let input = Pipe()
    let output = Pipe()
    promtool.standardInput = input
    promtool.standardOutput = output
    promtool.standardError = output
    try promtool.run()
    // Larger than a pipe holds, and promtool reads all of it before it says anything.
    try input.fileHandleForWriting.write(contentsOf: Data(scrape))
    try input.fileHandleForWriting.close()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    promtool.waitUntilExit()
    return (promtool.terminationStatus, String(decoding: said, as: UTF8.self))
}
