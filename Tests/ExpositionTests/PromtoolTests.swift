import Foundation
import Testing

@testable import Exposition

/// Asks promtool, where there is one, about a scrape with every type and the nastiest of values.
@Suite struct PromtoolTests {
    private static let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static var families: [MetricFamily] {
        var histogram = Histogram()
        histogram.observe(nanoseconds: 3_000_000)
        let nasty = Labels(("member", "a\"b\\c\nd é"), ("empty", ""))
        return [
            MetricFamily("quorum_member_up", help: "Up \\ or\nnot.", .gauge([Sample(nasty, .unsigned(1))])),
            MetricFamily("quorum_bytes_total", unit: "bytes", help: "Bytes.", .counter([Sample(.unsigned(.max))])),
            MetricFamily("quorum_build_info", help: "Build.", .info([Sample(Labels(("version", "1")), .unsigned(1))])),
            MetricFamily("quorum_rtt_seconds", unit: "seconds", help: "Round trip.", .gauge([Sample(.double(1e-9))])),
            MetricFamily("quorum_commit_duration_seconds", help: "Commits.", .histogram([HistogramSeries(nasty, histogram)])),
        ]
    }

    @Test(.enabled(if: promtool != nil)) func `promtool finds nothing to say about text 0_0_4`() throws {
        try Self.families.validate()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.promtool))
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(TextFormat.text.render(Self.families)))
        try input.fileHandleForWriting.close()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said.isEmpty)
        #expect(process.terminationStatus == 0)
    }
}
